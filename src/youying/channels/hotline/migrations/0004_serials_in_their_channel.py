"""A plain serial is known with its channel: two lists of one area both count from one."""

import re

from django.db import migrations

SERIAL = re.compile(r"[^#]*#\d{1,6}")


def keep_channels(apps, schema_editor):
    """Write the channel into the numbers of plain serials; those that an equal one had kept out get theirs."""
    matters, known = apps.get_model("matters", "Matter"), apps.get_model("hotline", "Came")
    keys = list(known.objects.order_by("matter_id").values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        found = matters.objects.filter(pk__in=keys[start : start + 500], external_id__contains="#")
        rows = [
            known(pk=pk, number=f"{channel}:{number}", channel=channel)
            for pk, number, channel in found.values_list("pk", "external_id", "channel")
            if SERIAL.fullmatch(number)
        ]
        known.objects.bulk_update(rows, ["number", "channel"])


class Migration(migrations.Migration):
    dependencies = [("hotline", "0003_known_numbers"), ("matters", "0007_unused_columns")]

    operations = [migrations.RunPython(keep_channels, migrations.RunPython.noop)]
