"""Put the append-only triggers in place."""

from typing import Any

from django.db import migrations

from youying.record import guards


def set_up(apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    guards.set_up(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    guards.lift(schema_editor.connection)


class Migration(migrations.Migration):
    """Triggers on entries, heads and roots."""

    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(set_up, lift)]
