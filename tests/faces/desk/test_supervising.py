"""Supervisions over HTTP: the ledger, the page of one, its letter as PDF and Word, replies and releases."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from PIL import Image

from tests.matters.changing import change
from tests.matters.test_consultation import MEET
from tests.matters.test_supervision import supervised
from tests.matters.world import in_hand, opened
from youying.access.models import Post
from youying.matters import actions
from youying.matters.models import Ask, Consultation, Matter, Supervision
from youying.record.actions import deliver


def page(client, address):
    """A page as text."""
    return client.get(address).content.decode()


def test_the_ledger_lists_what_is_asked_and_the_day_brings_it_to_whom_it_waits_for(world, enter):
    matter, one = supervised(world)
    for who, address in (
        ("leader", "/desk/supervisions/"),
        ("manager", "/desk/supervisions/?ours=1"),
        ("manager", "/desk/"),
    ):
        assert f"/desk/supervisions/{one.number}/" in page(enter(who), address)
    assert one.number not in page(enter("stranger"), "/desk/supervisions/?which=all")
    assert "督办" in page(enter("leader"), f"/desk/matters/{matter.number}/")


@pytest.mark.parametrize(("kind", "begins"), [("letter.pdf", b"%PDF"), ("letter.docx", b"PK")])
def test_the_letter_comes_as_a_file_to_who_may_read_it_and_to_nobody_else(world, enter, kind, begins):
    _, one = supervised(world)
    for who in ("leader", "manager"):
        answer = enter(who).get(f"/desk/supervisions/{one.number}/{kind}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content.startswith(begins)
    for who in ("stranger", "caller", "worker"):
        assert enter(who).get(f"/desk/supervisions/{one.number}/{kind}").status_code == 404


def test_the_word_letter_says_who_is_asked_what_by_when_and_masks_what_is_private(world, enter):
    _, one = supervised(world, asked="请联系13800000417说明原因")
    answer = enter("leader").get(f"/desk/supervisions/{one.number}/letter.docx")
    paper = Document(io.BytesIO(answer.content))
    said = "\n".join(
        [*(line.text for line in paper.paragraphs), *(c.text for t in paper.tables for r in t.rows for c in r.cells)]
    )
    for word in ("督办函", one.number, "和顺物业", "一般督办", "居民多次来电"):
        assert word in said
    assert "13800000417" not in said


def test_the_unit_replies_and_the_leader_releases_on_the_page(world, enter):
    _, one = supervised(world)
    at = f"/desk/supervisions/{one.number}/"
    assert enter("manager").post(f"{at}reply/", {"words": ""}).status_code >= 400
    assert enter("manager").post(f"{at}reply/", {"words": "周四换好"}).status_code == 302
    assert "周四换好" in page(enter("leader"), at)
    assert enter("manager").post(f"{at}release/", {"note": "自己说行了"}).status_code >= 400
    assert enter("leader").post(f"{at}release/", {"note": "看过了"}).status_code == 302
    assert Supervision.objects.get(pk=one.pk).ended_as == "released"
    about = page(enter("leader"), f"/desk/matters/{one.matter.number}/")
    assert "督办已解除" in about and "督办中" not in about


def test_a_proposed_supervision_says_which_deadline_passed_and_since_when(world, enter):
    matter = in_hand(world)
    world.clock.forward(days=30)
    actions.sweep()
    seen = page(enter("leader"), f"/desk/matters/{matter.number}/")
    why = "“办结”应在11月24日"
    assert why in seen.split("等答复", 1)[1]
    ask = Ask.objects.get(matter=matter, kind="proposal", answer="")
    enter("leader").post(reverse("desk:answer-ask", args=[ask.pk]), {"answer": "approve", "note": ""})
    one = Supervision.objects.get(matter=matter)
    assert why in page(enter("leader"), f"/desk/supervisions/{one.number}/")


def test_asking_again_sets_another_date_and_keeps_what_was_typed_when_it_cannot(world, enter):
    _, one = supervised(world)
    at = f"/desk/supervisions/{one.number}/renew/"
    answer = enter("leader").post(at, {"due_at": "2020-01-01T09:00", "again": "不够具体"})
    assert answer.status_code >= 400
    assert "不够具体" in answer.content.decode()
    later = f"{world.clock() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    assert enter("leader").post(at, {"due_at": later, "again": "不够具体"}).status_code == 302
    assert Supervision.objects.get(pk=one.pk).renewed == 1


def test_a_meeting_is_called_held_and_printed_on_the_desk(world, enter):
    change(world, MEET)
    matter = opened(world).matter
    client = enter("leader")
    assert matter.number in page(client, "/desk/consultations/")
    when = f"{world.clock() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    sent = {
        "matters": [matter.number],
        "title": "协调会",
        "meets_at": when,
        "place": "门口",
        "units": [world.office.pk],
    }
    assert client.post("/desk/consultations/call/", {**sent, "matters": []}).status_code >= 400
    assert client.post("/desk/consultations/call/", sent).status_code == 302
    found = Consultation.objects.get()
    at = f"/desk/consultations/{found.number}/"
    form = page(client, at)
    came = form.partition('id="came"')[2].partition("</fieldset>")[0]
    assert "填会议记录" in form and "至少写一位" in came and "可以不填" not in came
    assert client.get(f"{at}minutes.pdf").content.startswith(b"%PDF")
    n = matter.number
    told = {
        f"came-{world.office.pk}": "林晓禾", "others": "居民代表陈某", "minutes": "定下先修剪", f"solving-{n}": "staged",
        f"unit-{n}": str(world.property_company.pk), f"scheme-{n}": "先修剪再移杆",
    }  # fmt: skip
    early = client.post(f"{at}hold/", told)
    assert early.status_code == 422 and "还没有开，不能填记录" in early.content.decode()
    assert Consultation.objects.get().held_at is None
    world.clock.forward(hours=9)
    client = enter("leader")
    assert client.post(f"{at}hold/", {**told, "minutes": ""}).status_code >= 400
    assert client.post(f"{at}hold/", {**told, "uploads": picture()}).status_code == 302
    after = Matter.objects.get(pk=matter.pk)
    assert (after.stage, after.sessions, after.lead_id) == ("dispatched", 1, world.property_company.pk)
    text = page(client, at)
    assert "定下先修剪" in text
    [shown] = re.findall(r'<figure><a href="([^"]+)"', text)
    assert client.get(shown)["Content-Type"] == "image/jpeg"
    stranger = enter("stranger")
    assert [stranger.get(one).status_code for one in (at, shown)] == [404, 404]


def picture():
    """A photograph as a form sends it."""
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(kept, "JPEG")
    return SimpleUploadedFile("会场.jpg", kept.getvalue(), "image/jpeg")


def test_the_minutes_divide_a_matter_into_stages_one_after_another(world, enter):
    change(world, {**MEET, "loop.demand.adds_parts": ["meet"]})
    matter = opened(world).matter
    found = actions.call_meeting(
        by=world.leader,
        title="协调会",
        meets_at=world.clock() + timedelta(days=1),
        place="门口",
        matters=[matter.number],
    )
    n, at, unit = matter.number, f"/desk/consultations/{found.number}/", str(world.property_company.pk)
    assert "第1段：做什么" in page(enter("leader"), at)
    world.clock.forward(days=1)
    told = {
        "others": "居民代表陈某", "minutes": "定下先断电后修剪", f"solving-{n}": "staged", f"in-order-{n}": "yes",
        f"stage-1-title-{n}": "先断电", f"stage-1-unit-{n}": unit, f"stage-1-due-{n}": f"{world.clock() + timedelta(days=3):%Y-%m-%dT%H:%M}",
        f"stage-2-title-{n}": "再修剪", f"stage-2-unit-{n}": unit,
    }  # fmt: skip
    unclear = enter("leader").post(f"{at}hold/", told)
    assert unclear.status_code == 422 and "第2段还没有写明最晚什么时候" in unclear.content.decode()
    told[f"stage-2-due-{n}"] = f"{world.clock() + timedelta(days=4):%Y-%m-%dT%H:%M}"
    assert enter("leader").post(f"{at}hold/", told).status_code == 302
    assert [(one.title, one.state) for one in matter.parts.order_by("pk")] == [
        ("先断电", "running"),
        ("再修剪", "waiting"),
    ]


def test_an_invited_unit_is_led_to_the_meeting_and_not_to_its_matters(world, enter):
    """Whoever sits at a unit's post has no power to view what is around: what they were asked to opens all the same."""
    change(world, MEET)
    Post.objects.filter(pk=world.manager.post_id).update(powers=["act"])
    matter = opened(world, title="张三家的水管漏了，找13800000417").matter
    found = actions.call_meeting(
        by=world.leader, title="协调会", meets_at=world.clock() + timedelta(days=1), place="门口",
        matters=[matter.number], units=[world.property_company.pk],
    )  # fmt: skip
    at, client = f"/desk/consultations/{found.number}/", enter("manager")
    deliver(limit=100)
    told = page(client, "/desk/notices/")
    assert "请派人参加" in told and f'href="{at}"' in told and matter.number not in told
    seen = page(client, at)
    assert matter.number in seen and f"/desk/matters/{matter.number}/" not in seen and "13800000417" not in seen
    assert found.number in page(client, "/desk/consultations/")
    assert client.get(f"{at}minutes.pdf").content.startswith(b"%PDF")
    assert client.get(f"/desk/matters/{matter.number}/").status_code == 404
    client.post(f"{at}hold/", {"minutes": "我们自己写", "others": "某人"})
    assert Consultation.objects.get().held_at is None
    assert enter("stranger").get(at).status_code == 404


def test_a_meeting_is_cancelled_with_a_reason(world, enter):
    change(world, MEET)
    found = actions.call_meeting(
        by=world.leader, title="协调会", meets_at=world.clock() + timedelta(days=1), place="门口",
        matters=[opened(world).matter.number],
    )  # fmt: skip
    at = f"/desk/consultations/{found.number}/cancel/"
    assert enter("leader").post(at, {"note": ""}).status_code >= 400
    assert enter("leader").post(at, {"note": "下雨改期"}).status_code == 302
    assert Consultation.objects.get().cancelled_at is not None
