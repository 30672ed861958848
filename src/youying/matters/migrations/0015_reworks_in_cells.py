from collections import Counter

from django.db import migrations, models

from youying.kernel.moments import zone
from youying.matters.tally_rules import COUNTED, DIMENSIONS, cell_key, cell_values, unit_values
from youying.places.queries import zone_of

AT_ONCE = 2000
READ = (
    *(name for name in DIMENSIONS if name not in ('month', 'unit_id')),
    *(name for name in COUNTED if name not in ('merged', 'completed', 'reason')),
    *('opened_at', 'lead_id', 'merged_into_id', 'completed_at', 'excluded', 'end_reason'),
)
INDEX = models.Index(
    condition=models.Q(('edition_id', '')),
    fields=['month', 'unit_id', 'area_path', 'kind', 'loop', 'tier', 'merged', 'contacted_on_time', 'completed', 'completed_on_time', 'solved', 'satisfaction', 'crossed_off', 'overdue', 'reworks', 'repeat', 'reason', 'n', 'edition_id'],
    name='whole_tally_by_unit',
)


def count_anew(apps, schema_editor):
    """Count every cell again from the matters: a cell's key hangs on all its values."""
    tally = apps.get_model('matters', 'Tally')
    tally.objects.all().delete()
    sums: Counter[str] = Counter()
    rows = {}
    for facts in apps.get_model('matters', 'Matter').objects.values(*READ).iterator(chunk_size=AT_ONCE):
        full = cell_values(facts, zone(zone_of(facts['area_path'])))
        for values in (full, unit_values(full)):
            cell = cell_key(values)
            sums[cell] += 1
            rows[cell] = values
    made = (tally(cell=cell, n=sums[cell], **rows[cell]) for cell in sorted(rows))
    tally.objects.bulk_create(made, batch_size=AT_ONCE // 10)


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0014_sent_back'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='tally', name='whole_tally_by_unit'),
        migrations.AlterField(model_name='tally', name='reworked', field=models.BooleanField(default=False)),
        migrations.RemoveField(model_name='tally', name='reworked'),
        migrations.AddField(model_name='tally', name='reworks', field=models.PositiveSmallIntegerField(default=0), preserve_default=False),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
        migrations.AddIndex(model_name='tally', index=INDEX),
    ]
