"""The full-text index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL."""

from django.db import migrations, models

SQLITE = ["CREATE VIRTUAL TABLE matters_search USING fts5(tokens, tokenize='unicode61')"]
POSTGRESQL = [
    "CREATE TABLE matters_search (rowid bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    "CREATE INDEX matters_search_tokens ON matters_search USING gin (tokens)",
]


def forwards(apps, schema_editor):
    """Make the index of the database at hand."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    """Drop it again."""
    schema_editor.execute("DROP TABLE matters_search")


class Migration(migrations.Migration):
    """After the tables of the loop."""

    dependencies = [("matters", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchRow",
                    fields=[
                        ("rowid", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("tokens", models.TextField()),
                    ],
                    options={"db_table": "matters_search"},
                )
            ],
        )
    ]
