"""A sheet filled in, supplied, corrected, seen masked and whole, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.matters.world import World, photo
from tests.sheets.conftest import SUBJECT
from youying.files.models import Upload
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record import queries as record
from youying.record.actions import erase
from youying.record.models import Entry
from youying.sheets import actions, queries
from youying.sheets.models import FilledSheet

POWERFUL = frozenset({"view", "unmask"})


def values(**more: Any) -> dict[str, Any]:
    return {"what": "核对继承", "came": True, "phone": "13800000417", "income": "2100"} | more


def fill(survey: World, **more: Any) -> FilledSheet:
    said = {"values": values(), "lacking_allowed": True, "act": "check", "path": survey.community} | more
    return actions.fill(subject=SUBJECT, sheet="survey", edition=survey.edition, by=survey.secretary, **said)


def shown(survey: World) -> list[queries.FilledView]:
    return queries.filled(survey.secretary, SUBJECT)


def test_a_sheet_is_kept_sealed_with_one_entry(survey: World) -> None:
    deed = photo(survey.secretary)
    row = fill(survey, values=values(deed=[deed], effort="8"), lacking_allowed=False)
    assert (row.points, row.full, row.lacking) == (Decimal(8), Decimal(10), [])
    assert "核对继承".encode() not in bytes(row.values_sealed or b"")
    entry = Entry.objects.filter(subject=SUBJECT).latest("seq")
    assert (entry.act, entry.facts["sheet"], entry.facts["filled"]) == ("sheets.fill", "survey", row.pk)
    assert "核对继承" not in str(entry.facts)
    assert record.opened(entry)["values"]["what"] == "核对继承"
    upload = Upload.objects.get(token=deed)
    assert (upload.subject, upload.role) == (SUBJECT, "sheet")
    assert entry.facts["files"] == [upload.sha256]


def test_a_sheet_that_lacks_something_is_refused_and_nothing_is_kept(survey: World) -> None:
    with pytest.raises(Refused, match="请附上“产权证”"):
        fill(survey, lacking_allowed=False)
    assert not FilledSheet.objects.exists()
    assert Entry.objects.filter(subject=SUBJECT).count() == 1
    assert fill(survey).lacking == ["deed"]


def test_a_foreign_upload_is_refused_and_nothing_is_kept(survey: World) -> None:
    with pytest.raises(Refused, match="附件已失效"):
        fill(survey, values=values(deed=[photo(survey.dispatcher)]))
    assert not FilledSheet.objects.exists()


def test_what_was_lacking_is_supplied_in_a_new_row(survey: World) -> None:
    first = fill(survey)
    survey.clock.forward(days=2)
    second = actions.supply(
        subject=SUBJECT, sheet="survey", values={"deed": [photo(survey.secretary)]}, by=survey.secretary, act="supply"
    )
    assert second.corrects_id == first.pk
    assert second.at - first.at == timedelta(days=2)
    assert second.lacking == []
    assert [(view.current, view.lacking) for view in shown(survey)] == [(False, ("产权证",)), (True, ())]
    with pytest.raises(Refused, match="已经有了"):
        actions.supply(subject=SUBJECT, sheet="survey", values={"what": "改"}, by=survey.secretary, act="supply")


def test_supplying_a_sheet_that_was_never_filled_in_is_refused(survey: World) -> None:
    with pytest.raises(Refused, match="还没有填过"):
        actions.supply(subject=SUBJECT, sheet="survey", values={"what": "好"}, by=survey.secretary, act="supply")


def test_a_correction_leaves_what_it_corrects(survey: World) -> None:
    first = fill(survey)
    actions.correct(subject=SUBJECT, sheet="survey", values={"what": "核对赠与"}, by=survey.secretary, act="correct")
    first.refresh_from_db()
    assert queries.open_values(first)["what"] == "核对继承"
    now = queries.current(SUBJECT, "survey")
    assert now is not None
    assert queries.open_values(now) == {
        "what": "核对赠与", "came": True, "phone": "13800000417", "income": "2100.00"
    }  # fmt: skip


def test_two_corrections_of_one_row_are_refused_by_the_database(survey: World) -> None:
    first = fill(survey)
    actions.correct(subject=SUBJECT, sheet="survey", values={"what": "甲乙"}, by=survey.secretary, act="correct")
    copy = FilledSheet(subject=SUBJECT, about=SUBJECT, sheet="survey", edition_id=first.edition_id, act="x")
    copy.at, copy.by_kind, copy.corrects = first.at, "system", first
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def lines(survey: World) -> dict[str, queries.LineView]:
    return {line.code: line for line in shown(survey)[0].lines}


def test_what_the_pack_masks_is_covered_and_telephones_always(survey: World) -> None:
    card = photo(survey.secretary)
    fill(survey, values=values(card=[card]))
    seen = lines(survey)
    assert (seen["what"].said, seen["came"].said, seen["deed"].said) == ("核对继承", "是", "")
    assert (seen["income"].said, seen["income"].masked) == ("已填，不显示", True)
    assert seen["phone"].said == "138****0417"
    assert (seen["card"].said, seen["card"].files) == ("已填，不显示", ())


def test_seeing_whole_is_an_act_with_a_purpose(survey: World) -> None:
    card = photo(survey.secretary)
    row = fill(survey, values=values(card=[card]))
    who = seer(survey, powers=POWERFUL)
    view = actions.unmask(row.pk, by=who, purpose="verify")
    seen = {line.code: line for line in view.lines}
    assert (seen["income"].said, seen["phone"].said, seen["card"].files) == ("2,100元", "13800000417", (card,))
    entry = Entry.objects.filter(subject=SUBJECT).latest("seq")
    assert (entry.act, entry.facts) == ("access.unmask", {"field": f"sheet:{row.pk}", "purpose": "verify"})


def seer(survey: World, *, powers: frozenset[str], reach: str | None = None) -> Viewer:
    return Viewer(
        kind="post", account_id=survey.secretary.account_id, post_id=survey.secretary.post_id,
        post_code="secretary", reach=survey.town if reach is None else reach, powers=powers,
    )  # fmt: skip


def test_seeing_whole_needs_power_purpose_and_reach(survey: World) -> None:
    row = fill(survey)
    before = Entry.objects.count()
    with pytest.raises(Refused, match="查看完整个人信息"):
        actions.unmask(row.pk, by=seer(survey, powers=frozenset({"view"})), purpose="verify")
    with pytest.raises(Refused):
        actions.unmask(row.pk, by=seer(survey, powers=POWERFUL), purpose="")
    with pytest.raises(Refused, match="没有这份资料"):
        actions.unmask(row.pk, by=seer(survey, powers=POWERFUL, reach="/99/9901/990101/990101009"), purpose="verify")
    with pytest.raises(Refused, match="没有这张填好的表"):
        actions.unmask(row.pk + 99, by=seer(survey, powers=POWERFUL), purpose="verify")
    assert Entry.objects.count() == before


def test_only_who_sees_the_subject_sees_its_sheets(survey: World) -> None:
    fill(survey)
    assert len(queries.filled(survey.secretary, SUBJECT)) == 1
    with pytest.raises(Refused, match="没有这份资料"):
        queries.filled(survey.stranger, SUBJECT)


def test_erasing_the_subject_makes_its_values_unreadable(survey: World) -> None:
    row = fill(survey, values=values(effort="8"))
    kept = bytes(row.values_sealed or b"")
    erase(SUBJECT, by=SYSTEM, reason="retention")
    row.refresh_from_db()
    assert row.values_sealed is None
    assert record.unseal_for(SUBJECT, kept) is None
    view = shown(survey)[0]
    assert (view.erased, view.lines, view.points) == (True, (), Decimal(8))
    with pytest.raises(Refused, match="已依规删除"):
        fill(survey)


def test_points_are_averaged_by_whom_they_judge(survey: World) -> None:
    for unit, effort in (("unit:5", "8"), ("unit:5", "10"), ("unit:6", "3"), ("unit:5", None)):
        fill(survey, values=values(effort=effort), about=unit)
    found = queries.average_points("survey", ["unit:5", "unit:6", "unit:7"])
    assert {about: (one.mean, one.count) for about, one in found.items()} == {
        "unit:5": (Fraction(9), 2), "unit:6": (Fraction(3), 1)
    }  # fmt: skip
    assert found["unit:5"].share == Fraction(9, 10)


def test_an_average_keeps_to_its_days_and_place_and_leaves_out_what_was_corrected(survey: World) -> None:
    fill(survey, values=values(effort="2"))
    actions.correct(subject=SUBJECT, sheet="survey", values={"effort": "6"}, by=survey.secretary, act="correct")
    noon = survey.clock()
    assert queries.average_points("survey", [SUBJECT])[SUBJECT].mean == 6
    assert queries.average_points("survey", [SUBJECT], until=noon) == {}
    assert queries.average_points("survey", [SUBJECT], since=noon, path=survey.town)[SUBJECT].count == 1
    assert queries.average_points("survey", [SUBJECT], path="/98") == {}
    assert queries.average_points("survey", [SUBJECT], path=survey.town[:-1]) == {}
    assert queries.average_points("other", [SUBJECT]) == {}


def test_many_sheets_are_read_in_two_statements(survey: World, count_statements: Any) -> None:
    for _ in range(4):
        fill(survey)
    with count_statements(at_most=2):
        assert len(shown(survey)) == 4
