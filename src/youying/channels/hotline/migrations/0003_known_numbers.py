"""The number under which a row came in is kept with its channel, and is unique by itself."""

from django.db import migrations, models


def keep_numbers(apps, schema_editor):
    """Take number and channel over from the matters; of a number that came in twice the first one holds it."""
    matters, known = apps.get_model("matters", "Matter"), apps.get_model("hotline", "Came")
    held = set()
    keys = list(known.objects.order_by("matter_id").values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        rows = []
        found = matters.objects.filter(pk__in=keys[start : start + 500], external_id__isnull=False).order_by("pk")
        for pk, number, channel in found.values_list("pk", "external_id", "channel"):
            if number not in held:
                held.add(number)
                rows.append(known(pk=pk, number=number, channel=channel))
        known.objects.bulk_update(rows, ["number", "channel"])


class Migration(migrations.Migration):
    dependencies = [("hotline", "0002_known_rows"), ("matters", "0007_unused_columns")]

    operations = [
        migrations.AddField("came", "number", models.CharField(max_length=120, null=True, unique=True)),
        migrations.AddField("came", "channel", models.CharField(default="", max_length=30)),
        migrations.RunPython(keep_numbers, migrations.RunPython.noop),
    ]
