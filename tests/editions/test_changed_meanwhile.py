"""Two people change the local pack at once: nobody's change is lost without a word."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from tests.editions.local import LIUWAN
from tests.places.town import Town, build_town, viewer
from youying.editions import actions
from youying.editions.models import LocalPack
from youying.kernel.moments import still
from youying.kernel.refusals import Refused

ACCEPT, CONTACT = "loop.demand.clocks.accept.within", "loop.demand.clocks.contact.within"
PATIENCE_SECONDS, A_WHILE_SECONDS = 15, 0.6
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("every_word")]


@pytest.fixture
def town(db: None, at: Any) -> Town:
    """柳湾街道 with a local pack, of which the first version is in force."""
    clock = at("2026-11-18 09:40")
    made = build_town()
    made.clock = clock  # type: ignore[attr-defined]
    actions.adopt(made.town.path, local_toml=LIUWAN, by=office(made, "街道管理员"))
    clock.forward(minutes=5)
    return made


def office(town: Town, title: str) -> Any:
    """Somebody of the street who may change its packs."""
    return viewer(town.town.path, "packs", title=title, name="马瑞林")


def change(town: Town, key: str, value: str, *, title: str, version: int | None = 1) -> Any:
    """Change one number from the page that showed this version."""
    by = office(town, title)
    return actions.change_number(town.town.path, key=key, value=value, by=by, expected_version=version)


def newest(town: Town) -> str:
    """The local pack as it is now."""
    return LocalPack.objects.filter(area_path=town.town.path).order_by("-version")[0].toml


def test_the_second_of_two_at_once_is_told_who_changed_what(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    there, go_on, real = threading.Event(), threading.Event(), actions.preview_change
    monkeypatch.setattr(actions, "preview_change", lambda *given: slow(*given))
    got: list[str] = []

    def slow(*given: Any) -> Any:
        found = real(*given)
        if not there.is_set():
            there.set()
            assert go_on.wait(PATIENCE_SECONDS)
        return found

    def one(key: str, value: str, title: str) -> None:
        try:
            with still(town.clock()):  # type: ignore[attr-defined]
                change(town, key, value, title=title)
            got.append(f"{title} done")
        except Refused as refused:
            got.append(f"{refused.code}: {refused.say}")
        finally:
            connection.close()

    first = threading.Thread(target=one, args=(ACCEPT, "1 office-hours", "街道管理员"))
    second = threading.Thread(target=one, args=(CONTACT, "12 hours", "数据专员"))
    first.start()
    assert there.wait(PATIENCE_SECONDS)
    second.start()
    second.join(A_WHILE_SECONDS)
    go_on.set()
    first.join(PATIENCE_SECONDS)
    second.join(PATIENCE_SECONDS)
    assert got[0] == "街道管理员 done"
    assert got[1].startswith("changed-meanwhile: 您打开这一页以后，街道管理员改了本地包：")
    assert "“签收”的时限由2个工作小时改为1个工作小时" in got[1]
    assert 'accept.within = "1 office-hours"' in newest(town)


def test_who_comes_after_a_change_is_told_it_and_nothing_changes(town: Town) -> None:
    change(town, ACCEPT, "1 office-hours", title="街道管理员")
    with pytest.raises(Refused, match=r"^changed-meanwhile:.*街道管理员改了本地包：.*签收") as refused:
        change(town, CONTACT, "12 hours", title="数据专员")
    assert (refused.value.have, refused.value.need) == (2, 1)
    assert LocalPack.objects.count() == 2


def test_who_has_read_the_change_builds_upon_it(town: Town) -> None:
    change(town, ACCEPT, "1 office-hours", title="街道管理员")
    change(town, CONTACT, "12 hours", title="数据专员", version=2)
    assert "1 office-hours" in newest(town)
    assert "12 hours" in newest(town)


def test_a_whole_text_written_from_an_older_version_is_refused(town: Town) -> None:
    change(town, ACCEPT, "1 office-hours", title="街道管理员")
    text = LIUWAN.replace("接诉即办", "有诉必应")
    with pytest.raises(Refused, match=r"^changed-meanwhile:.*街道管理员"):
        actions.adopt(town.town.path, local_toml=text, by=office(town, "数据专员"), expected_version=1)
    actions.adopt(town.town.path, local_toml=text, by=office(town, "数据专员"), expected_version=2)
    assert newest(town) == text


def test_three_changes_and_more_are_summed_up(town: Town) -> None:
    text = LIUWAN.replace("接诉即办", "有诉必应").replace("2 office-hours", "1 office-hours")
    text += 'contact.within = "12 hours"\ncontact.title = "联系居民"\n'
    actions.adopt(town.town.path, local_toml=text, by=office(town, "街道管理员"))
    with pytest.raises(Refused, match=r"^changed-meanwhile:.*，另有1处。请刷新"):
        change(town, CONTACT, "6 hours", title="数据专员")
