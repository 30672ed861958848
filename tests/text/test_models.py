"""Which model is in use: taken where it is not worse, an earlier one used again, one that may hold erased words removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.matters import world as worlds
from tests.text.letters import CODES, LETTERS
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record.models import Entry
from youying.text import actions, queries
from youying.text.actions.learning import FILES_KEPT
from youying.text.lessons import Lesson
from youying.text.models import LearnedModel
from youying.text.rules import fit_to_learn, nearest, no_worse
from youying.text.study import study


@pytest.fixture
def world(at, db, settings, tmp_path):
    """The fictional street, with a folder of its own for models."""
    settings.YOUYING_HOME = tmp_path
    clock = at("2026-11-13 15:52")
    queries.forget()
    made = worlds.build()
    made.clock = clock
    yield made
    queries.forget()


def lesson(macro_f1: float | None = 0.9, **more) -> Lesson:
    """A model that was learned, as a file that nobody opens."""
    folder = queries.models_folder()
    folder.mkdir(exist_ok=True)
    file = f"{LearnedModel.objects.count()}.npz"
    (folder / file).write_bytes(b"model")
    return Lesson(**{"file": file, "rows": 100, "known": 120, "classes": 4, "macro_f1": macro_f1, **more})


def take(world, macro_f1: float | None = 0.9, *, area: str = "", by: Viewer = SYSTEM) -> LearnedModel:
    return actions.take_lesson(lesson(macro_f1), by=by, area_path=area or world.town)


def files() -> set[str]:
    return {path.name for path in (Path(settings.YOUYING_HOME) / "models").iterdir()}


def test_a_model_learned_and_checked_reads_the_next_letter(world):
    learned = study(LETTERS, folder=queries.models_folder(), at=now())
    row = actions.take_lesson(learned, by=SYSTEM, area_path=world.town)
    assert (row.rows, row.classes, row.in_use) == (len(LETTERS), 4, True)
    assert 0.5 < row.worst_fold <= row.macro_f1 <= 1.0
    assert row.coverage_at_97 is not None
    decided = queries.decide_category("新桥里的路灯不亮，天黑看不清路", threshold=0.5, area_path=world.community)
    assert decided.label == CODES["路灯"]
    assert decided.guess == decided.label
    assert decided.share >= 50


def test_how_far_the_checking_is_is_told(world):
    told: list[tuple[int, int]] = []
    study(LETTERS, folder=queries.models_folder(), at=now(), tell=lambda done, total: told.append((done, total)))
    assert told == [(n, 6) for n in range(1, 7)]


def test_a_model_that_is_worse_is_put_by_and_a_luckier_fold_is_not_worse(world):
    old = take(world, 0.9)
    assert take(world, 0.85).in_use is False
    old.refresh_from_db()
    assert old.in_use
    assert take(world, 0.895).in_use is True
    assert queries.model_serving(world.community).macro_f1 == 0.895


def test_a_checked_model_takes_the_place_of_one_that_never_was_and_not_the_other_way_round():
    assert no_worse(0.3, None)
    assert not no_worse(None, 0.3)
    assert no_worse(None, None)


def test_every_taking_and_putting_by_leaves_an_entry(world):
    taken, put_by = take(world, 0.9), take(world, 0.2)
    facts = [Entry.objects.get(subject=f"model:{row.pk}", act="text.learn").facts for row in (taken, put_by)]
    assert [said["taken"] for said in facts] == [True, False]


def test_an_earlier_model_is_used_again_and_the_entry_says_so(world):
    old, new = take(world, 0.9), take(world, 0.92)
    actions.use_model(old.pk, by=SYSTEM)
    assert list(LearnedModel.objects.filter(in_use=True)) == [old]
    assert Entry.objects.filter(subject=f"model:{old.pk}", act="text.use-model").count() == 1
    actions.use_model(new.pk, by=SYSTEM)
    actions.use_model(new.pk, by=SYSTEM)
    assert Entry.objects.filter(subject=f"model:{new.pk}", act="text.use-model").count() == 1


def test_models_are_left_alone_by_who_lacks_the_power_or_the_reach(world):
    old = take(world, 0.9)
    take(world, 0.92)
    far = Viewer(kind="post", name="路人甲", reach="/elsewhere", powers=frozenset({"texts"}))
    for by, code in ((world.secretary, "no-power"), (far, "unknown-model")):
        with pytest.raises(Refused, match=code):
            actions.use_model(old.pk, by=by)
    with pytest.raises(Refused, match="out-of-reach"):
        take(world, 0.99, by=far)
    with pytest.raises(Refused, match="no-power"):
        queries.learned_models(world.secretary)
    assert queries.learned_models(far) == []
    assert LearnedModel.objects.count() == 2


def test_a_community_reads_by_its_own_model_and_its_neighbour_by_the_one_above(world):
    whole, own = take(world, area="/"), take(world, area=world.community)
    assert queries.model_serving(world.community).id == own.pk
    assert queries.model_serving(world.town + "/990101001002").id == whole.pk
    assert LearnedModel.objects.filter(in_use=True).count() == 2


def test_what_is_nearest_is_the_place_itself_then_what_lies_above():
    kept = {"/": "whole", "/a/b": "town", "/a/b/c": "community"}
    assert [nearest(kept, path) for path in ("/a/b/c", "/a/b/c/d", "/a/b/x", "/a/bc", "/", "")] == [
        "community", "community", "town", "whole", "whole", "whole",
    ]  # fmt: skip
    assert nearest({"/a": "one"}, "/b") is None


def test_a_model_goes_with_its_place(world):
    row = take(world)
    actions.learning.follow_move(world.town, new_path="/elsewhere/990101001")
    row.refresh_from_db()
    assert row.area_path == "/elsewhere/990101001"


def test_models_that_may_hold_erased_words_lose_their_files_and_cannot_be_used_again(world):
    old, new = take(world, 0.9), take(world, 0.92)
    actions.doubt_models()
    assert queries.stale_areas() == {world.town}
    with pytest.raises(Refused, match="model-gone"):
        actions.use_model(old.pk, by=SYSTEM)
    fresh = take(world, 0.1)
    assert fresh.in_use, "a model without the erased words is taken even where it does worse"
    assert actions.drop_stale(world.town, by=SYSTEM) == 2
    assert files() == {fresh.file}
    assert Entry.objects.filter(act="text.drop-models").count() == 2
    with pytest.raises(Refused, match="model-gone"):
        actions.use_model(new.pk, by=SYSTEM)
    assert actions.drop_stale(world.town, by=SYSTEM) == 0


def test_only_the_newest_models_put_by_keep_their_files(world):
    for _ in range(FILES_KEPT + 3):
        take(world, 0.9)
    assert len(files()) == FILES_KEPT + 1
    assert LearnedModel.objects.count() == FILES_KEPT + 3


@pytest.mark.parametrize(
    ("letters", "code"),
    [
        ({"a": 30, "b": 29}, "too-few-decided"),
        ({"a": 56, "b": 4}, "too-few-decided"),
        ({"a": 80, "b": 4}, "too-few-categories"),
    ],
)
def test_too_little_to_learn_from_is_refused_with_how_much_is_needed(letters, code):
    assert fit_to_learn({"a": 55, "b": 5}) == {"a", "b"}
    with pytest.raises(Refused, match=code) as refused:
        fit_to_learn(letters)
    assert refused.value.have < refused.value.need or code == "too-few-categories"


def test_letters_so_alike_that_none_can_be_held_out_are_refused(world):
    alike = [("楼下的下水道又堵了，往外返水", CODES["供暖"])] * 40 + [
        ("楼下的下水道又堵了，往外返水！", CODES["噪音"])
    ] * 40
    with pytest.raises(Refused, match="letters-too-alike"):
        study(alike, folder=queries.models_folder(), at=now())
    assert not queries.models_folder().exists()
