"""Registers: who lists whom, by consent, once, in a class, and leaves with a reason; read within reach and masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.cast import CHEN_GUIFANG, SUN_DESHUN, WU_JIADONG
from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import Town, build_town, viewer
from youying.access.actions import create_unit
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.packs.edition import build_edition
from youying.packs.source import library, with_value
from youying.people import register_queries as queries
from youying.people.actions import (
    change_class,
    correct_entry,
    end_erased,
    end_lapsed,
    enter,
    give_consent,
    import_entries,
    leave,
    try_entries,
    withdraw_consent,
)
from youying.people.models import Consent, RegisterEntry
from youying.people.register_queries import Wanted
from youying.people.register_rules import Consented, Listed, registers_of
from youying.places.actions import add_homes
from youying.record.actions import erase
from youying.record.queries import opener, story

KEEP = (Consented("keep", "written"),)


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def with_post(one: Viewer, code: str) -> Viewer:
    """The same person in another post."""
    return replace(one, post_code=code)


@pytest.fixture
def town(at: Any, db: None) -> Town:
    """A town built by the real acts, on Friday 13 November 2026; its street works by the pack of volunteers."""
    at("2026-11-13 15:52")
    made = build_town()
    adopt("m35", made.town.path)
    return made


def volunteer(town: Town, **said: Any) -> RegisterEntry:
    """陈桂芳 joins the volunteers of 槐花里, as the secretary takes it down, with whatever else is said."""
    given: dict[str, Any] = {
        "by": town.secretary,
        "edition": edition(),
        "path": town.building.path,
        "listed": Listed(name=CHEN_GUIFANG.name, phone=CHEN_GUIFANG.phone),
        "class_code": "resident",
        "consents": KEEP,
    }
    return enter("volunteer", **{**given, **said})


class TestEntering:
    @pytest.mark.word("register", "register.of:person")
    def test_a_person_is_listed_by_consent_and_shown_masked(self, town: Town) -> None:
        volunteer(town)
        page = queries.entries(town.secretary, "volunteer")
        shown = page.rows[0]
        assert (shown.shown, shown.phone_masked, shown.class_code, page.total) == ("陈**", "139****0001", "resident", 1)
        assert (shown.area_path, shown.path) == (town.community.path, town.building.path)

    def test_the_entry_of_the_record_names_nobody(self, town: Town) -> None:
        row = volunteer(town)
        facts = story(row.subject)[0].facts
        assert (facts["class"], facts["consents"]) == ("resident", ["keep:written"])
        assert CHEN_GUIFANG.name not in str(facts)

    def test_nobody_is_listed_without_consent(self, town: Town) -> None:
        with refused("consent-missing"):
            volunteer(town, consents=(Consented("match", "oral"),))
        assert not RegisterEntry.objects.exists()

    def test_the_law_may_stand_in_the_place_of_consent_and_is_named(self, town: Town) -> None:
        row = volunteer(town, consents=(), basis="社会救助法第三十九条")
        assert queries.entry(town.secretary, row.pk).basis == "社会救助法第三十九条"

    def test_somebody_listed_is_not_listed_twice_however_the_number_is_written(self, town: Town) -> None:
        first = volunteer(town)
        with pytest.raises(Refused) as told:
            volunteer(town, listed=Listed(name=CHEN_GUIFANG.name, phone="+86 139-0001-0001"), class_code="student")
        assert (told.value.code, told.value.have) == ("listed-already", first.pk)
        assert "志愿者名册" in told.value.say

    def test_who_left_may_be_listed_anew(self, town: Town) -> None:
        leave(volunteer(town).pk, by=town.secretary, edition=edition(), reason="left")
        volunteer(town)
        assert queries.entries(town.secretary, "volunteer").total == 1
        assert queries.entries(town.secretary, "volunteer", Wanted(ended=True)).total == 1

    @pytest.mark.word("register.enter")
    def test_who_lists_others_stands_in_the_pack(self, town: Town) -> None:
        leader = with_post(town.clerk, "building-leader")
        volunteer(town, by=leader)
        narrower = edition(register__volunteer__enter=["secretary"])
        with refused("register-not-yours"):
            volunteer(town, by=leader, edition=narrower, listed=Listed(name=WU_JIADONG.name, phone=WU_JIADONG.phone))

    def test_the_neighbour_lists_nobody_here(self, town: Town) -> None:
        with refused("out-of-reach"):
            volunteer(town, by=town.neighbour)

    @pytest.mark.word("register.classes")
    def test_the_classes_of_a_register_stand_in_the_pack(self, town: Town) -> None:
        with refused("class-unknown"):
            volunteer(town, class_code="guest")
        wider = edition(register__volunteer__classes={"guest": "来客"})
        assert volunteer(town, edition=wider, class_code="guest").class_code == "guest"

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"since": date(2199, 1, 1)}, "since-ahead"),
            ({"listed": Listed(name="", phone=CHEN_GUIFANG.phone)}, "name-missing"),
            ({"listed": Listed(name=CHEN_GUIFANG.name)}, "person-unfindable"),
            ({"listed": Listed(name="陈" * 500, phone=CHEN_GUIFANG.phone)}, "name-too-long"),
            ({"consents": (Consented("keep", "telepathy"),)}, "consent-way-unknown"),
            ({"consents": (Consented("everything", "oral"),)}, "consent-unknown"),
            ({"class_code": "<script>"}, "class-unknown"),
            ({"basis": "法" * 200}, "basis-too-long"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_kept(
        self, town: Town, said: dict[str, Any], code: str
    ) -> None:
        with refused(code):
            volunteer(town, **said)
        assert not RegisterEntry.objects.exists()

    def test_an_unknown_register_is_refused_with_those_there_are(self, town: Town) -> None:
        with pytest.raises(Refused, match="志愿者名册"):
            enter("guests", by=town.secretary, edition=edition(), path=town.community.path, listed=Listed(title="x"))


class TestSorts:
    @pytest.mark.word("register.of:unit")
    def test_a_unit_is_listed_by_its_own_entry_in_the_list_of_units(self, town: Town) -> None:
        unit = create_unit(code="bank", title="云川银行柳湾支行", kind="partner", reach=town.community.path, by=SYSTEM)
        given = {"by": town.secretary, "edition": edition("m04"), "path": town.community.path, "class_code": "resident"}
        row = enter("partner", listed=Listed(unit_id=unit.pk), **given)
        assert queries.entry(town.secretary, row.pk).shown == "云川银行柳湾支行"
        with refused("unit-unknown"):
            enter("partner", listed=Listed(unit_id=99), **given)

    @pytest.mark.word("register.of:home")
    def test_a_home_is_listed_by_its_place(self, town: Town) -> None:
        given = {"by": with_post(town.clerk, "grid-worker"), "edition": edition("m08"), "path": town.community.path}
        with refused("home-missing"):
            enter("seasonal", listed=Listed(), **given)
        home = a_home(town)
        row = enter("seasonal", listed=Listed(home_id=home), **given)
        assert (row.key, row.path) == (f"home:{home}", town.building.path)

    @pytest.mark.word("register.of:place")
    def test_a_place_is_listed_by_its_path(self, town: Town) -> None:
        by = replace(town.clerk, unit_kind="property-company")
        given = {"by": by, "edition": edition("m21"), "path": town.building.path}
        enter("lobby", listed=Listed(), **given)
        assert queries.entries(by, "lobby").rows[0].shown.endswith("3号楼")
        with refused("listed-already"):
            enter("lobby", listed=Listed(title="三号楼大堂"), **given)

    @pytest.mark.word("register.of:thing")
    def test_a_thing_is_listed_by_its_name(self, town: Town) -> None:
        by = with_post(town.clerk, "dispatcher-lead")
        given = {"by": by, "edition": edition("m36"), "path": town.community.path}
        row = enter("vehicle", listed=Listed(title="发电车 07"), **given)
        assert queries.entry(by, row.pk).shown == "发电车 07"
        with refused("listed-already"):
            enter("vehicle", listed=Listed(title="发电车  07"), **given)

    def test_the_words_of_a_thing_stand_in_no_entry_in_clear_and_it_is_known_again_by_them(self, town: Town) -> None:
        by = with_post(town.clerk, "dispatcher-lead")
        given = {"by": by, "edition": edition("m36"), "path": town.community.path}
        row = enter("vehicle", listed=Listed(title="张桂芳家的发电车13800000417"), **given)
        entered = story(row.subject)[0]
        assert "张桂芳" not in str(entered.facts) and "张桂芳" not in row.key
        assert opener([row.subject]).entry(entered)["title"] == "张桂芳家的发电车13800000417"
        RegisterEntry.objects.filter(pk=row.pk).update(key="thing:张桂芳家的发电车13800000417")
        with refused("listed-already"):
            enter("vehicle", listed=Listed(title="张桂芳家的发电车13800000417"), **given)
        correct_entry(row.pk, by=by, edition=edition("m36"), title="发电车 07")
        with refused("listed-already"):
            enter("vehicle", listed=Listed(title="发电车 07"), **given)

    def test_the_registers_of_an_edition_are_told_with_their_terms(self) -> None:
        terms = registers_of(edition())["volunteer"]
        assert (terms.title, terms.sheet, terms.purse, terms.leave) == (
            "志愿者名册", "volunteer", "points", {"left": "离开或停用"},
        )  # fmt: skip


def a_home(town: Town) -> int:
    """Home 301 of building 3."""
    return add_homes(town.building.path, homes=[(2, 3, "301")], by=town.secretary)[0].pk


class TestKeeping:
    @pytest.mark.word("register.keeper")
    def test_who_changes_an_entry_is_the_keeper_the_pack_names(self, town: Town) -> None:
        row, leader = volunteer(town), with_post(town.clerk, "building-leader")
        with refused("register-not-kept"):
            change_class(row.pk, by=leader, edition=edition(), class_code="party")
        kept = edition(register__volunteer__keeper="building-leader")
        assert change_class(row.pk, by=leader, edition=kept, class_code="party").class_code == "party"
        assert story(row.subject)[-1].facts == {"before": "resident", "after": "party"}

    @pytest.mark.word("register.leave")
    def test_an_entry_ends_only_for_a_reason_of_its_register(self, town: Town) -> None:
        row = volunteer(town)
        with refused("reason-unknown"):
            leave(row.pk, by=town.secretary, edition=edition(), reason="contract-ended")
        other = edition(register__volunteer__leave=["contract-ended"])
        assert leave(row.pk, by=town.secretary, edition=other, reason="contract-ended").left_reason == "contract-ended"

    @pytest.mark.word("reasons.for:leave")
    def test_a_register_without_reasons_of_its_own_takes_every_reason_for_leaving(self, town: Town) -> None:
        row = volunteer(town)
        open_list = edition(register__volunteer__leave=[])
        with refused("reason-unknown"):
            leave(row.pk, by=town.secretary, edition=open_list, reason="no-offer")
        now_for_leaving = build_edition(
            with_value(
                with_value(library()["m35"], key="register.volunteer.leave", value=[]),
                key="reasons.retired",
                value={"title": "退出志愿服务", "for": ["leave"]},
            ),
            library(),
        )
        assert leave(row.pk, by=town.secretary, edition=now_for_leaving, reason="retired").left_reason == "retired"

    def test_what_has_ended_is_not_changed_any_more(self, town: Town) -> None:
        row = volunteer(town)
        leave(row.pk, by=town.secretary, edition=edition(), reason="left")
        with refused("entry-ended"):
            change_class(row.pk, by=town.secretary, edition=edition(), class_code="party")

    def test_a_wrong_day_is_corrected_and_the_record_keeps_the_one_before(self, town: Town) -> None:
        row = volunteer(town)
        correct_entry(row.pk, by=town.secretary, edition=edition(), since=date(2026, 1, 5))
        assert queries.entry(town.secretary, row.pk).since == date(2026, 1, 5)
        assert story(row.subject)[-1].facts == {"fields": ["since"]}
        with refused("nothing-changed"):
            correct_entry(row.pk, by=town.secretary, edition=edition(), since=date(2026, 1, 5))


class TestConsent:
    def test_a_talent_is_offered_to_others_only_while_the_person_agrees(self, town: Town) -> None:
        row = volunteer(town)
        wanted = Wanted(consent="match")
        assert queries.entries(town.secretary, "volunteer", wanted).total == 0
        give_consent(row.pk, by=town.secretary, edition=edition(), consent=Consented("match", "oral"))
        assert queries.entries(town.secretary, "volunteer", wanted).total == 1
        withdraw_consent(row.pk, by=town.secretary, edition=edition(), purpose="match", way="phone")
        assert queries.entries(town.secretary, "volunteer", wanted).total == 0
        assert queries.entries(town.secretary, "volunteer").total == 1

    def test_who_withdraws_the_first_consent_leaves_the_register(self, town: Town) -> None:
        row = volunteer(town)
        withdraw_consent(row.pk, by=town.secretary, edition=edition(), purpose="keep", way="phone")
        gone = queries.entry(town.secretary, row.pk)
        assert (gone.left_reason, gone.consents) == ("consent-withdrawn", ())

    def test_who_is_listed_by_law_stays_when_a_consent_is_withdrawn(self, town: Town) -> None:
        row = volunteer(town, basis="社会救助法第三十九条")
        withdraw_consent(row.pk, by=town.secretary, edition=edition(), purpose="keep", way="phone")
        assert queries.entry(town.secretary, row.pk).left_at is None

    def test_what_was_not_given_is_not_withdrawn(self, town: Town) -> None:
        row = volunteer(town)
        with refused("consent-not-given"):
            withdraw_consent(row.pk, by=town.secretary, edition=edition(), purpose="show", way="phone")
        with refused("consent-given"):
            give_consent(row.pk, by=town.secretary, edition=edition(), consent=Consented("keep", "oral"))

    def test_who_is_erased_leaves_every_register(self, town: Town) -> None:
        row = volunteer(town)
        auditor = viewer(town.community.path, "audit", "view")
        erase(row.key, by=replace(auditor, reach="/"), reason="request")
        gone = queries.entry(town.secretary, row.pk)
        assert (gone.left_reason, gone.shown) == ("erased", "")
        assert not Consent.objects.filter(withdrawn_at__isnull=True).exists()

    def test_what_lapsed_leaves_once_though_no_register_of_the_pack_knows_it(self, town: Town) -> None:
        row = volunteer(town)
        adopt("m01", town.town.path)
        assert end_lapsed(row.pk, by=SYSTEM).left_reason == "lapsed"
        with refused("not-found"):
            end_lapsed(row.pk, by=SYSTEM)
        assert [entry.facts["reason"] for entry in story(row.subject) if entry.act == "people.leave"] == ["lapsed"]

    def test_ending_what_is_ended_changes_nothing(self, town: Town) -> None:
        assert end_erased("person:none", by=SYSTEM) == 0


class TestTables:
    def test_a_table_is_entered_row_by_row_and_what_does_not_fit_comes_back(self, town: Town) -> None:
        importer = replace(town.secretary, powers=town.secretary.powers | {"import"})
        rows = [
            {"姓名": SUN_DESHUN.name, "电话": SUN_DESHUN.phone, "类别": "报到党员", "同意方式": "书面签字"},
            {"姓名": WU_JIADONG.name, "电话": WU_JIADONG.phone, "类别": "居民", "同意方式": ""},
            {"姓名": SUN_DESHUN.name, "电话": "139 0001 0004", "类别": "居民", "同意方式": "电话"},
        ]
        given: dict[str, Any] = {"by": importer, "edition": edition(), "path": town.community.path}
        tried = try_entries("volunteer", rows, **given)
        assert (tried.added, RegisterEntry.objects.count()) == ([2], 0)
        done = import_entries("volunteer", rows, **given)
        assert (done.added, done.same, [bad.row for bad in done.refused]) == ([2], 1, [3])
        assert "没有本人同意" in done.refused[0].say
        assert queries.entries_by_class(town.secretary, "volunteer") == {"party": 1}

    def test_what_is_no_person_or_thing_does_not_come_in_a_table(self, town: Town) -> None:
        importer = replace(town.secretary, powers=town.secretary.powers | {"import"})
        with refused("register-not-by-table"):
            import_entries("partner", [{}], by=importer, edition=edition(), path=town.community.path)
        with refused("no-power"):
            import_entries("volunteer", [], by=town.secretary, edition=edition(), path=town.community.path)


class TestReading:
    def test_the_neighbour_reads_nothing(self, town: Town) -> None:
        row = volunteer(town)
        assert queries.entries(town.neighbour, "volunteer").total == 0
        with refused("not-found"):
            queries.entry(town.neighbour, row.pk)
        with refused("not-found"):
            change_class(row.pk, by=town.neighbour, edition=edition(), class_code="party")

    def test_whoever_may_not_look_at_matters_reads_no_register(self, town: Town) -> None:
        with refused("no-power"):
            queries.entries(viewer(town.community.path, "intake"), "volunteer")

    def test_somebody_is_found_by_name_or_telephone_and_nobody_by_half_of_it(self, town: Town) -> None:
        volunteer(town)
        volunteer(town, listed=Listed(name=SUN_DESHUN.name, phone=SUN_DESHUN.phone), class_code="party")
        found = {
            text: queries.entries(town.secretary, "volunteer", Wanted(text=text)).total
            for text in (SUN_DESHUN.name, "139 0001 0004", "1390001", "' OR 1=1 --", "")
        }
        assert list(found.values()) == [1, 1, 0, 0, 2]

    def test_the_classes_are_counted(self, town: Town) -> None:
        volunteer(town)
        volunteer(town, listed=Listed(name=SUN_DESHUN.name, phone=SUN_DESHUN.phone), class_code="party")
        assert queries.entries_by_class(town.secretary, "volunteer") == {"resident": 1, "party": 1}
        assert queries.counts_of_registers(town.neighbour) == {}

    def test_a_page_of_fifty_takes_as_many_statements_as_a_page_of_two(self, town: Town, count_statements: Any) -> None:
        for number in range(5):
            volunteer(town, listed=Listed(name=f"志愿者{number}", phone=f"1390002000{number}"))
        with count_statements(at_most=5):
            assert len(queries.entries(town.secretary, "volunteer").rows) == 5

    def test_a_contact_is_read_in_clear_only_by_who_may_unmask(self, town: Town) -> None:
        row = volunteer(town)
        with refused("no-power"):
            queries.entry_contact(town.secretary, row.pk)
        may = viewer(town.community.path, "view", "unmask")
        assert queries.entry_contact(may, row.pk) == {"name": CHEN_GUIFANG.name, "phone": CHEN_GUIFANG.phone}
