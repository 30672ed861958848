"""A street with one of each thing that an address can name, and the people who stand before its doors."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks.base import TaskResultStatus

from tests.access.doors import DOORS, Door
from tests.access.means import IN_PLACE, OPEN_MEANS, SAID, of_means
from tests.cast import sign_in
from tests.channels.hotline.world import a_row, csv_file, loaded
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk_admin.conftest import LOCAL, open_units
from tests.matters import world as worlds
from tests.sheets.forms import edition_with, items
from youying.access.models import Account, Post, SavedView, SessionSeat, Unit
from youying.access.queries import viewer_of
from youying.channels.hotline.models import Export
from youying.channels.notify.models import Notice
from youying.editions import actions as editions
from youying.editions.models import EditionRow
from youying.files.actions import take
from youying.files.models import Upload
from youying.insight.models import Warning
from youying.jobs.models import Job
from youying.jobs.tasks import verify_book
from youying.kernel.moments import now
from youying.kernel.viewers import POWERS, SYSTEM, Viewer
from youying.matters import actions
from youying.matters.models import AgendaItem, Ask, Consultation, Matter, Part, Reporter, Supervision
from youying.partners.models import Agreement
from youying.people.models import Shift, Swap
from youying.places import actions as places
from youying.places.models import Building, EntranceCode
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.record.models import Announcement
from youying.sheets import actions as sheets
from youying.text.models import LearnedModel

Thing = tuple[dict[str, Any], dict[str, Any]]
"""What stands in the address of a thing, and what a form sends of it."""


@dataclass(frozen=True)
class Role:
    """Somebody before a door: the browser, the powers, whether they sit in a running post, and what they may reach."""

    name: str
    client: Client
    powers: frozenset[str] = frozenset()
    signed_in: bool = True
    in_post: bool = True
    reaches: frozenset[str] = frozenset()
    owns: bool = False

    def sees(self, door: Door) -> bool:
        """Whether the thing of a door is theirs to open."""
        return door.of in FOR_ALL or (self.owns if door.own else self.owns or door.of in self.reaches)


FOR_ALL = frozenset(
    {
        "",
        "any-job",
        "menu-item",
        "joint-service",
        "entrance",
        "ledger-part",
        "rates-part",
        *OPEN_MEANS,
        "place-kind",
        "post-kind",
        "duty-kind",
    }
)
"""What an address can name that is nobody's: parts of a page, kinds of tables."""
THINGS = frozenset({door.of for door in DOORS.values()}) - FOR_ALL
OF_A_MATTER = frozenset({"matter", "photo", "ask", "step", "deadline", "reporter", "paper", "many", "meeting"})
ASIDE = frozenset({"narrow", "new-unit"})
"""What a page that is anybody's may be asked for: it says no to that, or shows its empty self."""
TO_BE_TAKEN = frozenset({"number", "day", "param", "under", "new-unit", "many"})
"""What a form names so fully that its owner's answer is more than a fault beside a field."""


def a_paper(matter: Matter, *, by: Viewer) -> int:
    """A sheet filled in for the matter, of an edition that no place follows."""
    edition = edition_with(items("what", "phone"))
    EditionRow.objects.create(digest=edition.digest, canonical=edition.canonical, title="", made_at=now())
    said = {"what": "核对继承", "phone": "13800000417"}
    row = sheets.fill(
        subject=matter.subject, sheet="survey", edition=edition, values=said, by=by, act="check", path=matter.place_path
    )
    return row.pk


def a_part(world: worlds.World, matter: Matter) -> str:
    """A part of the matter that nobody has begun; its code."""
    Part.objects.create(
        matter=matter,
        code="sweep",
        title="清淤",
        unit=world.office,
        loop="commitment",
        state="waiting",
        listed_at=now(),
    )
    Matter.objects.filter(pk=matter.pk).update(parts_done=False)
    return "sweep"


def a_partner(world: worlds.World) -> Unit:
    """A unit that signed an agreement."""
    unit = Unit.objects.create(code="minghe", title="和顺物业（新）", kind="partner", reach=world.community)
    day = now().date()
    said = {"signed_on": day, "since": day, "until": day + timedelta(days=300)}
    Agreement.objects.create(unit=unit, area_path=unit.reach, register="partner", **said)
    return unit


def a_supervision(world: worlds.World, matter: Matter) -> str:
    """A supervision by the street leader that the dispatcher asked for; its number."""
    actions.act(matter.pk, "supervise", by=world.leader, note="返水一直没有修")
    row = Supervision.objects.get(matter=matter)
    Supervision.objects.filter(pk=row.pk).update(opened_by={**row.opened_by, "account": world.dispatcher.account_id})
    return row.number


def a_meeting(world: worlds.World, matter: Matter) -> str:
    """A joint meeting on the matter, called by the dispatcher; its number."""
    called = {"account": world.dispatcher.account_id, "post": world.dispatcher.post_id, "code": "dispatcher"}
    row = Consultation.objects.create(
        number="2611-001", title="返水会商", area_path=world.town, called_at=now(), called_by=called,
        meets_at=now(), place="社区", units=[world.property_company.pk],
    )  # fmt: skip
    AgendaItem.objects.create(consultation=row, matter=matter, place=1)
    return row.number


@act("tests.open-things")
def open_things(*, by: Viewer) -> None:
    """The record knows the notice and the warning of the street."""
    for row in (
        *Notice.objects.all(),
        *Warning.objects.all(),
        *Export.objects.all(),
        *Shift.objects.all(),
        *Consultation.objects.all(),
    ):
        open_subject(row.subject)
        write(row.subject, "tests.open-things", by=by, facts={})


def build() -> worlds.World:
    """The street, its local pack, its people able to sign in; the dispatcher may do everything here."""
    world = worlds.build()
    open_accounts(by=SYSTEM)
    open_units(by=SYSTEM)
    joint = LOCAL.replace('["m01@1"]', '["m01@1", "m33@1"]')
    editions.adopt(world.town, local_toml=joint + SAID, by=SYSTEM)
    for name in ("dispatcher", "leader", "stranger"):
        empower(world, name, POWERS)
    return world


def empower(world: worlds.World, name: str, powers: Any) -> None:
    """Let somebody's post hold exactly these powers."""
    Post.objects.filter(pk=world.people[name].post_id).update(powers=list(powers))
    world.people[name] = viewer_of(Post.objects.select_related("account", "unit").get(pk=world.people[name].post_id))


def things(world: worlds.World) -> dict[str, Thing]:
    """One of each thing of the street, by its name in the table of doors."""
    dispatcher = world.dispatcher
    matter = worlds.dispatched(world)
    done = worlds.completed(world)
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    reporter = Reporter.objects.filter(matter=matter).earliest("pk")
    row = loaded(world, csv_file([a_row()]))
    building = Building.objects.get()
    places.issue_entrance_codes(building.path, by=SYSTEM)
    code = EntranceCode.objects.earliest("pk").code
    table = take(SimpleUploadedFile("表.csv", "代码,名称\n1,甲\n".encode()), by=dispatcher, role="import").token
    month = take(SimpleUploadedFile("班.csv", "日期,值班人\n30日,甲\n".encode()), by=dispatcher, role="import").token
    account = world.secretary.account_id
    sign_in(Client(), Account.objects.get(pk=account))
    seat = SessionSeat.objects.filter(account_id=account).earliest("pk")
    own_seat = SessionSeat.objects.create(
        key_hash=secrets.token_hex(32), account_id=dispatcher.account_id, started_at=now(), seen_at=now()
    )
    stuck = Announcement.objects.filter(subject=matter.subject).earliest("pk")
    Announcement.objects.filter(pk=stuck.pk).update(stuck=True, delivered_at=None)
    view = SavedView.objects.create(
        account_id=dispatcher.account_id, page="ledger", title="我的", query="?state=all", made_at=now()
    )
    made = _rows(world, matter) | _duty(world)
    open_things(by=SYSTEM)
    number, renamed = {"number": matter.number}, {"path": building.path, "name": "三号楼"}
    return {
        "matter": (number, {"words": "再问一次"}),
        "photo": ({"token": Upload.objects.filter(subject=done.subject).earliest("pk").token}, {}),
        "ask": ({"ask_id": Ask.objects.get().pk}, {"answer": "approve", "note": "同意退回"}),
        "deadline": ({**number, "code": "complete", "run": 1}, {}),
        "part": ({**number, "code": a_part(world, matter)}, {"what": "drop", "note": "不用再办"}),
        "step": ({**number, "act_id": "correct"}, {"title": "改过的标题"}),
        "reporter": ({**number, "reporter_id": reporter.pk}, {"purpose": "contact", "way": "counter"}),
        "supervision": ({"number": a_supervision(world, matter), "act": "release"}, {"note": "可以解除"}),
        "meeting": ({"number": a_meeting(world, matter)}, {}),
        "paper": ({**number, "filled_id": a_paper(matter, by=dispatcher)}, {"purpose": "verify"}),
        "seat": ({"seat_id": own_seat.pk}, {}),
        "view": ({"view_id": view.pk}, {}),
        "import": ({"import_id": row.pk}, {}),
        "place": ({}, {"path": building.path}),
        "place-change": ({"act": "rename"}, renamed),
        "code": ({}, {"path": building.path, "code": code, "reason": "被撕"}),
        "place-table": ({"kind": "compound", "token": table}, {}),
        "post-table": ({"kind": "post", "token": table}, {}),
        "duty-table": ({"kind": "community", "token": month}, {}),
        "unit": ({"unit_id": world.property_company.pk}, {"title": "和顺物业（新）", "active": "0"}),
        "account": ({"account_id": account}, {"kind": "reset", "active": "0"}),
        "account-seat": ({"account_id": account, "seat_id": seat.pk}, {}),
        "account-post": ({"account_id": account, "post_id": world.secretary.post_id}, {}),
        "announcement": ({"number": stuck.pk}, {"reason": "no-longer-needed"}),
        "link": ({"token": secrets.token_urlsafe(32)}, {"password": "123456"}),
        "entrance": ({"code": code}, {}),
        "any-job": ({"job_id": "nothing1"}, {}),
        "ledger-part": ({"name": "since"}, {}),
        "rates-part": ({"name": "unit"}, {}),
        "ledger": ({"code": "demand"}, {"place": world.town}),
        "place-kind": ({"kind": "compound"}, {}),
        "post-kind": ({"kind": "post"}, {}),
        "duty-kind": ({"kind": "community"}, {}),
        "menu-item": ({"menu": "service", "item": "legal"}, {}),
        "joint-service": ({"kind": "application"}, {}),
        "partner-link": (
            {"token": secrets.token_urlsafe(36), "number": matter.number, "step": "accept", "upload": "x"},
            {},
        ),
        "partner": ({"unit_id": a_partner(world).pk}, {}),
        **made,
        **of_means(world),
        **_forms(world, matter),
    }


def _forms(world: worlds.World, matter: Matter) -> dict[str, Thing]:
    """What names a place of the street, or matters of it, in a form alone."""
    there = {"place": world.town, "area": world.town, "reach": world.town}
    number = {"key": "loop.demand.clocks.contact.within", "value": "12", "unit": "hours"}
    day = date(2026, 12, 12)
    editions.edit_calendar_day(day, working=True, name="云川马拉松", by=SYSTEM, area_path=world.town)
    unit = {"code": "xiushan", "title": "和顺物业（新）", "kind": "property-company"}
    return {
        "area": ({}, {**there, "category": worlds.CATEGORY}),
        "number": ({}, {**there, **number}),
        "day": ({}, {**there, "day": day.isoformat(), "working": "no"}),
        "param": ({}, {**there, "name": "undo-minutes", "value": "15"}),
        "under": ({}, {"under": world.community, "what": "compound", "name": "和风苑"}),
        "new-unit": ({}, {**there, **unit}),
        "many": ({}, {"ids": [matter.number], "verb": "urge", "go": "1"}),
        "narrow": ({}, {"place": world.town, "figure": "response"}),
    }


def _rows(world: worlds.World, matter: Matter) -> dict[str, Thing]:
    """The things that no act of a person makes at once."""
    job = {"queue": "default", "asked_by": world.dispatcher.account_id, "run_at": now(), "asked_at": now()}
    over = {"state": TaskResultStatus.FAILED, "finished_at": now()}
    Job.objects.create(id="failed1", task="any.task", **job, **over)
    Job.objects.create(id="check1", task=verify_book.module_path, **job)
    warning = Warning.objects.create(
        area_path=world.town,
        watch="same-type",
        title="多起来了",
        edition_id=world.edition.digest,
        group={},
        group_key="x",
        group_title="下水道",
        place_path=world.community,
        until=now(),
        n=3,
        before=1,
        windows=1,
        why="多",
        raised_at=now(),
    )
    notice = Notice.objects.create(
        audience="post",
        post_code="dispatcher",
        area_path=world.town,
        matter_id=matter.pk,
        number=matter.number,
        say="请看",
        at=now(),
        key="x",
    )
    model = LearnedModel.objects.create(area_path=world.town, made_at=now(), rows=1, classes=1, file="")
    export = Export.objects.create(
        title="台账",
        account_id=world.dispatcher.account_id,
        post_id=world.dispatcher.post_id,
        asker="周智远",
        reach=world.town,
        rows=9,
        made_at=now(),
    )
    return {
        "job": ({"job_id": "failed1"}, {}),
        "check": ({"job_id": "check1"}, {}),
        "warning": ({"warning_id": warning.pk}, {"judged": "watch"}),
        "notice": ({"notice_id": notice.pk}, {}),
        "model": ({"model_id": model.pk}, {}),
        "export": ({"export_id": export.pk}, {"allow": "1"}),
    }


def _duty(world: worlds.World) -> dict[str, Thing]:
    """A coming shift of the secretary's, which the dispatcher is asked to take."""
    begins = now() + timedelta(days=2)
    row = Shift.objects.create(
        path=world.community,
        roster="community",
        title="社区24小时值班",
        posts=["dispatcher"],
        day=begins.date(),
        begins_at=begins,
        ends_at=begins + timedelta(hours=8),
        account_id=world.secretary.account_id,
    )
    swap = Swap.objects.create(
        shift=row, asked_by_id=row.account_id, taker_id=world.dispatcher.account_id, asked_at=now()
    )
    return {"shift": ({"shift_id": row.pk}, {}), "swap": ({"swap_id": swap.pk}, {"answer": "yes"})}


def role(world: worlds.World, name: str) -> Role:
    """One of the roles by its name."""
    return _BUILDERS[name](world) if name in _BUILDERS else _without(world, name.removeprefix("all-but-"))


def _seated(world: worlds.World, name: str) -> Client:
    return sign_in(Client(), Account.objects.get(pk=world.people[name].account_id))


def _anonymous(world: worlds.World) -> Role:
    return Role("anonymous", Client(), signed_in=False, in_post=False)


def _ended(world: worlds.World) -> Role:
    Post.objects.filter(pk=world.caller.post_id).update(powers=list(POWERS), until=now())
    return Role("ended", _seated(world, "caller"), in_post=False)


def _powerless(world: worlds.World) -> Role:
    empower(world, "duty", ())
    return Role("powerless", _seated(world, "duty"))


def _owner(world: worlds.World) -> Role:
    return Role("owner", _seated(world, "dispatcher"), frozenset(POWERS), owns=True)


def _all(world: worlds.World) -> Role:
    return Role("all", _seated(world, "leader"), frozenset(POWERS), reaches=THINGS - {"notice"})


def _elsewhere(world: worlds.World) -> Role:
    return Role("elsewhere", _seated(world, "stranger"), frozenset(POWERS))


def _worker(world: worlds.World, name: str) -> Role:
    in_place = frozenset({"warning", "partner", "shift"}) if world.people[name].reach else frozenset()
    in_place |= frozenset({"supervision", "part"}) if name == "manager" else frozenset()  # the unit that is asked
    in_place |= frozenset({"part"}) if name == "secretary" else frozenset()  # dispatches here, and lists parts with it
    return Role(
        name,
        _seated(world, name),
        worlds.STAFF,
        reaches=OF_A_MATTER - {"ask"} | in_place | (IN_PLACE if world.people[name].reach else frozenset()),
    )


def _without(world: worlds.World, power: str) -> Role:
    held = [one for one in POWERS if one != power]
    empower(world, "leader", held)
    return Role(f"all-but-{power}", _seated(world, "leader"), frozenset(held), reaches=THINGS)


_BUILDERS = {
    "anonymous": _anonymous,
    "ended": _ended,
    "powerless": _powerless,
    "owner": _owner,
    "all": _all,
    "elsewhere": _elsewhere,
    "secretary": lambda world: _worker(world, "secretary"),
    "manager": lambda world: _worker(world, "manager"),
}
ROLES = (*_BUILDERS, *sorted({f"all-but-{door.who}" for door in DOORS.values() if door.who in POWERS}))
