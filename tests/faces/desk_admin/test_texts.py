"""Texts and categories on a page: what the model is worth, what people made of it, learning again, going back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import Enter, give
from tests.matters.world import World
from tests.text.letters import CODES, LETTERS
from youying.access.queries import viewer_of
from youying.jobs.worker import work_once
from youying.kernel.viewers import SYSTEM
from youying.matters import actions as matters
from youying.matters.actions import NeedIn, learning
from youying.matters.models import Matter
from youying.matters.queries.teaching import teaching
from youying.matters.studying import study_area
from youying.record.models import Entry
from youying.text import actions, queries
from youying.text.lessons import Lesson
from youying.text.models import LearnedModel

HTMX = {"HX-Request": "true"}
PAGE = "desk:texts"


@pytest.fixture
def taught(street: World, settings, tmp_path, monkeypatch) -> World:
    """The street leader holds the power; learning stays in the test's process and is not checked."""
    settings.YOUYING_HOME = tmp_path
    monkeypatch.setattr(learning, "in_a_child", lambda area, _check, tell: study_area(area, check=False, tell=tell))
    queries.forget()
    for name in ("leader", "stranger"):
        give(street.people[name], "texts")
    yield street
    queries.forget()


def decide(world: World, letters=LETTERS[::2]) -> None:
    for words, category in letters:
        need = NeedIn(kind="demand", text=words, channel="qr", category=category, category_guess=CODES["路灯"])
        matters.open_matter(need, place=world.place, by=world.dispatcher)


def take(world: World, macro_f1: float, area: str = "") -> LearnedModel:
    folder = queries.models_folder()
    folder.mkdir(exist_ok=True)
    file = f"{LearnedModel.objects.count()}.npz"
    (folder / file).write_bytes(b"model")
    lesson = Lesson(file=file, rows=812, known=900, classes=31, macro_f1=macro_f1, worst_fold=0.8, coverage_at_97=0.715)
    return actions.take_lesson(lesson, by=SYSTEM, area_path=area or world.town)


def text_of(client) -> str:
    return " ".join(client.get(reverse(PAGE)).content.decode().split())


def test_before_there_is_anything_the_page_says_how_many_are_needed(taught: World, enter: Enter) -> None:
    page = text_of(enter("leader"))
    assert "还没有模型" in page
    assert "至少要 60 件" in page
    assert "用已定的分类再学一次</button>" not in page


def test_the_model_in_force_is_shown_with_its_own_figures_and_what_came_since(taught: World, enter: Enter) -> None:
    take(taught, 0.931)
    decide(taught)
    page = text_of(enter("leader"))
    for said in ("0.931", "最差一份 0.800", "71.5%", "812 件已定分类的，31 个分类", "柳湾街道"):
        assert said in page, said
    assert "25 / 98" in page
    assert not [words for words, _ in LETTERS if words in page], "no letter's words on the page"


def test_a_model_learned_by_all_is_no_model_of_this_place_and_the_page_tells_the_two_apart(
    taught: World, enter: Enter
) -> None:
    take(taught, 0.931, area="/")
    page = text_of(enter("leader"))
    assert "学成于" in page and "整个安装" in page
    assert "柳湾街道自己还没有学过" in page and "在用的是整个安装一起学的" in page


def test_the_button_starts_a_job_with_a_bar_and_the_model_is_taken(taught: World, enter: Enter) -> None:
    decide(taught)
    client = enter("leader")
    page = client.post(reverse("desk:learn-texts"), follow=True).content.decode()
    assert "<progress" in page
    again = client.post(reverse("desk:learn-texts"))
    assert "已经在学了" in again.content.decode()
    bar = page.partition('hx-get="')[2].partition('"')[0]
    assert "<progress" in client.get(bar, headers=HTMX).content.decode()
    assert work_once("tests")
    done = client.get(bar, headers=HTMX)
    assert (done.status_code, done.headers["HX-Refresh"]) == (204, "true")
    assert "已经换上新的" in text_of(client)
    row = LearnedModel.objects.get()
    assert (row.area_path, row.in_use, row.made_by) == (taught.town, True, taught.leader.account_id)
    assert Entry.objects.get(act="text.learn").account_id == taught.leader.account_id


def test_a_model_that_is_worse_is_put_by_and_the_page_says_so(taught: World, enter: Enter) -> None:
    old = take(taught, 0.93)
    decide(taught)
    client = enter("leader")
    page = client.post(reverse("desk:learn-texts"), follow=True).content.decode()
    bar = page.partition('hx-get="')[2].partition('"')[0]
    assert work_once("tests")
    client.get(bar, headers=HTMX)
    said = text_of(client)
    assert "不如在用的，没有换" in said
    assert "没有换上" in said
    assert queries.model_serving(taught.town).id == old.pk


def test_too_few_decided_matters_refuse_the_button_too(taught: World, enter: Enter) -> None:
    decide(taught, LETTERS[:9])
    assert "至少要 60 件" in enter("leader").post(reverse("desk:learn-texts")).content.decode()
    assert not work_once("tests")


def test_an_earlier_model_is_used_again_by_one_press(taught: World, enter: Enter) -> None:
    old, _new = take(taught, 0.9), take(taught, 0.92)
    client = enter("leader")
    assert "用回这一个" in text_of(client)
    client.post(reverse("desk:use-model", args=[old.pk]))
    assert queries.model_serving(taught.town).id == old.pk
    assert "换上了" in text_of(client)


def test_a_neighbour_sees_and_changes_only_its_own_models(taught: World, enter: Enter) -> None:
    old, _new = take(taught, 0.9), take(taught, 0.92)
    decide(taught, LETTERS[:5])
    client = enter("stranger")
    assert "0.920" not in text_of(client)
    assert "还没有可数的" in text_of(client)
    assert client.post(reverse("desk:use-model", args=[old.pk])).status_code in (403, 404, 409, 422)
    assert not LearnedModel.objects.get(pk=old.pk).in_use


def test_who_lacks_the_power_is_told_whom_to_ask(taught: World, enter: Enter) -> None:
    client = enter("dispatcher")
    for answer in (client.get(reverse(PAGE)), client.post(reverse("desk:learn-texts"))):
        assert answer.status_code == 403
        assert "请找本单位管理员" in answer.content.decode()


def test_who_asked_is_the_viewer_of_the_post(taught: World) -> None:
    seen = learning.viewer_at(taught.leader.post_id)
    assert seen == viewer_of(learning.Post.objects.get(pk=taught.leader.post_id))


def test_what_the_officer_chose_at_the_desk_is_counted_against_what_the_words_suggested(
    taught: World, enter: Enter
) -> None:
    client, words = enter("duty"), "楼下路灯不亮，漆黑一片，有人摔倒。"
    token = client.get(reverse("desk:intake")).content.decode().partition('name="token" value="')[2].partition('"')[0]
    given = {"kind": "demand", "channel": "walk-in", "text": words, "area": taught.community, "token": token}
    client.post(reverse("desk:intake"), {**given, "category": CODES["停车"]})
    matter = Matter.objects.get()
    assert (matter.category, matter.category_guess, matter.category_by) == (CODES["停车"], CODES["路灯"], "person")
    found = teaching(viewer_of(learning.Post.objects.get(pk=taught.leader.post_id)), taught.town)
    assert (found.kept, found.decided) == (0, 1)
