"""How commands speak: sentences on the error stream, results on the output, refusals with exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import typer
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from youying.kernel.refusals import Refused

out = Console()
err = Console(stderr=True)


def says_refusals(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a refusal into its sentence and exit code 2, and so an installation that has no tables yet."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        """Run the command."""
        try:
            command(*args, **kwargs)
        except Refused as refused:
            err.print(f"[bold red]未完成[/]：{refused.say}（{refused.code}）", highlight=False)
            raise typer.Exit(2) from None
        except (OperationalError, ProgrammingError):
            if connection.introspection.table_names():
                raise
            say = f"{settings.YOUYING_HOME} 里还没有安装。先运行 youying serve，或用 YOUYING_HOME 指到已有的。"
            err.print(f"[bold red]未完成[/]：{say}（not-installed）", highlight=False, soft_wrap=True)
            raise typer.Exit(2) from None

    return wrapped


def progress() -> Progress:
    """A bar with share and time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=err,
    )
