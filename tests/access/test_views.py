"""Views of lists that somebody keeps for oneself."""

from __future__ import annotations

import pytest

from tests.access.telling import code_of
from youying.access import actions
from youying.access.queries import saved_views
from youying.kernel.viewers import PUBLIC
from youying.record.queries import story

pytestmark = pytest.mark.django_db


def test_a_view_is_kept_renewed_and_forgotten_by_its_owner_alone(cast):
    lin, zhou = cast.lin_xiaohe.viewer, cast.zhou_zhiyuan.viewer
    first = actions.save_view(by=lin, page="matters", title=" 供暖季 ", query="category=utilities")
    again = actions.save_view(by=lin, page="matters", title="供暖季", query="category=utilities&lamp=red")
    assert again.pk == first.pk
    assert [(view.title, view.query) for view in saved_views(lin, "matters")] == [
        ("供暖季", "category=utilities&lamp=red")
    ]
    assert saved_views(zhou, "matters") == [] == saved_views(lin, "other-page")
    assert code_of(lambda: actions.drop_view(first.pk, by=zhou)) == "not-found"
    actions.drop_view(first.pk, by=lin)
    assert saved_views(lin, "matters") == []
    acts = [entry.act for entry in story(cast.lin_xiaohe.account.subject)]
    assert acts[-3:] == ["access.save-view", "access.save-view", "access.drop-view"]


def test_a_view_needs_an_account_a_short_name_and_a_sensible_number(cast):
    lin = cast.lin_xiaohe.viewer
    assert code_of(lambda: actions.save_view(by=PUBLIC, page="matters", title="甲", query="")) == "sign-in-first"
    assert code_of(lambda: actions.save_view(by=lin, page="matters", title="", query="")) == "words-unfit"
    assert code_of(lambda: actions.save_view(by=lin, page="matters", title="长", query="x" * 501)) == "view-too-long"
    for number in range(12):
        actions.save_view(by=lin, page="matters", title=f"视图{number}", query="")
    assert code_of(lambda: actions.save_view(by=lin, page="matters", title="又一个", query="")) == "too-many-views"
    assert actions.save_view(by=lin, page="matters", title="视图3", query="lamp=red").query == "lamp=red"
