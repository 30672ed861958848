"""The shell around every page."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory

from youying.faces.shared import shell
from youying.faces.shared.shell import Link, Shell
from youying.faces.shared.statics import icon, static
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer

pytestmark = pytest.mark.usefixtures("kit")


@pytest.fixture
def small_desk(kit: None, settings: LazySettings) -> None:
    """A desk with two pages."""
    settings.ROOT_URLCONF = "tests.faces.kit.desk_urls"


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


def test_a_refusal_is_a_page_that_gives_the_reason_and_the_clause(client: Client) -> None:
    answer = client.get("/kit/refused/")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "要有居民评价" in html
    assert "接诉即办·销号第 2 款" in html
    assert "<html" in html


def test_a_refusal_to_htmx_is_only_the_part(client: Client) -> None:
    html = client.get("/kit/refused/", headers={"HX-Request": "true"}).content.decode()
    assert "要有居民评价" in html
    assert "<html" not in html


def links_for(client: RequestFactory, power: str, path: str = "/desk/") -> list[Link]:
    request = client.get(path)
    request.viewer = Viewer(kind="post", account_id=1, powers=frozenset({power}))  # type: ignore[attr-defined]
    return [link for _, links in Shell(request).groups for link in links]


@pytest.mark.usefixtures("small_desk")
def test_navigation_shows_only_pages_that_exist_and_powers_that_are_held(rf: RequestFactory) -> None:
    assert [link.href for link in links_for(rf, "view")] == ["/desk/", "/desk/ledger/"]
    assert [link.href for link in links_for(rf, "rates")] == ["/desk/"]


@pytest.mark.usefixtures("small_desk")
def test_the_entrance_of_the_page_one_is_on_is_marked(rf: RequestFactory) -> None:
    marked = [link.href for link in links_for(rf, "view", "/desk/ledger/") if link.current]
    assert marked == ["/desk/ledger/"]


@pytest.mark.usefixtures("small_desk")
def test_a_count_stands_beside_its_entrance(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_counts", [lambda viewer: {"ledger": 61}])
    assert {link.href: link.count for link in links_for(rf, "view")} == {"/desk/": None, "/desk/ledger/": 61}


def test_a_rate_under_thirty_cases_is_printed_as_counts(client: Client) -> None:
    html = page(client, "/kit/desk/")
    assert "25 / 25 件" in html
    assert "100.0%" not in html
    assert "90.2%" in html


def test_built_files_travel_compressed_and_are_kept_for_good(client: Client) -> None:
    answer = client.get(static("portal.css"), headers={"accept-encoding": "br, gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(b"".join(answer.streaming_content)) < 20_000  # type: ignore[attr-defined]


def test_an_icon_that_nobody_listed_is_refused_with_the_way_to_list_it() -> None:
    with pytest.raises(Refused, match=r"frontend/icons\.txt"):
        icon("no-such-icon")
