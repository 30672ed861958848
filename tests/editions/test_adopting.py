"""Adopting a local pack, and changing one number of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.editions.local import LIUWAN, with_section
from tests.places.town import ADMIN, Town, viewer
from youying.editions import actions, previewing, queries
from youying.editions.models import Adoption, EditionRow, LocalPack
from youying.kernel.moments import now, set_clock
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs import executed
from youying.places import actions as places
from youying.record.models import Entry
from youying.record.queries import story

ACCEPT = "loop.demand.clocks.accept.within"
pytestmark = pytest.mark.usefixtures("every_word")


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def secretary(town: Town, *powers: str) -> Viewer:
    """Somebody of the street who may change its packs, if nothing else is said."""
    return viewer(town.town.path, *(powers or ("packs",)), title="街道管理员", name="马瑞林")


@pytest.fixture
def adopted(town: Town, at: Any) -> Town:
    """柳湾街道 has adopted its local pack on a Wednesday morning."""
    town.clock = at("2026-11-18 09:40")  # type: ignore[attr-defined]
    actions.adopt(town.town.path, local_toml=LIUWAN, by=secretary(town))
    return town


def accept_within(path: str, at: Any = None) -> str:
    """In what time a new matter at a path must be accepted."""
    return str(queries.edition_for(path, at).loops["demand"].clocks["accept"].within)


def test_nothing_is_in_force_before_anybody_adopts(town: Town) -> None:
    with refused("edition-missing"):
        queries.edition_for(town.community.path)


def test_adopting_and_changing_a_number_happen_at_one_moment_of_a_clock_that_goes_on(town: Town) -> None:
    ticks = count()
    set_clock(lambda: datetime(2026, 11, 18, 1, 40, tzinfo=UTC) + timedelta(milliseconds=next(ticks)))
    try:
        first = actions.adopt(town.town.path, local_toml=LIUWAN, by=secretary(town))
        second = actions.change_number(town.town.path, key=ACCEPT, value="2 hours", by=secretary(town))
    finally:
        set_clock(None)
    for adoption in (first, second):
        assert adoption.since == adoption.adopted_at == adoption.local_pack.made_at
    assert second.since > first.since


def test_what_a_street_adopts_holds_for_its_communities_and_buildings(adopted: Town) -> None:
    street = queries.edition_for(adopted.town.path)
    assert street.title == "柳湾街道本地包"
    assert queries.edition_for(adopted.building.path).digest == street.digest
    assert queries.edition_by_digest(street.digest) == street


def test_what_a_street_adopts_does_not_hold_next_door(adopted: Town) -> None:
    with refused("edition-missing"):
        queries.edition_for("/99/9901/990101/990101002")


def test_a_community_that_adopts_its_own_follows_its_own(adopted: Town) -> None:
    own = LIUWAN.replace("2 office-hours", "1 office-hours").replace("liuwan-test", "huaili-test")
    actions.adopt(adopted.community.path, local_toml=own, by=adopted.secretary)
    assert accept_within(adopted.compound.path) != accept_within(adopted.other_community.path)


def test_an_edition_is_stored_once_under_its_digest(adopted: Town) -> None:
    actions.adopt(adopted.community.path, local_toml=LIUWAN, by=adopted.secretary)
    assert EditionRow.objects.count() == 1
    assert Adoption.objects.count() == 2


def test_an_adoption_is_recorded_with_what_changed(adopted: Town) -> None:
    actions.adopt(
        adopted.town.path, local_toml=LIUWAN.replace("2 office-hours", "1 office-hours"), by=secretary(adopted)
    )
    entry = story(f"edition-of:{adopted.town.path}")[-1]
    assert entry.act == "editions.adopt"
    assert entry.facts["changes"] == [[ACCEPT, "2 office-hours", "1 office-hours"]]
    assert entry.facts["local_version"] == 2


def test_an_adoption_for_later_holds_from_then_on(adopted: Town) -> None:
    later = now() + timedelta(days=3)
    actions.change_number(adopted.town.path, key=ACCEPT, value="1 office-hours", since=later, by=secretary(adopted))
    assert accept_within(adopted.town.path) == "2 office-hours"
    assert accept_within(adopted.town.path, later) == "1 office-hours"
    adopted.clock.forward(days=3)  # type: ignore[attr-defined]
    assert accept_within(adopted.town.path) == "1 office-hours"


def test_an_adoption_does_not_reach_back(adopted: Town) -> None:
    with refused("since-past"):
        actions.adopt(adopted.community.path, local_toml=LIUWAN, since=now() - timedelta(hours=1), by=adopted.secretary)
    assert Adoption.objects.count() == 1


def test_the_edition_of_the_day_is_still_found_after_a_change(adopted: Town) -> None:
    before = now()
    adopted.clock.forward(hours=1)  # type: ignore[attr-defined]
    actions.change_number(adopted.town.path, key=ACCEPT, value="1 office-hours", by=secretary(adopted))
    assert accept_within(adopted.town.path, before) == "2 office-hours"
    assert accept_within(adopted.town.path) == "1 office-hours"


def test_adopting_the_same_again_is_refused(adopted: Town) -> None:
    with refused("nothing-changed"):
        actions.adopt(adopted.town.path, local_toml=LIUWAN, by=secretary(adopted))


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ("这不是 TOML", "pack-not-toml"),
        ("[loop.demand]\ntitle = '无头'", "pack-without-head"),
        (with_section('[loop.demand.clocks.acept]\nwithin = "1 days"'), "pack-word-unknown"),
        (with_section('[loop.demand.acts.accept]\nto = "somewhere"'), "edition-unfit"),
        ("x" * 400_001, "local-pack-too-long"),
    ],
)
def test_a_pack_that_cannot_work_is_refused_and_nothing_is_stored(toml: str, code: str, town: Town) -> None:
    with refused(code):
        actions.adopt(town.town.path, local_toml=toml, by=secretary(town))
    assert not Adoption.objects.exists() and not LocalPack.objects.exists()


def test_a_word_that_is_not_executed_keeps_a_pack_from_adoption(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {word: who for word, who in executed.executed_words().items() if word != "loop.clocks.ladder"}
    monkeypatch.setattr(executed, "_REGISTERED", words)
    preview = previewing.preview_adoption(secretary(town), town.town.path, LIUWAN)
    assert {fault.code for fault in preview.faults} == {"E01"}
    with pytest.raises(Refused, match=r"^edition-unfit:.*loop\.clocks\.ladder"):
        actions.adopt(town.town.path, local_toml=LIUWAN, by=secretary(town))


ACTS: dict[str, Callable[[Town, Viewer], Any]] = {
    "editions.adopt": lambda t, by: actions.adopt(
        t.town.path, local_toml=LIUWAN.replace("2 office-hours", "3 office-hours"), by=by
    ),
    "editions.change-number": lambda t, by: actions.change_number(
        t.town.path, key=ACCEPT, value="1 office-hours", by=by
    ),
    "editions.set-param": lambda t, by: actions.set_param(t.town.path, name="batch-most", value="50", by=by),
    "editions.import-directory": lambda t, by: actions.import_directory(
        t.town.path, rows=[{"分类": "路灯", "主办单位": "市政所"}], by=by
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_whoever_may_change_packs_within_reach_may(name: str, adopted: Town) -> None:
    ACTS[name](adopted, secretary(adopted))
    assert Entry.objects.order_by("-id")[0].act == name


@pytest.mark.parametrize("name", ACTS)
def test_whoever_lacks_the_power_over_packs_may_not(name: str, adopted: Town) -> None:
    before = Entry.objects.count()
    with refused("no-power"):
        ACTS[name](adopted, secretary(adopted, "places", "view"))
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", ACTS)
def test_whoever_reaches_only_a_community_may_not_change_the_street(name: str, adopted: Town) -> None:
    before = Entry.objects.count()
    with refused("out-of-reach"):
        ACTS[name](adopted, adopted.secretary)
    assert Entry.objects.count() == before


def test_one_changed_number_leaves_the_rest_of_the_text_as_written(adopted: Town) -> None:
    actions.change_number(adopted.town.path, key=ACCEPT, value="1 office-hours", by=secretary(adopted))
    row = LocalPack.objects.get(version=2)
    assert row.toml == LIUWAN.replace('"2 office-hours"', '"1 office-hours"')


def test_a_number_that_only_the_base_pack_says_is_written_into_the_local_pack(adopted: Town) -> None:
    key = "loop.demand.clocks.complete.within.urgent"
    actions.change_number(adopted.town.path, key=key, value="2 working-days", by=secretary(adopted))
    within = queries.edition_for(adopted.town.path).loops["demand"].clocks["complete"].within
    assert str(within["urgent"]) == "2 working-days"  # type: ignore[index]
    assert str(within["hard"]) == "11 working-days"  # type: ignore[index]
    assert LocalPack.objects.get(version=2).toml.startswith(LIUWAN.rstrip())


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        (ACCEPT, "很快", "number-form"),
        (ACCEPT, "0 days", "number-form"),
        (ACCEPT, "2 office-hours", "nothing-changed"),
        ("loop.demand.close.silence.attempts", "三", "number-form"),
        ("loop.demand.close.silence.attempts", "-1", "number-form"),
        ("watch.same-type.times", "1e9", "number-form"),
        ("params.text-confidence.value", "7", "param-out-of-bounds"),
        ("loop.demand.title", "新名", "number-unknown"),
        ("pack.version", "2", "number-unknown"),
        ("nothing.here", "1", "number-unknown"),
        ("loop.demand.close.silence.attempts", "0", "edition-unfit"),
    ],
)
def test_a_number_that_is_none_or_below_a_floor_is_refused(key: str, value: str, code: str, adopted: Town) -> None:
    with refused(code):
        actions.change_number(adopted.town.path, key=key, value=value, by=secretary(adopted))
    assert LocalPack.objects.count() == 1


def test_a_change_made_on_an_old_page_is_refused(adopted: Town) -> None:
    actions.change_number(
        adopted.town.path, key=ACCEPT, value="1 office-hours", expected_version=1, by=secretary(adopted)
    )
    with refused("changed-meanwhile"):
        actions.change_number(
            adopted.town.path, key=ACCEPT, value="3 office-hours", expected_version=1, by=secretary(adopted)
        )


def test_a_preview_says_what_would_change_and_writes_nothing(adopted: Town) -> None:
    preview = previewing.preview_change(secretary(adopted), adopted.town.path, ACCEPT, "1 office-hours")
    assert [change.say for change in preview.changes] == ["“接诉即办”“签收”的时限由2个工作小时改为1个工作小时。"]
    assert preview.adoptable and preview.version == 1
    assert accept_within(adopted.town.path) == "2 office-hours"
    assert LocalPack.objects.count() == 1


def test_a_community_changes_a_number_for_itself_alone(adopted: Town) -> None:
    actions.change_number(adopted.community.path, key=ACCEPT, value="1 office-hours", by=adopted.secretary)
    assert accept_within(adopted.building.path) == "1 office-hours"
    assert accept_within(adopted.other_community.path) == "2 office-hours"


def test_the_numbers_of_a_place_are_listed_with_their_titles(adopted: Town) -> None:
    numbers = {number.key: number for number in previewing.numbers(secretary(adopted), adopted.town.path)}
    assert numbers[ACCEPT].words == "2个工作小时"
    assert numbers[ACCEPT].owner == "m01"
    assert numbers["loop.demand.close.reopen.within"].title == "“接诉即办”销号后多久内可以翻案重启"
    assert "pack.version" not in numbers
    actions.change_number(adopted.town.path, key=ACCEPT, value="1 office-hours", by=secretary(adopted))
    changed = {number.key: number for number in previewing.numbers(secretary(adopted), adopted.town.path)}
    assert changed[ACCEPT].owner == "liuwan-test"


def test_what_a_moved_street_adopted_moves_with_it(adopted: Town) -> None:
    county = places.add_area("990102000000", name="新区", level="区县", parent="/99/9901", by=ADMIN)
    digest = queries.edition_for(adopted.town.path).digest
    places.move(adopted.town.path, to=county.path, by=ADMIN)
    assert queries.edition_for(f"{county.path}/990101001/990101001001").digest == digest


def test_only_whoever_may_see_a_local_pack_reads_it(adopted: Town) -> None:
    row = queries.local_pack(adopted.secretary, adopted.town.path)
    assert row is not None and row.version == 1
    with refused("out-of-reach"):
        queries.local_pack(viewer("/99/9901/990101/990101002", "packs"), adopted.town.path)
    assert [one.local_pack.version for one in queries.adoptions(secretary(adopted))] == [1]


def test_finding_the_edition_again_asks_the_database_nothing(adopted: Town, count_statements: Any) -> None:
    queries.edition_for(adopted.building.path)
    with count_statements(at_most=0):
        queries.edition_for(adopted.building.path)
