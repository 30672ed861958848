"""Kills processes that finish a part, and lets two of them meet on one whole; says as JSON lines what was found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from tests.matters import killing, racing  # sets Django up

from tests.matters import world as worlds  # isort: skip
from tests.matters.jointly import ASKED, BODIES
from youying.access.models import Unit
from youying.kernel.moments import now, set_clock
from youying.matters import actions
from youying.matters.models import Matter, Part
from youying.matters.replaying import differences
from youying.packs.source import library, with_value

FIRST = ("notarise", "assess-tax")
MEET = {"title": "会商", "from": ["given"], "by": ["window"], "needs": ["session"]}


def lay_out() -> dict[str, Any]:
    """The street of joint service, built once."""
    set_clock(lambda: killing.START)
    made = worlds.build("m33")
    set_clock(lambda: killing.START + timedelta(seconds=1))
    worlds.adopt(with_value(library()["m33"], key="loop.commitment.acts.meet", value=MEET), made.town)
    county = made.town.rpartition("/")[0]
    for kind, title in BODIES.items():
        unit = Unit.objects.create(code=kind, title=title, kind=kind, reach=county)
        made.people[kind] = worlds.person(f"{title}窗口", "", "窗口人员", unit=unit)
    made.people["window"] = worlds.person("沈知秋", "window", "综合窗口", reach=county)
    people = {name: {**asdict(viewer), "powers": sorted(viewer.powers)} for name, viewer in made.people.items()}
    return {"people": people, "building": made.place.building_id, "company": made.property_company.pk}


class Street(killing.Street):
    """The street as a child rebuilds it, with a window and three bodies."""

    def report(self, key: str, **more: Any) -> Any:
        """An application with an outer number."""
        asked = worlds.need(kind="application", text=ASKED, channel="walk-in", category="", urgency="", external_id=key)
        return actions.open_matter(asked, place=self.place, by=self.window)

    def do_dispatch(self, matter: Matter) -> Any:
        """Take it and send it to the bodies."""
        files = {"id": [worlds.photo(self.window)], "deed": [worlds.photo(self.window)]}
        actions.act(matter.pk, "accept", by=self.window, papers=files)
        joint = [self.tax.unit_id, self.registry.unit_id]
        return actions.act(matter.pk, "forward", by=self.window, unit=self.notary.unit_id, joint=joint)

    def do_work(self, matter: Matter) -> Any:
        """The first two bodies say that theirs is done."""
        for code, by in zip(FIRST, (self.notary, self.tax), strict=True):
            actions.act(below(matter, code), "complete", by=by, note="已经办好")

    def check(self, matter: Matter, code: str) -> Any:
        """The window takes one part over, if nobody did."""
        return actions.act(below(matter, code), "recheck", by=self.window, passed=True)


def below(matter: Matter, code: str) -> int:
    """The key of the matter that a part has become."""
    key = Part.objects.get(matter=matter, code=code).child_id
    assert key is not None
    return key


def check_last(street: Street, key: str) -> None:
    """Take over the second of two finished parts, if nobody did: the third opens with it."""
    matter = killing.found(key)
    for code in FIRST:
        if Part.objects.get(matter=matter, code=code).state == "running":
            street.check(matter, code)


def both_checked(street: Street, key: str) -> list[Callable[[], Any]]:
    """The window takes two parts over at the same moment."""
    matter = killing.found(key)
    return [lambda: street.check(matter, FIRST[0]), lambda: street.check(matter, FIRST[1])]


def check_and_withdraw(street: Street, key: str) -> list[Callable[[], Any]]:
    """One part is taken over while the applicant withdraws the whole."""
    matter = killing.found(key)
    return [
        lambda: street.check(matter, FIRST[0]),
        lambda: actions.act(matter.pk, "withdraw", by=street.window, reason="withdrawn"),
    ]


def drop_and_check(street: Street, key: str) -> list[Callable[[], Any]]:
    """One part is dropped while another is taken over."""
    matter = killing.found(key)
    return [
        lambda: actions.drop_part(matter.pk, FIRST[0], by=street.window, note="不用再办了"),
        lambda: street.check(matter, FIRST[1]),
    ]


def meet_and_note(street: Street, key: str) -> list[Callable[[], Any]]:
    """A meeting on one part is written down while somebody adds a word to the same part."""
    part = Matter.objects.get(pk=below(killing.found(key), FIRST[0]))
    called = actions.call_meeting(
        by=street.window, title="公证协调会", meets_at=now(), place="政务大厅", matters=[part.number]
    )
    came = [actions.Came(street.notary.unit_id, "董建平")]
    return [
        lambda: actions.hold_meeting(called.pk, by=street.window, came=came, minutes="材料齐了就出证", decisions={}),
        lambda: actions.add_words(part.pk, by=street.window, words="请先看委托书"),
    ]


LATER = timedelta(minutes=5)
killing.lay_out = lay_out
killing.Street = racing.Street = Street
killing.KILLED = {"check": (("dispatch", "work"), LATER, check_last)}
racing.RACES = {
    "both-checked": (("dispatch", "work"), LATER, both_checked),
    "check-and-withdraw": (("dispatch", "work"), LATER, check_and_withdraw),
    "drop-and-check": (("dispatch", "work"), LATER, drop_and_check),
    "meet-and-note": (("dispatch",), LATER, meet_and_note),
}
said_of_one = killing.say


def say(key: str) -> dict[str, Any]:
    """What must hold of the whole, and of every part."""
    matter = killing.found(key)
    children = list(Matter.objects.filter(parent=matter).order_by("pk"))
    parts = {part.code: part.state for part in Part.objects.filter(matter=matter).order_by("pk")}
    return said_of_one(key) | {
        "parts": parts,
        "children": [child.title for child in children],
        "children_replay": all(differences(child) == {} for child in children),
        "running": sorted(
            part.code for part in Part.objects.filter(matter=matter, child__ended_at__isnull=True, child__isnull=False)
        ),
    }


killing.say = racing.say = say


def main(*scenarios: str) -> None:
    """Play each scenario, its name before its lines."""
    told = killing.stage()
    for scenario in scenarios:
        killing.tell({"scenario": scenario})
        (killing.kill_everywhere if scenario in killing.KILLED else racing.race)(scenario, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
