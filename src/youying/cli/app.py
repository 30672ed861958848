"""The tree of commands."""

from __future__ import annotations

import typer

from youying.cli import books, demo, entering, health, imports, keys, packs, reports, serving
from youying.cli.wording import speak_chinese

speak_chinese()

app = typer.Typer(
    help="有应：有诉必应的基层治理系统。",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("import")(imports.import_file)
app.command("backup")(books.backup)
app.command("restore")(books.restore)
app.command("doctor")(health.doctor)
app.command("reset-link")(entering.reset_link)
app.add_typer(packs.app, name="pack")
app.add_typer(demo.stories, name="story")
app.add_typer(demo.app, name="demo")
app.add_typer(reports.app, name="report")
app.command("text", context_settings=PASSED_ON)(serving.texts)
app.add_typer(books.record, name="record")
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Run the command line."""
    app()
