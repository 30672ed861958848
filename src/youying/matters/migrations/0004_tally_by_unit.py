from collections import Counter

from django.db import migrations, models

from youying.matters.tally_rules import COUNTED, DIMENSIONS, cell_key, unit_values

AT_ONCE = 2000


def count_by_unit(apps, schema_editor):
    """Sum the cells by unit from the full ones that are there already."""
    tally = apps.get_model('matters', 'Tally')
    sums: Counter[str] = Counter()
    rows = {}
    for full in tally.objects.values(*DIMENSIONS, *COUNTED, 'n').iterator(chunk_size=AT_ONCE):
        n = full.pop('n')
        values = unit_values(full)
        cell = cell_key(values)
        sums[cell] += n
        rows[cell] = values
    made = (tally(cell=cell, n=sums[cell], **rows[cell]) for cell in sorted(rows))
    tally.objects.bulk_create(made, batch_size=AT_ONCE // 10)


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0003_lists'),
    ]

    operations = [
        migrations.RunPython(count_by_unit, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(condition=models.Q(('edition_id', '')), fields=['month', 'unit_id', 'area_path', 'kind', 'loop', 'tier', 'merged', 'contacted_on_time', 'completed', 'completed_on_time', 'solved', 'satisfaction', 'crossed_off', 'overdue', 'reworked', 'repeat', 'reason', 'n', 'edition_id'], name='whole_tally_by_unit'),
        ),
    ]
