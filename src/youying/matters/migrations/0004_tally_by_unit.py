from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0003_lists'),
    ]

    operations = [
        # The cells by unit were summed here; 0015 counts every cell anew.
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(condition=models.Q(('edition_id', '')), fields=['month', 'unit_id', 'area_path', 'kind', 'loop', 'tier', 'merged', 'contacted_on_time', 'completed', 'completed_on_time', 'solved', 'satisfaction', 'crossed_off', 'overdue', 'reworked', 'repeat', 'reason', 'n', 'edition_id'], name='whole_tally_by_unit'),
        ),
    ]
