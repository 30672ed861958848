"""Learning in a process of its own: the command of an installation, and the child that a worker starts."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest

from tests.cli.test_keeping import youying
from tests.databases import own_installation
from tests.text.letters import LETTERS
from youying.kernel.refusals import Refused
from youying.matters.actions import learning
from youying.text.taxonomy import shipped_taxonomy

SET_UP = (sys.executable, "-m", "django", "migrate", "--verbosity", "0")
AT_REST = "import youying.jobs.worker, youying.matters.tasks, sys; print(sorted(n for n in sys.modules if n in HEAVY))"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """An installation with a story's places and rules, into which a history with its categories was imported."""
    folder = tmp_path_factory.mktemp("told")
    with (folder / "history.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["工单编号", "受理时间", "诉求内容", "分类"])
        for n, (words, code) in enumerate(LETTERS):
            title = shipped_taxonomy().categories[code].title
            table.writerow([f"H{n}", f"2026-0{1 + n % 9}-{1 + n % 27:02d} 10:00", words, title])
    with own_installation(folder) as home:
        for words in (("story", "run", "m01"), ("import", str(folder / "history.csv"), "--area", "990101001")):
            code, said = youying(*words, home=home)
            assert code == 0, said
        yield home


def test_the_command_learns_from_what_was_decided_and_the_child_of_a_worker_too(told, monkeypatch):
    code, said = youying("text", "learn", "--no-check", home=told)
    assert (code, "没有检验" in said, "已经换上" in said) == (0, True, True), said
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(learning.settings, "YOUYING_HOME", told["YOUYING_HOME"])
    steps: list[tuple[int, int]] = []
    lesson = learning.in_a_child("/", False, lambda done, total: steps.append((done, total)))
    assert (lesson.classes, lesson.rows >= len(LETTERS)) == (4, True)
    assert steps == [(1, 1)]


def test_an_empty_installation_is_told_how_many_are_needed(tmp_path, monkeypatch):
    with own_installation(tmp_path) as home:
        subprocess.run(SET_UP, env=home, check=True)
        code, said = youying("text", "learn", home=home)
        assert (code, "至少要 60 件" in said.replace("\n", "")) == (2, True), said
        for name, value in home.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(learning.settings, "YOUYING_HOME", home["YOUYING_HOME"])
        with pytest.raises(Refused, match="too-few-decided"):
            learning.in_a_child("/", True, lambda done, total: None)


def test_a_worker_at_rest_has_no_learner_loaded():
    heavy = "HEAVY = {'sklearn', 'youying.text.learning', 'youying.text.study'}; import django; django.setup(); "
    run = subprocess.run([sys.executable, "-c", heavy + AT_REST], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
