"""The shell around every page."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("kit")


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/kit/desk/", "/kit/portal/"])
def test_a_page_carries_no_inline_style_or_script(client: Client, path: str) -> None:
    html = page(client, path)
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)
    assert re.findall(r"<script(?![^>]*(src=|application/json))", html) == []
    assert "<style" not in html


def test_the_policy_lets_in_nothing_from_elsewhere(client: Client) -> None:
    policy = client.get("/kit/desk/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy


def test_large_letters_are_kept_in_a_cookie_and_lead_back(client: Client) -> None:
    answer = client.post("/look/", {"type": "large", "next": "/kit/portal/"})
    assert answer.headers["Location"] == "/kit/portal/"
    assert 'data-type="large"' in page(client, "/kit/portal/")
    client.post("/look/", {"type": "standard", "next": "/kit/portal/"})
    assert 'data-type="large"' not in page(client, "/kit/portal/")


def test_a_page_speaks_chinese_until_the_reader_presses_english(client: Client) -> None:
    assert '<html lang="zh-CN">' in client.get("/kit/portal/", headers={"accept-language": "en"}).content.decode()
    client.post("/look/", {"lang": "en", "next": "/kit/portal/"})
    english = page(client, "/kit/portal/")
    assert '<html lang="en">' in english
    assert "Skip to content" in english


def test_going_back_never_leaves_this_site(client: Client) -> None:
    answer = client.post("/look/", {"lang": "en", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_an_address_that_leads_nowhere_says_so(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()
