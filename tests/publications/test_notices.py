"""Notices: up for counted days, frozen, masked, objected to by anybody, kept after they come down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.matters.world import adopt
from tests.places.town import Town, build_town
from youying.editions.snapshot import STAMP
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.packs.edition import build_edition
from youying.packs.source import library, with_value
from youying.places import actions as places
from youying.places.actions import touch
from youying.publications import queries
from youying.publications.actions import answer, follow_move, object_to, post, withdraw
from youying.publications.models import Publication
from youying.publications.rules import Content, digest, terms_of
from youying.record.queries import story

CONTENT = Content([("person_name", "姓名"), ("amount", "积分")], [["陈**", "12分"], ["吴**", "9分"]], "截至11月13日")


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def clock(at: Any) -> Any:
    """A still clock on Friday 13 November 2026, ten in the morning."""
    return at("2026-11-13 10:00")


@pytest.fixture
def town(db: None, clock: Any) -> Town:
    """A town whose street works by the pack of volunteers."""
    made = build_town()
    adopt("m35", made.town.path)
    return made


def following(town: Town, clock: Any, code: str = "m35", **said: Any) -> None:
    """From now on the street follows a pack with some keys changed."""
    raw = library()[code]
    for key, value in said.items():
        raw = with_value(raw, key=key.replace("__", "."), value=value)
    clock.forward(seconds=1)
    adopt(raw, town.town.path)
    touch(STAMP)


def secretary(town: Town) -> Viewer:
    """Who posts."""
    return replace(town.secretary, powers=town.secretary.powers | {"act"})


def posted(town: Town, code: str = "points", content: Content = CONTENT) -> Publication:
    """The board of points of 槐花里."""
    return post(code, by=secretary(town), path=town.building.path, content=content)


@pytest.mark.word("publication")
def test_a_notice_stays_up_for_the_days_the_pack_says_and_is_kept(town: Town, clock: Any) -> None:
    row = posted(town)
    assert [one.id for one in queries.board(at="board")] == [row.pk]
    clock.forward(days=15)  # 28 November is a Saturday: the last day moves to Monday
    assert queries.board(at="board")
    clock.forward(days=3)
    assert queries.board(at="board") == []
    assert (queries.notice(row.pk).state, queries.archive(secretary(town))[0].id) == ("ended", row.pk)
    following(town, clock, publication__points__days="1 days")
    short = posted(town)
    clock.forward(days=2)
    assert queries.notice(short.pk).state == "ended"


@pytest.mark.word("publication.at:board", "publication.at:portal")
@pytest.mark.parametrize("where", ["board", "portal"])
def test_a_notice_stands_where_the_pack_posts_it(town: Town, clock: Any, where: str) -> None:
    following(town, clock, publication__points__at=[where])
    posted(town)
    hung = {one: len(queries.board(at=one)) for one in ("board", "portal")}
    assert hung == {"board": where == "board", "portal": where == "portal"}


@pytest.mark.word("publication.hides")
def test_hidden_columns_and_numbers_in_the_text_are_not_posted(town: Town, clock: Any) -> None:
    telling = replace(CONTENT, rows=[["陈**", "12分，电话 13900010001"]])
    shown = queries.notice(posted(town, content=telling).pk).content
    assert shown.rows == [["陈**", "12分，电话 139****0001"]]
    following(town, clock, publication__points__hides=["person_name"])
    assert queries.notice(posted(town).pk).content.columns == [("amount", "积分")]


def test_what_is_posted_is_frozen_and_proves_itself(town: Town) -> None:
    row = posted(town)
    facts = story(row.subject)[0].facts
    assert facts["digest"] == digest(queries.notice(row.pk).content) == row.digest
    assert facts["rows"] == 2


@pytest.mark.word("publication.law:village-affairs", "publication.law:residents-affairs")
@pytest.mark.parametrize("law", ["village-affairs", "residents-affairs"])
def test_the_law_wants_it_up_for_fifteen_days(town: Town, clock: Any, law: str) -> None:
    following(town, clock, publication__points__law=law, publication__points__days="14 days")
    with pytest.raises(Refused) as told:
        posted(town)
    assert (told.value.code, told.value.need) == ("publication-too-short", "15 days")
    assert "公开" in told.value.clause
    following(town, clock, publication__points__law=law, publication__points__days="15 days")
    assert queries.notice(posted(town).pk).clause == told.value.clause


def test_a_notice_with_a_mistake_is_taken_down_with_its_reason_and_does_not_count(town: Town, clock: Any) -> None:
    row = posted(town)
    with refused("words-missing"):
        withdraw(row.pk, by=secretary(town), reason=" ")
    withdraw(row.pk, by=secretary(town), reason="第二行记错了")
    assert (queries.board(at="board"), queries.notice(row.pk).state) == ([], "withdrawn")
    clock.forward(days=20)
    assert not queries.posted_for_its_days("purse:points", town.community.path)
    with refused("publication-over"):
        withdraw(row.pk, by=secretary(town), reason="再撤")


def test_a_neighbour_and_who_only_looks_post_nothing(town: Town) -> None:
    neighbour = replace(town.neighbour, powers=town.neighbour.powers | {"act"})
    with refused("out-of-reach"):
        post("points", by=neighbour, path=town.community.path, content=CONTENT)
    with refused("no-power"):
        post("points", by=town.clerk, path=town.community.path, content=CONTENT)
    row = posted(town)
    with refused("out-of-reach"):
        withdraw(row.pk, by=neighbour, reason="不是我的")
    assert queries.archive(neighbour) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Content([], []), "publication-empty"),
        (Content([("amount", "积分")], []), "publication-empty"),
        (Content([("amount", "积分")], [["1"]] * 501), "publication-too-long"),
    ],
)
def test_nothing_and_too_much_are_not_posted(town: Town, content: Content, code: str) -> None:
    with refused(code):
        posted(town, content=content)
    with refused("publication-unknown"):
        posted(town, code="nothing")
    assert not Publication.objects.exists()


class TestObjecting:
    @pytest.fixture
    def up(self, town: Town, clock: Any) -> Publication:
        """A notice that takes objections, answered by the secretary within five days."""
        said = {"to": ["secretary"], "within": "5 days"}
        following(town, clock, publication__points__objection=said)
        return posted(town)

    @pytest.mark.word("publication.objection")
    def test_anybody_objects_and_the_post_of_the_pack_answers(self, town: Town, clock: Any, up: Publication) -> None:
        made = object_to(up.pk, by=PUBLIC, words="我的积分少了3分", contact="13900010001")
        waiting = queries.objections_waiting(replace(secretary(town), powers=frozenset({"view", "unmask"})))
        assert [(one.words, one.contact, one.late) for one in waiting] == [("我的积分少了3分", "13900010001", False)]
        assert queries.objections_waiting(secretary(town))[0].contact == ""
        with refused("objection-not-yours"):
            answer(made.pk, by=replace(secretary(town), post_code="grid-worker"), upheld=True, words="查过了")
        answer(made.pk, by=secretary(town), upheld=True, words="已补记3分")
        assert (queries.notice(up.pk).objections, queries.notice(up.pk).answered) == (1, 1)
        with refused("objection-answered"):
            answer(made.pk, by=secretary(town), upheld=False, words="再答一次")

    def test_where_the_pack_takes_none_none_is_taken(self, town: Town, clock: Any) -> None:
        with refused("objection-not-taken"):
            object_to(posted(town).pk, by=PUBLIC, words="少了")

    @pytest.mark.parametrize(("words", "code"), [("", "words-missing"), ("少" * 1001, "words-too-long")])
    def test_an_objection_has_words(self, up: Publication, words: str, code: str) -> None:
        with refused(code):
            object_to(up.pk, by=PUBLIC, words=words)

    def test_after_its_days_nobody_objects_and_what_waits_keeps_it_from_counting(
        self, town: Town, clock: Any, up: Publication
    ) -> None:
        made = object_to(up.pk, by=PUBLIC, words="少了")
        clock.forward(days=20)
        with refused("objection-late"):
            object_to(up.pk, by=PUBLIC, words="少了")
        assert not queries.posted_for_its_days("purse:points", town.community.path)
        assert queries.objections_waiting(secretary(town))[0].late
        answer(made.pk, by=secretary(town), upheld=False, words="核对无误")
        assert queries.posted_for_its_days("purse:points", town.community.path)
        assert story(up.subject)[-1].facts["late"] is True

    def test_the_words_of_an_objection_stand_nowhere_in_the_clear(self, up: Publication) -> None:
        made = object_to(up.pk, by=PUBLIC, words="我的积分少了3分", contact="13900010001")
        assert "少了" not in str(story(up.subject)[-1].facts)
        assert "少了".encode() not in bytes(made.words_sealed or b"")


def test_notices_move_with_their_area(town: Town) -> None:
    row = posted(town)
    area = places.add_area("990101003", name="新街道", level="town", parent="/99/9901/990101", by=SYSTEM)
    places.move(town.community.path, to=area.path, by=SYSTEM)
    assert Publication.objects.get(pk=row.pk).area_path.startswith(area.path)
    assert follow_move("/nowhere", new_path="/elsewhere", by=SYSTEM) == 0


def test_a_notice_without_days_cannot_be_stored(town: Town) -> None:
    row = posted(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(until=row.posted_at)


def test_the_board_takes_two_statements_however_many_hang_there(town: Town, count_statements: Any) -> None:
    for _number in range(3):
        posted(town)
    with count_statements(at_most=1):
        assert len(queries.board(at="board")) == 3


def test_the_terms_of_a_publication_are_told() -> None:
    assert terms_of(build_edition("m32", library()), "village").objection_to == ("village-supervisor",)
