"""What a person decides becomes training data: from the first decided matters to the next letter's category."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from tests.matters.world import World
from tests.text.letters import CODES, LETTERS
from youying.jobs.actions import fire
from youying.jobs.models import Job
from youying.jobs.tasks import tick
from youying.jobs.timers import TIMERS
from youying.jobs.worker import work_once
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, learning
from youying.matters.models import Matter
from youying.matters.queries import teaching
from youying.matters.queries.teaching import ERASED_WORDS
from youying.matters.searching import condition
from youying.matters.studying import study_area
from youying.places.placing import Place
from youying.record.actions import erase
from youying.text import queries as texts
from youying.text.lessons import Lesson
from youying.text.models import LearnedModel

WRONG = "traffic.parking.dead-cars"
NEXT = "新桥里入夜以后路灯不亮，漆黑一片，有人摔倒，盼早日处理。"


@pytest.fixture
def street(world: World, settings, tmp_path) -> World:
    """The street, with a folder of its own for models, learning in this process."""
    settings.YOUYING_HOME = tmp_path
    texts.forget()
    yield world
    texts.forget()


@pytest.fixture
def here(monkeypatch):
    """Learning stays in the test's process, which alone sees the test's rows."""
    monkeypatch.setattr(learning, "in_a_child", lambda area, check, tell: study_area(area, check=check, tell=tell))


def report(world: World, text: str, *, at_place: Place | None = None, **more) -> Matter:
    """A matter opened with what the words suggested."""
    given = {"kind": "demand", "text": text, "channel": "qr", **more}
    return actions.open_matter(NeedIn(**given), place=at_place or world.place, by=world.dispatcher).matter


def decide(world: World, letters=LETTERS, *, suggested: str = WRONG) -> list[Matter]:
    """Matters for which the machine suggested one thing and a person chose another."""
    made = []
    for text, category in letters:
        matter = report(world, text, category_guess=suggested, category_share=41, category_by="machine")
        made.append(actions.correct(matter.pk, by=world.dispatcher, category=category))
    return made


def learner(world: World, *, reach: str = "") -> Viewer:
    """Somebody who may teach, within a reach."""
    return replace(world.leader, reach=reach or world.town, powers=world.leader.powers | {"texts"})


def test_what_people_decide_against_the_suggestion_is_what_the_next_letter_gets(street, here):
    decide(street)
    before = texts.decide_category(NEXT, threshold=0.6, area_path=street.community)
    row = learning.learn_anew(street.town, by=learner(street))
    after = texts.decide_category(NEXT, threshold=0.6, area_path=street.community)
    assert (row.rows, row.known, row.in_use) == (len(LETTERS), len(LETTERS), True)
    assert after.label == CODES["路灯"]
    assert after.why == "model"
    assert after.share > max(60, before.share)
    assert f"{after.share}%" in after.say.replace(" %", "%")
    asked = teaching.teaching(learner(street), street.town)
    assert (asked.decided, asked.kept) == (len(LETTERS), 0)


def test_a_suggestion_that_a_person_keeps_and_one_that_nobody_touched_are_counted_apart(street):
    decide(street, LETTERS[:3], suggested=CODES["供暖"])
    decide(street, LETTERS[60:64], suggested=CODES["供暖"])
    report(street, NEXT, category=CODES["路灯"], category_guess=CODES["路灯"], category_share=99, category_by="machine")
    seen = teaching.teaching(learner(street), street.town)
    assert [(one.category, one.kept, one.changed) for one in seen.agreements] == [(CODES["供暖"], 3, 4)]
    assert (seen.left_alone, seen.known) == (1, 7)


def test_a_machine_never_teaches_itself_and_a_resident_only_once_the_matter_was_crossed_off(street):
    report(street, NEXT, category=CODES["路灯"], category_by="machine")
    said = report(street, NEXT, category=CODES["路灯"], category_by="reporter")
    assert teaching.letters(street.town) == []
    Matter.objects.filter(pk=said.pk).update(crossed_off=True, ended_at=now())
    assert [words for words, _ in teaching.letters(street.town)] == [NEXT]
    report(street, "楼上脚步声很吵，睡不着觉。", category=CODES["噪音"], category_by="import")
    assert len(teaching.letters(street.town)) == 2


def test_a_dispatcher_who_names_the_category_has_decided_it(street):
    matter = report(street, NEXT, category_guess=CODES["路灯"], category_share=55, category_by="machine")
    actions.act(matter.pk, "dispatch", by=street.dispatcher, unit=street.property_company.pk, category=CODES["路灯"])
    assert teaching.letters(street.town) == [(NEXT, CODES["路灯"])]


def test_merged_excluded_and_closed_categories_teach_nothing(street):
    main, merged, excluded = decide(street, LETTERS[:3])
    actions.act(merged.pk, "merge", by=street.dispatcher, into=main.number)
    actions.exclude(excluded.pk, by=street.dispatcher, reason="litigation", note="已起诉")
    Matter.objects.filter(pk=report(street, NEXT).pk).update(category="gone.for-good", category_by="person")
    assert teaching.letters(street.town) == [LETTERS[0]]
    assert teaching.letters_by_category(street.town) == {LETTERS[0][1]: 1}


def test_nothing_from_outside_the_reach_is_learned_or_shown(street):
    decide(street, LETTERS[:2])
    other = "/99/9901/990101/990101002/990101002001"
    Matter.objects.filter(pk=report(street, NEXT, category=CODES["路灯"]).pk).update(area_path=other, place_path=other)
    assert len(teaching.letters(street.town)) == 2
    assert len(teaching.letters("/")) == 3
    neighbour = learner(street, reach=other.rpartition("/")[0])
    with pytest.raises(Refused, match="out-of-reach"):
        teaching.teaching(neighbour, street.town)
    with pytest.raises(Refused, match="out-of-reach"):
        learning.learn_anew(street.town, by=neighbour)
    with pytest.raises(Refused, match="no-power"):
        learning.learn_anew(street.town, by=street.secretary)


def test_too_few_decided_matters_are_refused_with_how_many_are_needed(street, here):
    decide(street, LETTERS[:10])
    with pytest.raises(Refused, match="too-few-decided") as refused:
        learning.learn_anew(street.town, by=learner(street))
    assert refused.value.need == 60
    assert not LearnedModel.objects.exists()


def test_erased_words_leave_the_row_the_search_and_with_the_next_learning_the_model(street, here):
    matters = decide(street, [*LETTERS, ("独一无二的琉璃蛤蟆灯不亮了，老人摔倒。", CODES["路灯"])])
    row = learning.learn_anew(street.town, by=learner(street))
    assert "琉" in vocabulary(row)
    erase(over(matters[-1]).subject, by=SYSTEM, reason="person-asks")
    matter = Matter.objects.get(pk=matters[-1].pk)
    assert (matter.words, matter.place_words, matter.category) == (ERASED_WORDS, "", CODES["路灯"])
    assert found("琉璃蛤蟆") == 0
    fresh = learning.learn_anew(street.town, by=SYSTEM)
    row.refresh_from_db()
    assert fresh.in_use
    assert "琉" not in vocabulary(fresh)
    assert row.file == ""
    assert [path.name for path in texts.models_folder().iterdir()] == [fresh.file]


def vocabulary(row: LearnedModel) -> str:
    model = texts._loaded(row.file)
    return "".join(gram for block in model.judges.features.blocks for gram in block.vocabulary)


def over(matter: Matter) -> Matter:
    """The same matter when it is over: what runs is not erased."""
    Matter.objects.filter(pk=matter.pk).update(ended_at=now())
    return matter


def found(text: str) -> int:
    where, parameters = condition(text)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM matters_matter WHERE {where}", parameters)
        return cursor.fetchone()[0]


def test_words_erased_while_learning_went_on_put_the_new_model_in_doubt(street, monkeypatch):
    matters = decide(street)

    def slow(area: str, check: bool, tell: learning.Tell) -> Lesson:
        lesson = study_area(area, check=False, tell=tell)
        erase(over(matters[0]).subject, by=SYSTEM, reason="person-asks")
        return lesson

    learning.learn_anew(street.town, by=SYSTEM, study=slow)
    assert texts.stale_areas() == {street.town}


class Asking:
    """Notes what the night asked for."""

    def __init__(self) -> None:
        self.areas: list[str] = []

    def __call__(self, area_path: str) -> None:
        self.areas.append(area_path)


def night(street: World) -> list[str]:
    asked = Asking()
    learning.learn_by_night(by=SYSTEM, ask=asked)
    return asked.areas


def test_by_night_it_learns_a_week_on_where_enough_was_decided_since(street, here, settings):
    settings.YOUYING_LEARN_AFTER = 5
    assert night(street) == []
    decide(street, LETTERS[:180])
    assert night(street) == ["/"]
    learning.learn_anew(street.town, by=SYSTEM)
    street.clock.forward(days=8)
    decide(street, LETTERS[180:184])
    assert night(street) == [], "four are fewer than five"
    decide(street, LETTERS[184:185])
    assert night(street) == [street.town]
    learning.learn_anew(street.town, by=SYSTEM)
    decide(street, LETTERS[185:191])
    assert night(street) == [], "a week has not passed"


def test_the_night_after_an_erasure_it_learns_anew_or_lets_the_model_go(street, here):
    matters = decide(street, LETTERS[:61] + LETTERS[-20:])
    learning.learn_anew(street.town, by=SYSTEM, check=False)
    erase(over(matters[0]).subject, by=SYSTEM, reason="person-asks")
    assert night(street) == [street.town]
    Matter.objects.filter(pk__in=[one.pk for one in matters[30:]]).update(excluded="litigation")
    assert night(street) == []
    assert texts.model_serving(street.town) is None
    assert list(texts.models_folder().iterdir()) == []


def test_the_timer_asks_for_a_job_that_learns(street, here, settings):
    decide(street)
    timer = TIMERS["matters.learn-categories"]
    assert fire(timer, tick=now(), task=tick)
    while work_once("tests"):
        pass
    row = LearnedModel.objects.get()
    assert (row.area_path, row.made_by, row.in_use) == ("/", None, True)
    job = Job.objects.get(task="youying.matters.tasks.learn_categories")
    assert (job.state, job.done, job.total) == ("SUCCESSFUL", 6, 6)


def test_a_model_that_could_not_be_kept_leaves_no_file(street, monkeypatch):
    decide(street)
    monkeypatch.setattr(
        learning, "take_lesson", lambda *_, **__: (_ for _ in ()).throw(Refused("no-power", say="不行"))
    )
    with pytest.raises(Refused):
        learning.learn_anew(street.town, by=SYSTEM, check=False, study=lambda a, c, t: study_area(a, check=c, tell=t))
    assert list(texts.models_folder().iterdir()) == []


def test_who_asked_must_still_be_in_post(street):
    post = street.leader.post_id
    assert learning.viewer_at(post).name == "何立诚"
    street.clock.forward(days=1)
    learning.Post.objects.filter(pk=post).update(until=now() - timedelta(hours=1))
    with pytest.raises(Refused, match="post-ended"):
        learning.viewer_at(post)
    assert learning.viewer_at(None) == SYSTEM


def test_a_street_without_a_model_reads_by_keywords(street):
    assert texts.model_serving(street.town) is None
    decision = texts.decide_category(NEXT, threshold=0.999, area_path=street.town)
    assert (decision.label, decision.guess) == (None, CODES["路灯"])
