"""Registers, purses, notices and assessments of the street whose doors are asked: one of each thing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.matters import world as worlds
from youying.assessments.actions import Assessed, run
from youying.assessments.rules import Share
from youying.editions.queries import edition_for
from youying.files.actions import take as take_file
from youying.funds.actions import spend, stock_gift, take
from youying.funds.models import Purse
from youying.funds.rules import terms_of
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.occasions.actions import begin_campaign, lay
from youying.occasions.models import Occasion
from youying.people.actions import enter
from youying.people.register_rules import Consented, Listed
from youying.publications.actions import object_to, post
from youying.publications.rules import Content

SAID = """
[loop.demand]
adds_parts = ["dispatch", "designate"]
acts = { complete = { needs = ["parts", "note", "photo"] } }

[reasons]
left-it = { title = "退出", for = ["leave"] }

[register.helper]
title = "帮手名册"
of = "person"
classes = { a = "甲", b = "乙" }
enter = ["dispatcher"]
keeper = "dispatcher"
leave = ["left-it"]
purse = "points"

[purse.points]
title = "积分"
of = "person"
unit = "points"
takes = { hour = "服务一小时" }
spends = { gift = "兑换" }
approve = [{ over = 0, by = ["dispatcher"], refused = "stay" }]
publish = "points"

[publication.points]
title = "积分榜"
shows = "purse:points"
days = "15 days"
at = ["board"]
objection = { to = ["dispatcher"], within = "5 days" }

[assessment.departments]
title = "评部门"
of = "unit:department"
lines = { on-time = { title = "按期办结率", takes = "figure:on-time", weight = 100 } }

[roster.community]
title = "社区值班"
posts = ["dispatcher"]
hours = ["08:00-20:00"]

[rhythm.round]
title = "楼院巡查"
of = "compound"
does = "patrol"
every = "month"
by = ["grid-worker", "dispatcher"]

[rhythm.sweep]
title = "逐楼登记"
of = "building"
does = "register"
every = "once"
within = "10 days"
by = ["grid-worker"]
"""
"""What the street's local pack says of them."""

OPEN_MEANS = frozenset({"register-kind", "register-code", "purse-code", "assessment-code", "posted-notice"})
"""What an address can name of them that is nobody's: codes of a pack, and what hangs on the board."""

IN_PLACE = frozenset({"entry", "purse", "spending", "publication", "objection", "run", "occasion", "campaign"})
"""What whoever works in the community sees of them."""

Thing = tuple[dict[str, Any], dict[str, Any]]
OCTOBER = {"since": date(2026, 10, 1), "until": date(2026, 11, 1)}


def of_means(world: worlds.World) -> dict[str, Thing]:
    """One of each, by its name in the table of doors."""
    by, path = world.dispatcher, world.community
    edition = edition_for(path)
    listed = Listed(name="陈桂芳", phone="13800000417")
    said: dict[str, Any] = {"edition": edition, "path": path, "listed": listed, "class_code": "a"}
    entry = enter("helper", by=by, consents=[Consented("keep", "oral")], **said)
    purse, terms = Purse.objects.get(holder=entry.key), terms_of(edition, "points")
    take(purse.pk, by=SYSTEM, terms=terms, line="hour", amount=9, proofs={})
    asked = spend(purse.pk, by=world.worker, terms=terms, line="gift", amount=2, proofs={})
    stock_gift(terms, by=SYSTEM, path=path, line="gift", title="蔬菜", price=3, pieces=5)
    notice = post("points", by=SYSTEM, path=path, content=Content([("balance", "积分")], [["9分"]]))
    objection = object_to(notice.pk, by=PUBLIC, words="少了")
    shares = {"on-time": Share(Fraction(1), Fraction(1))}
    done = run("departments", by=SYSTEM, path=path, assessed=[Assessed("unit:1", "某局", shares)], **OCTOBER)
    upload = SimpleUploadedFile("表.csv", "姓名,电话,同意方式\n孙德顺,13800000418,电话\n".encode())
    table = take_file(upload, by=by, role="import").token
    lay(world.town, "round", by=SYSTEM)
    sweep = begin_campaign(path, "sweep", by=by)
    return {
        "occasion": ({"occasion_id": Occasion.objects.get(rhythm="round").pk}, {"act": "meet", "meet-way": "door"}),
        "campaign": ({"campaign_id": sweep.pk}, {}),
        "entry": ({"entry_id": entry.pk}, {"act": "class", "class_code": "b", "purpose": "contact"}),
        "entry-table": ({"kind": "helper", "token": table}, {}),
        "register-kind": ({"kind": "helper"}, {}),
        "register-code": ({"code": "helper"}, {}),
        "purse": ({"purse_id": purse.pk}, {}),
        "purse-code": ({"code": "points"}, {}),
        "spending": ({"ask_id": asked.pk}, {"answer": "yes"}),
        "publication": ({"publication_id": notice.pk}, {"reason": "记错了"}),
        "posted-notice": ({"publication_id": notice.pk}, {}),
        "objection": ({"objection_id": objection.pk}, {"upheld": "yes", "words": "补记"}),
        "run": ({"run_id": done.pk}, {}),
        "assessment-code": ({"code": "departments"}, {"since": "2026-10-01", "until": "2026-10-31", "again": "1"}),
    }
