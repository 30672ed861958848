"""Put the append-only triggers in place."""

from django.db import migrations

from youying.record import guards


def set_up(apps, schema_editor):
    """Create the triggers."""
    guards.set_up(schema_editor.connection)


def lift(apps, schema_editor):
    """Drop the triggers."""
    guards.lift(schema_editor.connection)


class Migration(migrations.Migration):
    """Triggers on entries, heads and roots."""

    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(set_up, lift)]
