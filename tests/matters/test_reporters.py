"""Who reported it: what of them stands in clear, who finds them, and by what they are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from tests.matters import world as worlds
from tests.matters.changing import change, own_act
from tests.matters.world import completed, in_hand, opened
from youying.kernel.refusals import Refused
from youying.matters import actions, house_rules, queries
from youying.matters.actions import ReporterIn
from youying.matters.models import Matter, Reporter, SearchRow
from youying.places.placing import place_of
from youying.record import queries as record

PHONE, NAME = "13800000417", "陈桂芳"
SPOT = "3号楼501找陈桂芳13900010017"


def tokens(matter):
    """What the search index keeps of a matter."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tokens::text FROM matters_search WHERE rowid = %s", [matter.pk])
            return cursor.fetchone()[0]
    return SearchRow.objects.get(pk=matter.pk).tokens


def found_by(world, text):
    """How many matters a search finds."""
    return queries.worklist(world.dispatcher, queries.Filters(text=text, state="all")).total


# ------------------------------------------------------------------ what stands in clear
def test_the_reporters_own_name_is_taken_out_of_title_and_words(world):
    matter = opened(world, title="陈桂芳家漏水", text="陈桂芳家厨房漏水，陈桂芳说漏了三天").matter
    assert (matter.title, NAME in matter.words) == ("陈**家漏水", False)
    assert "厨房漏水" in matter.words and found_by(world, NAME) == 0


def test_a_name_of_one_character_leaves_the_words_whole(world):
    reporters = (ReporterIn("水", PHONE),)
    assert opened(world, text="地下室的水返上来了", reporters=reporters).matter.words == "地下室的水返上来了"


def test_telephone_and_reporters_name_leave_the_place_and_its_door_stays(world):
    place = replace(world.place, words=SPOT)
    matter = actions.open_matter(worlds.need(), place=place, by=world.dispatcher).matter
    assert matter.place_words == "3号楼501找陈**139****0017"
    assert "13900010017" not in tokens(matter)
    assert (found_by(world, "13900010017"), found_by(world, "501")) == (0, 1)


def test_a_corrected_text_or_place_is_masked_like_the_first(world):
    matter = opened(world).matter
    place = place_of(building_id=world.place.building_id, words=SPOT)
    after = actions.correct(
        matter.pk, by=world.dispatcher, title="陈桂芳家漏水", words="陈桂芳又打来说还在漏", place=place
    )
    assert (after.title, after.words, after.place_words) == (
        "陈**家漏水",
        "陈**又打来说还在漏",
        "杏林小区 3号楼 3号楼501找陈**139****0017",
    )
    assert "13900010017" not in tokens(after)


def test_a_history_brought_in_is_masked_alike(world):
    importer = replace(world.dispatcher, powers=frozenset({"import", "view"}))
    told = actions.Told(worlds.need(text="陈桂芳家漏水三天了"), replace(world.place, words=SPOT), world.clock())
    actions.open_many([told], by=importer)
    matter = Matter.objects.get()
    assert (matter.words, matter.place_words) == ("陈**家漏水三天了", "3号楼501找陈**139****0017")
    assert "13900010017" not in tokens(matter)


# ------------------------------------------------------------------ who is found by a telephone
def test_a_protected_reporter_is_found_by_telephone_only_with_the_power(world):
    hidden = opened(world, reporters=(ReporterIn(NAME, PHONE, protected=True),)).matter
    shown = opened(world, reporters=(ReporterIn(NAME, PHONE),)).matter
    trusted = replace(world.dispatcher, powers=world.dispatcher.powers | {"protected"})
    assert [one.pk for one in queries.callers(world.dispatcher, PHONE)] == [shown.pk]
    assert {one.pk for one in queries.callers(trusted, PHONE)} == {hidden.pk, shown.pk}


def test_a_protected_reporter_is_not_given_away_by_what_counts_as_the_same(world):
    opened(world, category="city.lamps.lamp-out", reporters=(ReporterIn(NAME, PHONE, protected=True),))
    trusted = replace(world.dispatcher, powers=world.dispatcher.powers | {"protected"})
    ask = {"text": "另外一件事情", "place": world.place, "category": "city.lamps.lamp-out", "phone": PHONE}
    assert [one.same for one in queries.similar(world.dispatcher, **ask)] == []
    assert [one.same for one in queries.similar(trusted, **ask)] == [True]


# ------------------------------------------------------------------ by what a reporter is found
def test_a_look_up_reads_an_index_and_not_the_table_of_reporters(world):
    found = opened(world)
    asked = Reporter.objects.filter(secret_hash="x").exclude(secret_hash="").order_by("pk")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = asked.explain()
    assert "reporters_by_secret" in plan
    assert queries.look_up(found.matter.number, found.secret).reporter.pk == found.reporter_id


# ------------------------------------------------------------------ a new secret
def issued(world, found, *, by=None, way="counter", **more):
    """Give the first reporter of a matter a new secret."""
    key = more.pop("reporter", None) or Reporter.objects.filter(matter=found).first().pk
    return actions.issue_secret(found.pk, by=by or world.caller, reporter=key, way=way, **more)


def opens(number, secret):
    """Whether number and secret open a matter."""
    try:
        return bool(queries.look_up(number, secret))
    except Refused:
        return False


def test_a_new_secret_opens_the_matter_the_old_one_no_longer_and_the_record_keeps_who_and_not_what(world):
    found = opened(world)
    after = issued(world, found.matter, way="phone")
    number = found.matter.number
    assert (opens(number, after.secret), opens(number, found.secret)) == (True, False)
    entry = record.story(found.matter.subject)[-1]
    assert (entry.act, entry.account_id, entry.facts["way"]) == ("issue-secret", world.caller.account_id, "phone")
    assert after.secret not in str(entry.facts) and entry.facts["reporter"] == found.reporter_id


def test_a_reporter_of_an_imported_matter_gets_a_first_secret(world):
    importer = replace(world.dispatcher, powers=frozenset({"import", "view"}))
    actions.open_many([actions.Told(worlds.need(), world.place, world.clock())], by=importer)
    matter = Matter.objects.get()
    assert Reporter.objects.get().secret_hash == ""
    assert opens(matter.number, issued(world, matter).secret)


def test_a_merged_reporter_gets_a_secret_for_the_own_number(world):
    mine, theirs = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),)), opened(world)
    actions.act(mine.matter.pk, "merge", by=world.dispatcher, into=theirs.matter.number)
    after = issued(world, theirs.matter, reporter=mine.reporter_id)
    assert after.slip.number == mine.matter.number
    assert (opens(mine.matter.number, after.secret), opens(theirs.matter.number, after.secret)) == (True, False)
    assert opens(theirs.matter.number, theirs.secret)


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("worker", {}, "not-yours"),
        ("stranger", {}, "not-yours"),
        ("caller", {"way": ""}, "needs-way"),
        ("caller", {"way": "mail"}, "needs-way"),
        ("caller", {"reporter": 987_654}, "not-found"),
    ],
)
def test_a_new_secret_is_refused_and_the_old_one_stays(world, name, change, code):
    found = opened(world)
    who = replace(world.people[name], powers=frozenset({"view", "act"} if name == "worker" else world.caller.powers))
    with pytest.raises(Refused, match=code):
        issued(world, found.matter, by=who, **change)
    assert opens(found.matter.number, found.secret)


def test_no_secret_is_issued_by_a_telephone_that_is_not_on_record_or_for_a_protected_reporter(world):
    silent = opened(world, reporters=(ReporterIn("陈桂芳", ""),)).matter
    hidden = opened(world, reporters=(ReporterIn("陈桂芳", PHONE, protected=True),)).matter
    with pytest.raises(Refused, match="no-phone"):
        issued(world, silent, way="phone")
    with pytest.raises(Refused, match="protected"):
        issued(world, hidden)
    trusted = replace(world.caller, powers=world.caller.powers | {"protected"})
    assert issued(world, silent).secret and issued(world, hidden, by=trusted).secret


def test_a_fourth_secret_in_a_day_is_refused_and_given_the_next_day(world):
    found = opened(world)
    last = [issued(world, found.matter).secret for _time in range(3)][-1]
    with pytest.raises(Refused, match="too-often"):
        issued(world, found.matter)
    assert opens(found.matter.number, last)
    world.clock.forward(hours=25)
    assert opens(found.matter.number, issued(world, found.matter).secret)


def test_a_new_secret_changes_nothing_of_the_matter_and_stands_among_its_acts(world):
    matter = in_hand(world)
    before = (matter.stage, matter.due_at, matter.running)
    assert "issue-secret" in {one.id for one in queries.possible_acts(world.caller, matter).can}
    after = issued(world, matter).matter
    assert (after.stage, after.due_at, after.running) == before


# ------------------------------------------------------------------ exclusions reviewed
def test_an_exclusion_is_lifted_with_a_reason_and_counts_again(world):
    matter = in_hand(world)
    actions.exclude(matter.pk, by=world.dispatcher, reason="litigation", note="已经起诉")
    with pytest.raises(Refused, match="text-empty"):
        actions.include(matter.pk, by=world.leader, note="")
    after = actions.include(matter.pk, by=world.leader, note="法院没有立案")
    assert after.excluded == ""
    assert [(line.act, line.words) for line in queries.story(after)[-2:]] == [
        ("exclude", "已经起诉"),
        ("include", "法院没有立案"),
    ]
    with pytest.raises(Refused, match="not-excluded"):
        actions.include(matter.pk, by=world.leader, note="再恢复一次")


def test_whoever_may_not_judge_rates_lifts_nothing(world):
    matter = in_hand(world)
    actions.exclude(matter.pk, by=world.dispatcher, reason="litigation", note="已经起诉")
    with pytest.raises(Refused, match="not-yours"):
        actions.include(matter.pk, by=world.manager, note="我看可以")
    matter.refresh_from_db()
    assert matter.excluded == "litigation"


def test_who_gave_a_verdict_is_not_excluded_as_never_reached(world):
    matter = completed(world)
    with_word = actions.act(
        matter.pk, "verdict", by=queries.by_reporter(matter.reporters.get().pk).viewer, solved=False,
        satisfaction="不满意",
    )  # fmt: skip
    with pytest.raises(Refused, match="verdict-on-record"):
        actions.exclude(with_word.pk, by=world.dispatcher, reason="unreachable", note="没联系上")
    assert actions.exclude(with_word.pk, by=world.dispatcher, reason="litigation", note="起诉了").excluded


def test_a_reason_that_no_rate_leaves_out_is_not_offered(world):
    matter = in_hand(world)
    assert "withdrawn" not in house_rules.exclusions(world.edition)
    with pytest.raises(Refused, match="unknown-reason"):
        actions.exclude(matter.pk, by=world.dispatcher, reason="withdrawn", note="不想办了")
    assert actions.exclude(matter.pk, by=world.dispatcher, reason="unlawful", note="劝导了").excluded == "unlawful"


def test_a_matter_opened_below_asks_every_reporter_of_its_whole(world):
    """Two reported it; one of the two is not enough to cross off what an act of the pack opened below."""
    change(world, own_act(verb="judge", needs=["note"], opens=["loop:demand"]))
    matter = opened(world, reporters=(ReporterIn("陈桂芳", PHONE), ReporterIn("王二", "13900000418"))).matter
    actions.act(matter.pk, "try", by=world.dispatcher, note="另开一件，先把楼道灯修好")
    below = Matter.objects.get(parent=matter)
    assert (below.reporter_count, Reporter.objects.filter(matter=below).count()) == (2, 2)
