"""The ledger over HTTP: views, filters, order, more rows, acts on many."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.faces.desk.conftest import give
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened
from youying.access.models import SavedView
from youying.faces.desk.ledger.columns import COLUMNS
from youying.faces.desk.ledger.filters import NAMES, read, read_query
from youying.matters import queries
from youying.matters.models import Matter

HTMX = {"HX-Request": "true"}


def numbers(page: str) -> list[str]:
    return re.findall(r'name="ids" value="([^"]+)"', page)


def list_of(client, query: str = "") -> str:
    return client.get(f"/desk/matters/{query}").content.decode()


def test_the_list_shows_what_is_in_sight_and_says_how_many(world, enter):
    first, second = dispatched(world), opened(world).matter
    page = list_of(enter("dispatcher"))
    assert set(numbers(page)) == {first.number, second.number} and "显示 1—2，共 2件" in page
    assert numbers(list_of(enter("manager"))) == [first.number]
    assert numbers(list_of(enter("stranger"))) == []


def test_an_empty_list_says_what_is_next(world, enter):
    page = list_of(enter("dispatcher"))
    assert "现在没有在办的事项" in page and "/desk/matters/new/" in page
    assert "没有合这些条件的事项" in list_of(enter("dispatcher"), "?lamp=red")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?stage=received", ["new"]),
        ("?stage=in-hand", ["in-hand"]),
        ("?category=utilities", ["in-hand", "done", "new"]),
        ("?category=property", []),
        ("?lamp=waiting", ["done"]),
        ("?due=today", []),
        ("?channel=hotline", []),
        ("?channel=qr", ["in-hand", "done", "new"]),
        ("?q=返水", ["in-hand", "done", "new"]),
        ("?q=路灯", []),
        ("?since=2026-11-13&until=2026-11-13", ["in-hand", "done", "new"]),
        ("?until=2026-11-12", []),
        ("?state=ended", []),
        ("?kind=demand&urgency=ordinary", ["in-hand", "done", "new"]),
        ("?urgency=urgent", []),
        ("?reworked=1", []),
        ("?parked=1", []),
        ("?solved=no", []),
    ],
)
def test_every_filter_stands_in_the_address(world, enter, query, expected):
    made = {"in-hand": in_hand(world), "done": completed(world), "new": opened(world).matter}
    page = list_of(enter("dispatcher"), query)
    assert sorted(numbers(page)) == sorted(made[name].number for name in expected)


def test_unit_place_grid_and_compound_filter_too(world, enter):
    matter, bare = dispatched(world), opened(world).matter
    client = enter("dispatcher")
    assert numbers(list_of(client, f"?unit={world.property_company.pk}")) == [matter.number]
    for query in (f"?place={world.community}", f"?grid={matter.grid_id}", f"?compound={matter.compound_id}"):
        assert sorted(numbers(list_of(client, query))) == sorted([matter.number, bare.number])
    assert "这个条件没有用上" in list_of(client, "?place=/99/9901/990101/990101002")  # no such community


@pytest.mark.parametrize("query", ["?since=昨天", "?lamp=pink", "?unit=abc", "?state=gone", "?solved=maybe"])
def test_a_condition_that_cannot_be_read_is_left_out_and_said(world, enter, query):
    matter = dispatched(world)
    page = list_of(enter("dispatcher"), query)
    assert numbers(page) == [matter.number] and "看不懂" in page


@pytest.mark.parametrize("query", ["?sort=rubbish", "?start=-5", "?start=99999999999", "?q=" + "长" * 300, "?q=%22*("])
def test_rubbish_in_the_address_never_breaks_the_page(world, enter, query):
    dispatched(world)
    assert enter("dispatcher").get(f"/desk/matters/{query}").status_code == 200


def test_every_name_of_the_address_can_be_read_and_written_again():
    query = dict.fromkeys(NAMES, "1")
    query |= {
        "since": "2026-01-01",
        "until": "2026-01-31",
        "lamp": "red",
        "due": "today",
        "state": "all",
        "solved": "yes",
        "sort": "-due",
    }
    asked = read(query)
    assert (asked.query, asked.errors) == (query, [])
    assert read_query("lamp=red&q=%E8%BF%94%E6%B0%B4").filters.text == "返水"


def test_heads_sort_both_ways(world, enter):
    first, second = dispatched(world), dispatched(world)
    client = enter("dispatcher")
    assert numbers(list_of(client, "?sort=number")) == [first.number, second.number]
    page = list_of(client, "?sort=-number")
    assert numbers(page) == [second.number, first.number] and 'aria-sort="descending"' in page


def test_more_rows_come_when_they_are_scrolled_to(world, enter, monkeypatch):
    made = [opened(world).matter.number for _number in range(3)]
    monkeypatch.setattr("youying.faces.desk.ledger.views.PAGE", 2)
    plain = queries.worklist
    monkeypatch.setattr(
        "youying.faces.desk.ledger.views.queries.worklist", lambda *args, **more: plain(*args, **{"limit": 2, **more})
    )
    client = enter("dispatcher")
    page = list_of(client, "?sort=number")
    assert numbers(page) == made[:2] and 'hx-trigger="revealed"' in page and "显示 1—2，共 3件" in page
    rest = client.get("/desk/matters/?sort=number&start=2", headers=HTMX).content.decode()
    assert numbers(rest) == made[2:] and "<html" not in rest and "显示 1—3，共 3件" in rest


def test_the_tabs_get_their_numbers_afterwards(world, enter):
    dispatched(world)
    completed(world)
    client = enter("manager")
    assert "/desk/matters/counts/?" in list_of(client)
    tabs = client.get("/desk/matters/counts/?lamp=waiting", headers=HTMX).content.decode()
    found = re.findall(r'aria-current="true">\s*(\S+) <b>(\d+)</b>', tabs)
    assert found == [("等居民答复", "1")] and "我们主办 <b>2</b>" in tabs


def test_a_view_is_saved_found_again_and_dropped(world, enter):
    matter = completed(world)
    dispatched(world)
    client = enter("dispatcher")
    client.post("/desk/matters/views/", {"title": "等回话的", "query": "?lamp=waiting&q=返水"})
    page = list_of(client)
    link = re.search(r'href="/desk/matters/(\?[^"]+)">等回话的', page)
    assert link
    there = list_of(client, link[1].replace("&amp;", "&"))
    assert numbers(there) == [matter.number] and "删去视图" in there
    assert "等回话的" not in list_of(enter("secretary"))
    own = SavedView.objects.get()
    assert enter("secretary").post(f"/desk/matters/views/{own.pk}/drop/").status_code == 404
    client.post(f"/desk/matters/views/{own.pk}/drop/")
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_in_words(world, enter):
    page = enter("dispatcher").post("/desk/matters/views/", {"title": " ", "query": ""}, follow=True).content.decode()
    assert "请填写视图名称" in page and not SavedView.objects.exists()


@pytest.mark.parametrize(
    "name", ["unit", "place", "grid", "compound", "category", "channel", "kind", "stage", "urgency", "lamp", "state",
             "since", "solved"],
)  # fmt: skip
def test_every_condition_offers_what_it_can_be_set_to(world, enter, name):
    dispatched(world)
    client = enter("dispatcher")
    part = client.get(f"/desk/matters/choose/{name}/?q=返水", headers=HTMX).content.decode()
    assert f"{name}=" in part and "q=%E8%BF%94%E6%B0%B4" in part
    assert "<html" in client.get(f"/desk/matters/choose/{name}/").content.decode()


def test_an_unknown_condition_is_not_found(world, enter):
    assert enter("dispatcher").get("/desk/matters/choose/nothing/").status_code == 404


def test_columns_and_density_are_kept_for_the_person(world, enter):
    dispatched(world)
    client = enter("dispatcher")
    assert "渠道</th>" in list_of(client) and "到期时间</th>" not in list_of(client)
    client.post("/desk/matters/columns/", {"columns": ["due", "unit"], "rows": "tight", "next": "/desk/matters/"})
    page = list_of(client)
    assert (
        "到期时间</th>" in page and "渠道</th>" not in page and 'class="ledger cards tight"' in page and "编号" in page
    )
    client.post("/desk/matters/columns/", {"columns": [one.code for one in COLUMNS]})
    assert all(f"{one.title}" in list_of(client) for one in COLUMNS)


def test_a_matter_opened_from_a_list_knows_its_neighbours(world, enter):
    made = [opened(world).matter.number for _number in range(3)]
    client = enter("dispatcher")
    link = re.search(rf'href="(/desk/matters/{made[1]}/[^"]+)"', list_of(client, "?sort=number"))
    page = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "2 / 3" in page
    assert f'rel="prev" href="/desk/matters/{made[0]}/' in page and f'rel="next" href="/desk/matters/{made[2]}/' in page
    assert client.get(f"/desk/matters/{made[1]}/?list=sort%3Dnumber&at=999999").status_code == 200


def test_many_are_urged_at_once(world, enter):
    made = [dispatched(world), dispatched(world)]
    sent = {"verb": "urge", "ids": [matter.number for matter in made], "next": "/desk/matters/"}
    page = enter("dispatcher").post("/desk/matters/many/", sent, follow=True).content.decode()
    assert "催办：办了 2 件。" in page
    assert [Matter.objects.get(pk=matter.pk).urged for matter in made] == [1, 1]


def test_those_that_would_be_refused_are_named_first_and_the_rest_done_when_asked(world, enter):
    good, new = dispatched(world), opened(world).matter
    client = enter("dispatcher")
    sent = {"verb": "urge", "ids": [good.number, new.number, "2611-99999-9"]}
    page = client.post("/desk/matters/many/", sent).content.decode()
    assert "能办 1 件，不能办 2 件" in page and "要在“已派单、办理中”时才能做" in page and "不归您看" in page
    assert Matter.objects.get(pk=good.pk).urged == 0
    done = client.post("/desk/matters/many/", sent | {"go": "1"}, follow=True).content.decode()
    assert "办了 1 件，2 件没办" in done and Matter.objects.get(pk=good.pk).urged == 1


def test_over_twenty_are_asked_about_first(world, enter):
    made = [dispatched(world).number for _number in range(21)]
    page = enter("dispatcher").post("/desk/matters/many/", {"verb": "urge", "ids": made}).content.decode()
    assert "能办 21 件" in page and not Matter.objects.filter(urged__gt=0).exists()


def test_those_without_a_category_are_dispatched_with_their_likely_one_or_a_chosen_one(world, enter):
    client = enter("dispatcher")
    likely = opened(world, category="", category_guess=CATEGORY, category_share=66).matter
    unlikely = opened(world, category="", category_guess=CATEGORY, category_share=20).matter
    sent = {"verb": "dispatch", "ids": [likely.number, unlikely.number], "unit": world.property_company.pk}
    page = client.post("/desk/matters/many/", sent).content.decode()
    assert "能办 1 件，不能办 1 件" in page and "归为“" in page
    assert client.post("/desk/matters/many/", sent | {"category": "nope"}).status_code in (404, 422)
    client.post("/desk/matters/many/", sent | {"category": CATEGORY, "go": "1"})
    for matter in (likely, unlikely):
        matter.refresh_from_db()
        assert (matter.stage, matter.category) == ("dispatched", CATEGORY)


def test_what_only_lacks_a_unit_stands_apart_from_what_cannot_be_dispatched(world, enter):
    lacking, closed = opened(world).matter, dispatched(world)
    sent = {"verb": "dispatch", "ids": [lacking.number, closed.number]}
    page = enter("dispatcher").post("/desk/matters/many/", sent).content.decode()
    apart, rest = page.partition('id="no-unit"')[2].split('id="not-fit"')
    assert lacking.number in apart and closed.number not in apart
    assert closed.number in rest and "这些不办，因为" in rest


def test_many_are_dispatched_to_one_unit_after_looking(world, enter):
    made = [opened(world).matter, opened(world).matter, opened(world, category="").matter]
    client = enter("dispatcher")
    sent = {"verb": "dispatch", "ids": [matter.number for matter in made]}
    first = client.post("/desk/matters/many/", sent).content.decode()
    assert "先选派给哪个单位" in first and "不能办 3 件" not in first
    assert "能办 0 件，不能办 3 件" in client.post("/desk/matters/many/", sent | {"unit": ""}).content.decode()
    sent["unit"] = str(world.property_company.pk)
    page = client.post("/desk/matters/many/", sent).content.decode()
    assert "能办 2 件，不能办 1 件" in page and "还没有分类" in page and "派给 和顺物业" in page
    client.post("/desk/matters/many/", sent | {"go": "1"})
    assert Matter.objects.filter(stage="dispatched", lead=world.property_company).count() == 2


def test_an_unknown_act_or_nothing_chosen_is_refused(world, enter):
    client = enter("dispatcher")
    assert client.post("/desk/matters/many/", {"verb": "end", "ids": ["2611-00001-7"]}).status_code == 422
    assert client.post("/desk/matters/many/", {"verb": "urge"}).status_code == 429
    assert client.get("/desk/matters/many/").status_code == 405


def test_others_cannot_urge_what_they_do_not_see(world, enter):
    matter = dispatched(world)
    enter("stranger").post("/desk/matters/many/", {"verb": "urge", "ids": [matter.number], "go": "1"})
    assert Matter.objects.get(pk=matter.pk).urged == 0


def test_visitors_are_sent_to_sign_in(world, client):
    for path in ("", "counts/", "choose/unit/"):
        assert client.get(f"/desk/matters/{path}").headers["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize(("address", "power", "there"), [("/x/", True, True), ("", True, False), ("/x/", False, False)])
def test_export_is_offered_where_its_page_stands_to_who_may(world, enter, monkeypatch, address, power, there):
    dispatched(world)
    monkeypatch.setattr("youying.faces.desk.ledger.views.address", lambda name: address)
    if power:
        give(world.dispatcher, "export")
    assert ('action="/x/"' in list_of(enter("dispatcher"))) is there


def test_a_page_of_the_ledger_asks_the_database_little(world, enter, count_statements):
    for _number in range(5):
        dispatched(world)
    client = enter("dispatcher")
    list_of(client)
    with count_statements(at_most=8):
        list_of(client, "?lamp=green&q=返水&sort=-received")


def test_a_whole_number_opens_its_matter_open_or_closed_with_or_without_dashes(world, enter):
    matter = dispatched(world)
    Matter.objects.filter(pk=matter.pk).update(ended_at=world.clock())
    client = enter("dispatcher")
    for typed in (matter.number, matter.number.replace("-", ""), f" {matter.number} "):
        answer = client.get("/desk/matters/", {"q": typed})
        assert answer.status_code == 302 and answer["Location"] == f"/desk/matters/{matter.number}/"
    assert matter.number not in enter("stranger").get("/desk/matters/", {"q": matter.number}).headers.get(
        "Location", ""
    )


def test_a_search_that_only_closed_matters_answer_says_so_with_one_tap(world, enter):
    matter, other = dispatched(world), dispatched(world)
    Matter.objects.filter(pk__in=[matter.pk, other.pk]).update(ended_at=world.clock())
    client = enter("dispatcher")
    page = list_of(client, "?q=返水")
    assert "已结束的有 2 件" in page and 'href="?q=%E8%BF%94%E6%B0%B4&amp;state=ended"' in page
    assert matter.number in list_of(client, "?q=返水&state=ended")
    assert "已结束的有" not in list_of(client, "?q=电梯")


@pytest.mark.parametrize("query", ["category=nope", "unit=999999", "stage=zzz", "place=/etc", "channel=fax"])
def test_a_condition_that_nothing_is_called_by_is_dropped_and_said(world, enter, query):
    matter = dispatched(world)
    page = list_of(enter("dispatcher"), f"?{query}")
    assert "这个条件没有用上" in page and query.partition("=")[2] in page and matter.number in page


def test_what_waits_for_its_resident_stands_below_what_is_late(world, enter):
    waits, late = dispatched(world), dispatched(world)
    Matter.objects.filter(pk=waits.pk).update(due_at=world.clock() - timedelta(days=9), waiting=True)
    Matter.objects.filter(pk=late.pk).update(due_at=world.clock() - timedelta(days=2))
    page = list_of(enter("dispatcher"))
    assert page.index(late.number) < page.index(waits.number)
    assert re.search(rf'<a class="plain soft num" href="/desk/matters/{late.number}/[^"]*"', page)


def test_only_the_usual_columns_make_room_on_a_narrow_screen(world, enter):
    dispatched(world)
    client = enter("dispatcher")
    table = re.search(r'<table class="(ledger cards[^"]*)"', client.get("/desk/matters/").content.decode())[1]
    assert "usual" in table.split()
    client.post("/desk/matters/columns/", {"columns": ["place", "channel", "received"], "next": "/desk/matters/"})
    page = client.get("/desk/matters/").content.decode()
    assert "usual" not in re.search(r'<table class="(ledger cards[^"]*)"', page)[1].split()
    assert re.search(r'<td class="k-channel ', page) and '<th scope="col" class="k-channel">' in page
