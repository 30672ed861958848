"""Train, predict and evaluate from the command line."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner

from tests.text.letters import demands
from youying.cli.text_commands import app


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "history.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("内容", "分类"), *demands()])
    return path


def _run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_street_trains_on_its_history_and_predicts_a_file(history, tmp_path):
    model, guesses = tmp_path / "m.npz", tmp_path / "guesses.csv"
    trained = _run("train", "--input", history, "--text", "内容", "--label", "分类", "--out", model)
    assert trained.exit_code == 0, trained.output
    predicted = _run("predict", "--model", model, "--input", history, "--text", "内容", "--out", guesses)
    assert predicted.exit_code == 0, predicted.output
    rows = list(csv.DictReader(guesses.open(encoding="utf-8-sig")))
    told = [label for _, label in demands()]
    assert [row["label"] for row in rows] == told
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)


def test_evaluation_prints_its_figures(history):
    result = _run("evaluate", "--input", history, "--folds", 3)
    assert result.exit_code == 0, result.output
    assert "macro-F1" in result.output and "覆盖率" in result.output


def test_a_refusal_is_a_sentence_and_exit_code_two(history, tmp_path):
    result = _run("train", "--input", history, "--text", "没有这列", "--label", "分类", "--out", tmp_path / "m.npz")
    assert result.exit_code == 2
    assert not (tmp_path / "m.npz").exists()


def test_too_few_rows_leave_no_model_behind(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("text,label\n路灯坏了,市政\n暖气不热,供热\n", "utf-8")
    assert _run("train", "--input", path, "--out", tmp_path / "m.npz").exit_code == 2
    assert not (tmp_path / "m.npz").exists()
