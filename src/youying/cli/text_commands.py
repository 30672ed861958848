"""`youying text train | predict | evaluate`: files in, a model, a table or figures out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Shown

from youying.cli.saying import err, out, says_refusals
from youying.text.evaluation import Evaluation, evaluate, judge
from youying.text.learning import Model, train
from youying.text.storage import load, save
from youying.text.tables import csv_text, read_table

PREDICT_BATCH = 256

app = typer.Typer(help="事项分类：用本地历史训练、预测、评估。", no_args_is_help=True)

Inputs = Annotated[list[Path], typer.Option("--input", exists=False, help="csv、csv.gz 或 xlsx；可重复给出。")]
Texts = Annotated[
    list[str] | None, typer.Option("--text", help="正文列名；可重复给出，按序相连；不给则按常见列名辨认。")
]
Label = Annotated[str, typer.Option("--label", help="分类列名；不给则按常见列名辨认。")]
Unlabelled = Annotated[list[Path] | None, typer.Option("--unlabelled", help="没有分类的正文文件，只用来认识常用词。")]


@app.command("train")
@says_refusals
def train_command(
    inputs: Inputs,
    model_path: Annotated[Path, typer.Option("--out", help="写出的模型文件。")],
    text: Texts = None,
    label: Label = "",
    unlabelled: Unlabelled = None,
) -> None:
    """用已分类的历史事项训练模型。"""
    rows = _labelled(inputs, text, label)
    with _progress() as shown:
        task = shown.add_task(f"训练 {len(rows)} 行", total=None)
        model = train(rows, unlabelled=_texts(unlabelled or [], None))
        save(model, model_path)
        shown.update(task, total=1, completed=1)
    err.print(f"已用 {model.rows} 行、{len(model.labels)} 个分类训练，模型写入 {model_path}。", highlight=False)


@app.command("predict")
@says_refusals
def predict_command(
    model_path: Annotated[Path, typer.Option("--model", help="训练得到的模型文件。")],
    inputs: Inputs,
    text: Texts = None,
    table_path: Annotated[Path | None, typer.Option("--out", help="写出的 csv；不给则写到标准输出。")] = None,
) -> None:
    """给每一行正文一个分类和把握，写成 csv（列 label、confidence，行序与输入相同）。"""
    model = load(model_path)
    texts = _texts(inputs, text)
    rows = [(label, f"{confidence:.4f}", runner) for label, confidence, runner in _guessed(model, texts)]
    written = csv_text(header=["label", "confidence", "runner_up"], rows=rows)
    if table_path:
        table_path.write_text(written, "utf-8-sig")  # the mark lets spreadsheets open its Chinese intact
    else:
        typer.echo(written, nl=False)


@app.command("evaluate")
@says_refusals
def evaluate_command(
    inputs: Inputs,
    text: Texts = None,
    label: Label = "",
    model_path: Annotated[Path | None, typer.Option("--model", help="评估这个模型；不给则五折交叉评估。")] = None,
    folds: Annotated[int, typer.Option(min=2, max=20, help="折数。")] = 5,
) -> None:
    """给出 macro-F1、各类得分、正确率 97 % 时的覆盖率；相同和相近的正文总在同一折。"""
    rows = _labelled(inputs, text, label)
    if model_path:
        model = load(model_path)
        _show(judge([told for _, told in rows], model.predict([said for said, _ in rows])))
        return
    with _progress() as shown:
        task = shown.add_task(f"评估 {len(rows)} 行", total=folds)
        result = evaluate(rows, folds=folds, progress=lambda done, _: shown.update(task, completed=done))
    _show(result)


def _labelled(inputs: list[Path], text: list[str] | None, label: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for path in inputs:
        table = read_table(path)
        rows.extend(zip(table.texts(text or ()), table.labels(label), strict=True))
    return [(said, told.strip()) for said, told in rows if said.strip() and told.strip()]


def _texts(inputs: list[Path], text: list[str] | None) -> list[str]:
    return [said for path in inputs for said in read_table(path).texts(text or ())]


def _guessed(model: Model, texts: list[str]) -> list[tuple[str, float, str]]:
    found: list[tuple[str, float, str]] = []
    with _progress() as shown:
        task = shown.add_task(f"预测 {len(texts)} 行", total=len(texts))
        for start in range(0, len(texts), PREDICT_BATCH):
            guesses = model.predict(texts[start : start + PREDICT_BATCH])
            found.extend((g.label, g.confidence, g.runners_up[0][0] if g.runners_up else "") for g in guesses)
            shown.update(task, completed=len(found))
    return found


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def _show(result: Evaluation) -> None:
    out.print(
        f"行数 {result.rows}　macro-F1 {result.macro_f1:.4f}　最差一折 {result.worst_fold_f1:.4f}", highlight=False
    )
    out.print(
        f"正确率 {result.accuracy:.4f}　最有把握的 90 % 正确率 {result.accuracy_on_surest_90:.4f}", highlight=False
    )
    out.print(f"正确率 97 % 时的覆盖率 {result.coverage_at_97:.4f}", highlight=False)
    out.print(f"把握与实际之差 {result.calibration_error:.4f}", highlight=False)
    shown = Shown("分类", "精确率", "召回率", "F1", "行数")
    for score in result.per_class:
        shown.add_row(score.label, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", str(score.rows))
    out.print(shown)
    confusion = Shown("实际＼判为", *result.labels)
    for name, row in zip(result.labels, result.confusion, strict=True):
        confusion.add_row(name, *map(str, row))
    out.print(confusion)
