from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0004_tally_by_unit'),
    ]

    operations = [
        migrations.AddField(
            model_name='matter',
            name='category_guess',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddField(
            model_name='matter',
            name='category_by',
            field=models.CharField(default='', max_length=8),
        ),
    ]
