"""`youying text learn`: learn categories from what people decided in this installation, and take the model into use."""

from __future__ import annotations

from typing import Annotated

import typer

from youying.cli.saying import out, progress, says_refusals
from youying.kernel.viewers import SYSTEM
from youying.matters.actions.learning import Tell, learn_anew
from youying.matters.studying import study_area
from youying.places.queries import area_by_code
from youying.text.lessons import Lesson


@says_refusals
def learn_command(
    area: Annotated[str, typer.Option(help="给哪个区划学：代码（如 990101001）或路径；不写就是整个安装。")] = "/",
    check: Annotated[bool, typer.Option("--check/--no-check", help="留出没学过的来检验；不检验快得多。")] = True,
) -> None:
    """用本安装里人定的分类再学一次；不比在用的差才换上。"""
    path = area if area.startswith("/") else area_by_code(area).path
    row = learn_anew(path, by=SYSTEM, check=check, study=_here)
    score = f"，留出检验的 macro-F1 {row.macro_f1:.3f}" if row.macro_f1 is not None else "，没有检验"
    out.print(f"用 {row.rows} 件、{row.classes} 个分类学好了{score}。", highlight=False)
    out.print("已经换上。" if row.taken else "不如在用的，没有换；要换，到工作台“文本与分类”页。", highlight=False)


def _here(area_path: str, check: bool, tell: Tell) -> Lesson:
    """Learn in this process, which is one of its own already, with a bar."""
    with progress() as shown:
        task = shown.add_task("学分类", total=None)

        def move(done: int, total: int) -> None:
            """Move the bar."""
            tell(done, total)
            shown.update(task, completed=done, total=total)

        return study_area(area_path, check=check, tell=move)
