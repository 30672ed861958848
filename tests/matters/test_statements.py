"""How many SQL statements the work of a day takes, on whichever database the run is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.whistling import came, unit, whistle, whistle_street, whistled
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, need, opened, photo
from tests.partners import street as streets
from youying.matters import actions, queries
from youying.matters.actions import ReporterIn
from youying.matters.models import Ask
from youying.matters.queries import Filters
from youying.places import snapshot as places
from youying.text import queries as categories

AN_INTAKE, AN_ACT, A_PAGE = 12, 10, 8
SOLVED = {"solved": True, "satisfaction": "满意"}
UNSOLVED = {"solved": False, "satisfaction": "不满意"}


@pytest.fixture(autouse=True)
def nothing_grows_stale(monkeypatch):
    """Categories and places in memory are looked at again every second or two: not here, in the middle of a count."""
    monkeypatch.setattr(categories, "FRESH_SECONDS", 1e9)
    monkeypatch.setattr(places, "FRESH_SECONDS", 1e9)


def handed_back(world):
    """A matter whose unit asks to hand it back."""
    return actions.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")


def asked(matter):
    """The open ask of a matter."""
    return Ask.objects.get(matter=matter, answer="").pk


def parked_until(world):
    """What a parking brings."""
    return {"reason": "conditions", "scheme": "等改造", "due_at": world.clock() + timedelta(days=9)}


STEPS = {
    # what: (set-up, what is prepared and not counted, the act)
    "dispatch with helpers": (
        lambda w: opened(w).matter, lambda w, m: {"unit": w.property_company.pk, "joint": [w.office.pk]},
        lambda w, m, d: actions.act(m.pk, "dispatch", by=w.dispatcher, category=CATEGORY, **d),
    ),
    "accept": (dispatched, None, lambda w, m, d: actions.act(m.pk, "accept", by=w.manager)),
    "contact": (in_hand, None, lambda w, m, d: actions.act(m.pk, "contact", by=w.manager, note="联系过")),
    "step": (in_hand, None, lambda w, m, d: actions.act(m.pk, "step", by=w.manager, note="在办")),
    "ask to hand back": (
        dispatched, None, lambda w, m, d: actions.act(m.pk, "hand-back", by=w.manager, reason="not-ours"),
    ),
    "ask to park": (
        in_hand, lambda w, m: parked_until(w), lambda w, m, d: actions.act(m.pk, "park", by=w.manager, **d),
    ),
    "complete with a photo": (
        in_hand, lambda w, m: {"uploads": [photo(w.manager)]},
        lambda w, m, d: actions.act(m.pk, "complete", by=w.manager, note="好了", **d),
    ),
    "call back": (
        completed, None, lambda w, m, d: actions.act(m.pk, "call-back", by=w.caller, way="phone", reached=False),
    ),
    "not solved, and back": (completed, None, lambda w, m, d: actions.act(m.pk, "verdict", by=w.caller, **UNSOLVED)),
    "urge": (dispatched, None, lambda w, m, d: actions.act(m.pk, "urge", by=w.dispatcher)),
    "supervise": (in_hand, None, lambda w, m, d: actions.act(m.pk, "supervise", by=w.leader, note="请抓紧")),
    "undo": (in_hand, None, lambda w, m, d: actions.undo(m.pk, by=w.manager)),
    "reassign": (
        in_hand, None, lambda w, m, d: actions.reassign(m.pk, by=w.dispatcher, unit=w.office.pk, note="改派"),
    ),
    "add": (in_hand, None, lambda w, m, d: actions.add_words(m.pk, by=w.dispatcher, words="又漏了")),
    "correct": (in_hand, None, lambda w, m, d: actions.correct(m.pk, by=w.dispatcher, urgency="hard")),
    "exclude": (
        in_hand, None, lambda w, m, d: actions.exclude(m.pk, by=w.dispatcher, reason="litigation", note="已起诉"),
    ),
    "ask for more time": (
        in_hand, None,
        lambda w, m, d: actions.ask_extension(m.pk, by=w.manager, clock="complete", reason="weather", note="下雨"),
    ),
    "refuse": (
        handed_back, lambda w, m: asked(m), lambda w, m, d: actions.refuse(d, by=w.dispatcher, note="归你们管"),
    ),
}  # fmt: skip
FIVE = ("gongdian", "yuanlin", "chengguan", "shuiwu", "xiaofang")
WHISTLES = {
    "whistle for five": (
        lambda w: in_hand(whistle_street(w)), None, lambda w, m, d: whistle(w, m, *FIVE),
    ),
    "a unit asks for more time": (
        lambda w: whistled(whistle_street(w), *FIVE), None,
        lambda w, m, d: actions.ask_extension(
            m.pk, by=w.gongdian, clock="report-in", reason="conditions", note="还在路上"
        ),
    ),
    "sign": (
        lambda w: whistled(whistle_street(w), *FIVE), None,
        lambda w, m, d: actions.act(m.pk, "sign", by=w.gongdian),
    ),
    "report in, others awaited": (
        lambda w: whistled(whistle_street(w), *FIVE), None, lambda w, m, d: came(w, m, "gongdian"),
    ),
    "call off": (
        lambda w: whistled(whistle_street(w), *FIVE), lambda w, m: [unit(w.gongdian)],
        lambda w, m, d: actions.call_off(m.pk, by=w.leader, units=d, note="不用来了"),
    ),
}  # fmt: skip
TWO_STEPS = {
    "the last one reports in": (
        lambda w: whistled(whistle_street(w), "gongdian"), None, lambda w, m, d: came(w, m, "gongdian"),
    ),
    "solved, and off": (completed, None, lambda w, m, d: actions.act(m.pk, "verdict", by=w.caller, **SOLVED)),
    "agree to a hand-back": (
        handed_back, lambda w, m: asked(m), lambda w, m, d: actions.approve(d, by=w.dispatcher),
    ),
    "merge": (
        dispatched, lambda w, m: opened(w).matter.number,
        lambda w, m, d: actions.act(m.pk, "merge", by=w.dispatcher, into=d),
    ),
}  # fmt: skip


def counted(world, count_statements, case, at_most):
    """Run one case warm: everything was done once before."""
    start, prepare, work = case
    for warm in (True, False):
        matter = start(world)
        prepared = prepare(world, matter) if prepare else None
        with count_statements(at_most=None if warm else at_most):
            work(world, matter, prepared)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_an_act_stays_within_its_budget(world, count_statements, name):
    counted(world, count_statements, STEPS[name], AN_ACT)


@pytest.mark.parametrize("name", sorted(WHISTLES))
def test_a_whistle_for_five_units_stays_within_the_budget_of_an_act(world, count_statements, name):
    counted(world, count_statements, WHISTLES[name], AN_ACT)


@pytest.mark.parametrize("name", sorted(TWO_STEPS))
def test_an_act_that_does_two_things_stays_within_half_as_much_again(world, count_statements, name):
    counted(world, count_statements, TWO_STEPS[name], AN_ACT * 3 // 2)


@pytest.mark.parametrize("more", [{}, {"external_id": "12345-7"}, {"reporters": ()}])
def test_an_intake_stays_within_its_budget(world, count_statements, more):
    opened(world)
    with count_statements(at_most=AN_INTAKE):
        actions.open_matter(need(**more), place=world.place, by=world.dispatcher)


def test_an_intake_with_a_photo_takes_no_more_than_two_statements_more(world, count_statements):
    opened(world)
    token = photo(world.dispatcher)
    many = (ReporterIn("陈桂芳", "13800000417"), ReporterIn("吴家栋", "13800000500"))
    with count_statements(at_most=AN_INTAKE + 2):
        actions.open_matter(need(uploads=(token,), reporters=many), place=world.place, by=world.dispatcher)


def test_an_order_from_a_menu_takes_no_more_than_two_statements_more_than_an_intake(world, count_statements):
    street = streets.build(world)
    streets.ordered(street)
    with count_statements(at_most=AN_INTAKE + 2):
        streets.ordered(street)


def test_dispatching_an_order_takes_no_more_than_seven_statements_more_to_see_which_offers_fit(world, count_statements):
    street = streets.build(world)
    streets.sent(street)
    order = streets.ordered(street).matter
    with count_statements(at_most=AN_ACT + 7):
        actions.act(order.pk, "dispatch", by=street.secretary, offer=street.legal.pk)


PAGES = {
    "all": Filters(state="all"), "text": Filters(text="返水"), "lamp": Filters(lamp="green"), "stage": Filters(stage="dispatched"),
    "category": Filters(category="utilities"), "channel": Filters(channel="qr"), "due": Filters(due="today"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("who", ["dispatcher", "secretary", "manager", "worker"])
def test_a_page_of_the_list_stays_within_its_budget_however_many_rows(world, count_statements, name, who):
    for _ in range(6):
        dispatched(world)
    queries.worklist(world.people[who], PAGES[name])
    with count_statements(at_most=A_PAGE):
        queries.worklist(world.people[who], PAGES[name], limit=5)
