"""What the web server is started with."""

from __future__ import annotations

import json
import os
import re

import pytest
import typer
from django.conf import settings
from typer.testing import CliRunner

from youying.access.actions import found_demo
from youying.access.models import Installation
from youying.cli import demo, entering, serving
from youying.cli.app import app
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(monkeypatch):
    """Start the server as far as the moment at which this process makes way for it; the environment it is given."""
    given = {}
    monkeypatch.setattr(os, "execv", lambda program, command: given.update(os.environ))
    monkeypatch.setattr(serving.connection, "close", lambda: None)
    monkeypatch.setattr(serving, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(serving, "offer_set_up", lambda *, by: "a-link")
    for name in ("YOUYING_HOME", "YOUYING_JOBS_INSIDE", "YOUYING_DEMO"):
        monkeypatch.setenv(name, str(getattr(settings, name, "")))

    def start():
        serving.serve(host="127.0.0.1", port=18737, demo=False, processes=1, jobs=False)
        return given

    return start


def test_a_demonstration_says_so_however_it_is_started(started):
    found_demo(by=SYSTEM, organisation="槐花里（演示）")
    assert started()["YOUYING_DEMO"] == "1"


def test_a_real_installation_never_says_that_it_is_a_demonstration(started, monkeypatch):
    Installation.objects.create(pk=1, organisation="柳湾街道", set_up_at=now())
    monkeypatch.setenv("YOUYING_DEMO", "1")
    given = started()
    assert (given["YOUYING_DEMO"], given["YOUYING_JOBS_INSIDE"]) == ("0", "0")


def test_links_lead_to_where_the_demonstration_was_served_last(started, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(settings, "YOUYING_HOME", tmp_path)
    monkeypatch.delenv("PORT", raising=False)
    found_demo(by=SYSTEM, organisation="槐花里（演示）")
    assert demo.served_at() == "http://127.0.0.1:8000"
    started()
    demo.links(as_json=True)
    assert json.loads(capsys.readouterr().out)["administrator"].startswith("http://127.0.0.1:18737/desk/link/")
    demo.links(as_json=True, base="https://demo.example")
    assert json.loads(capsys.readouterr().out)["administrator"].startswith("https://demo.example/desk/link/")


def test_help_speaks_chinese():
    said = CliRunner().invoke(app, ["import", "--help"], env={"COLUMNS": "100"}).output
    assert all(word in said for word in ("选项", "参数", "看说明。", "[必填]", "[默认："))
    assert not any(word in said for word in ("Options", "Arguments", "Show this message", "[required]"))


def test_whoever_nobody_can_let_in_gets_a_link_from_the_servers_own_terminal(client, capsys):
    found_demo(by=SYSTEM, organisation="槐花里（演示）")
    entering.reset_link("Administrator", base="http://127.0.0.1:18737")
    address = re.search(r"/desk/link/\S+", capsys.readouterr().out)[0]
    assert "密码" in client.get(address).content.decode()
    with pytest.raises(typer.Exit):
        entering.reset_link("nobody")
    assert "有的是：administrator" in capsys.readouterr().err
