"""The tree of commands."""

from __future__ import annotations

import typer

from youying.cli import books, demo, health, imports, packs, reports, serving
from youying.text.commands import app as texts

app = typer.Typer(
    help="有应：有诉必应的基层治理系统。",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("import")(imports.import_file)
app.command("backup")(books.backup)
app.command("restore")(books.restore)
app.command("doctor")(health.doctor)
app.add_typer(packs.app, name="pack")
app.add_typer(demo.stories, name="story")
app.add_typer(demo.app, name="demo")
app.add_typer(reports.app, name="report")
app.add_typer(texts, name="text")
app.add_typer(books.record, name="record")


def main() -> None:
    """Run the command line."""
    app()
