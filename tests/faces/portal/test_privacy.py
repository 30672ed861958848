"""What a resident reads of a matter: one's own words, what staff said to residents, nobody else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.portal.test_pages import form, jpeg, proved, slip_of
from tests.matters import world as worlds
from tests.matters.world import CATEGORY, opened
from youying.files.models import Upload
from youying.matters import actions
from youying.matters import queries as reading
from youying.matters.actions import ReporterIn
from youying.matters.models import Matter


def sent(world, matter):
    """Give a matter to the property company."""
    return actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)


def page_of(phone, number):
    """The progress page."""
    return phone.get(f"/m/{number}/").content.decode()


def merged(world):
    """Two neighbours' words, the second merged into the first."""
    mine = opened(world, text="我家厕所返水，臭得睡不着", reporters=(ReporterIn("吴家栋", "13900010002"),))
    theirs = opened(world, text="孩子在积水里滑倒了，快来人")
    sent(world, theirs.matter)
    actions.act(mine.matter.pk, "merge", by=world.dispatcher, into=theirs.matter.number)
    return mine, theirs


def test_a_merged_reporter_finds_the_own_number_and_words_and_not_the_neighbours(world, phone):
    mine, theirs = merged(world)
    page = phone.post("/progress/", {"number": mine.matter.number, "secret": mine.secret}, follow=True)
    said = page.content.decode()
    assert page.redirect_chain[-1][0] == f"/m/{mine.matter.number}/"
    assert "厕所返水" in said and "滑倒" not in said
    assert f"并到 {theirs.matter.number}" in said


def test_what_one_of_several_adds_is_not_read_by_the_others(world, phone):
    mine, theirs = merged(world)
    other = Client()
    proved(other, theirs)
    other.post(f"/m/{theirs.matter.number}/add/", {"words": "我住在三楼东户"})
    proved(phone, mine)
    assert "三楼东户" not in page_of(phone, mine.matter.number)


def test_photos_of_one_of_several_are_not_shown_to_the_others(world, phone):
    mine, theirs = merged(world)
    other = Client()
    proved(other, theirs)
    other.post(f"/m/{theirs.matter.number}/add/", {"words": "拍了一张", "photos": [jpeg()]})
    added = Upload.objects.get(subject=theirs.matter.subject)
    proved(phone, mine)
    assert added.role == "reporter" and added.token not in page_of(phone, mine.matter.number)
    assert phone.get(f"/files/{added.token}/").status_code == 404
    evidence = worlds.photo(world.manager)
    actions.act(theirs.matter.pk, "accept", by=world.manager)
    actions.act(theirs.matter.pk, "complete", by=world.manager, note="修好了", uploads=[evidence])
    proved(phone, mine)
    assert f"/files/{evidence}/" in page_of(phone, mine.matter.number)
    assert phone.get(f"/files/{evidence}/").status_code == 200


def test_notes_among_staff_stay_among_staff(world, phone):
    found = opened(world)
    sent(world, found.matter)
    actions.add_words(found.matter.pk, by=world.dispatcher, words="此人常来电，注意方式")
    actions.act(found.matter.pk, "supervise", by=world.leader, note="盯紧物业，别再拖")
    proved(phone, found)
    page = page_of(phone, found.matter.number)
    assert "此人常来电" not in page and "别再拖" not in page
    assert "上级在盯着办" in page


def test_names_and_numbers_in_what_staff_tell_are_masked(world, phone):
    found = opened(world)
    sent(world, found.matter)
    actions.act(found.matter.pk, "contact", by=world.manager, note="周一来看，找13700137000")
    proved(phone, found)
    page = page_of(phone, found.matter.number)
    assert "周一来看" in page and "13700137000" not in page


def test_the_time_told_is_that_of_the_end_of_the_work_and_not_of_the_nearest_clock(world, phone):
    found = opened(world, urgency="")
    matter = sent(world, found.matter)
    proved(phone, found)
    page = page_of(phone, matter.number)
    assert "预计" in page and "11月24日（周二）18:00前" in page
    assert "（周六）15:52前有人联系您" in page
    assert "签收" not in page


def test_a_parked_matter_tells_reason_plan_and_date(world, phone):
    found = opened(world)
    sent(world, found.matter)
    actions.act(found.matter.pk, "accept", by=world.manager)
    plan = {"reason": "conditions", "scheme": "等明年开春换管", "due_at": worlds.now().replace(month=12, day=20)}
    actions.act(found.matter.pk, "park", by=world.manager, **plan)
    ask = found.matter.asks.get()
    actions.approve(ask.pk, by=world.leader)
    proved(phone, found)
    page = page_of(phone, found.matter.number)
    assert "眼下办不了" in page and "等明年开春换管" in page and "12月20日" in page


def test_a_matter_closed_by_a_lawful_reason_gets_the_reason_and_no_seal(world, phone):
    found = opened(world)
    actions.act(found.matter.pk, "end", by=world.dispatcher, reason="withdrawn", note="本人来电撤回")
    actions.approve(found.matter.asks.get().pk, by=world.leader)
    proved(phone, found)
    page = page_of(phone, found.matter.number)
    assert "居民本人撤回" in page and "verdict-seal" not in page


def test_the_number_and_the_secret_are_shown_for_an_hour_in_the_browser_that_sent_them(world, phone):
    phone.post("/say/", form())
    assert slip_of(phone)["number"] == Matter.objects.get().number
    assert slip_of(phone)["secret"] not in str(dict(phone.session))
    assert Client().get("/said/").headers["Location"] == "/progress/"
    world.clock.forward(minutes=61)
    assert phone.get("/said/").headers["Location"] == "/progress/"


def test_the_browser_that_sent_it_reads_it_until_it_is_told_to_forget(world, phone):
    phone.post("/say/", form())
    number = Matter.objects.get().number
    assert "收到了" in page_of(phone, number)
    assert number in phone.get("/").content.decode()
    phone.post("/progress/forget/")
    assert phone.get(f"/m/{number}/").status_code == 302
    assert number not in phone.get("/").content.decode()


def test_what_waits_for_this_residents_word_stands_on_the_home_page(world, phone):
    found = opened(world)
    sent(world, found.matter)
    actions.act(found.matter.pk, "accept", by=world.manager)
    proved(phone, found)
    assert "请您说一声" not in phone.get("/").content.decode()
    actions.act(found.matter.pk, "complete", by=world.manager, note="好了", uploads=[worlds.photo(world.manager)])
    assert "请您说一声" in phone.get("/").content.decode()
    assert "请您说一声" not in Client().get("/").content.decode()


@pytest.mark.parametrize(
    ("category", "shown"), [("city.lamps.lamp-out", True), ("neighbours.family", False), ("", False)]
)
def test_neighbours_see_only_what_stands_in_the_open(world, phone, category, shown):
    done(world, category=category)
    assert ("居民说解决了" in phone.get("/").content.decode()) is shown


def test_neighbours_see_nothing_of_a_protected_reporter(world, phone):
    done(world, category="city.lamps.lamp-out", reporters=(ReporterIn("陈桂芳", "13900010001", protected=True),))
    assert "居民说解决了" not in phone.get("/").content.decode()


def done(world, *, category, **more):
    """A matter that its reporter called solved."""
    found = opened(world, category=category, **more)
    step = {"unit": world.property_company.pk, "category": category or CATEGORY}
    actions.act(found.matter.pk, "dispatch", by=world.dispatcher, **step)
    Matter.objects.filter(pk=found.matter.pk).update(category=category)
    actions.act(found.matter.pk, "accept", by=world.manager)
    actions.act(found.matter.pk, "complete", by=world.manager, note="好了", uploads=[worlds.photo(world.manager)])
    actions.act(found.matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    actions.act(found.matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")


def test_a_file_of_a_matter_is_no_sheet_and_no_document(world, phone):
    page = phone.post("/say/", form(photos=[pdf()]))
    assert (page.status_code, Matter.objects.count()) == (422, 0)
    assert "这里只收照片" in page.content.decode()


def pdf():
    """A small document."""
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    return SimpleUploadedFile("信.pdf", content, "application/pdf")


def test_the_session_row_alone_gives_no_secret_and_no_mark_of_the_form(world, phone):
    sent_form = form()
    phone.post("/say/", sent_form)
    _number, secret = slip_of(phone)
    kept = str(dict(phone.session.items()))
    assert sent_form["token"] not in kept and secret not in kept


# ------------------------------------------------------------------ what was split off
def split_off(world, matter):
    """A second thing that the matter speaks of, seen to on its own."""
    return actions.split(matter.pk, by=world.dispatcher, words="楼道灯也坏了", category="city.lamps.lamp-out").matter


def test_a_part_stands_on_the_page_of_the_whole_and_is_judged_on_its_own(world, phone):
    found = opened(world)
    part = split_off(world, sent(world, found.matter))
    proved(phone, found)
    assert part.number in page_of(phone, found.matter.number) and "楼道灯" in page_of(phone, found.matter.number)
    page = page_of(phone, part.number)
    assert "楼道灯也坏了" in page and "返水" not in page and f"/m/{found.matter.number}/" in page
    actions.act(part.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    actions.act(part.pk, "accept", by=world.secretary)
    actions.act(part.pk, "complete", by=world.secretary, note="灯换好了", uploads=[worlds.photo(world.secretary)])
    phone.post(f"/m/{part.number}/verdict/", {"solved": "yes", "satisfaction": "满意"})
    part.refresh_from_db()
    found.matter.refresh_from_db()
    assert (part.solved, part.crossed_off, found.matter.solved) == (True, True, None)
    assert "您说解决了" in page_of(phone, found.matter.number)


def test_the_number_of_a_part_opens_with_the_secret_of_the_whole_and_with_no_other(world, phone):
    found, other = opened(world), opened(world)
    part = split_off(world, found.matter)
    wrong = phone.post("/progress/", {"number": part.number, "secret": other.secret})
    assert wrong.status_code == 422 and phone.get(f"/m/{part.number}/").status_code == 302
    right = phone.post("/progress/", {"number": part.number, "secret": found.secret})
    assert right.headers["Location"] == f"/m/{part.number}/"
    assert phone.get(f"/m/{other.matter.number}/").status_code == 302


def test_a_part_that_is_merged_stays_with_its_reporters_under_its_number_and_shows_nobody_elses_words(world, phone):
    found = opened(world)
    part = split_off(world, found.matter)
    theirs = opened(world, text="孩子在黑楼道里摔倒了", reporters=(ReporterIn("吴家栋", "13900010002"),))
    actions.act(part.pk, "merge", by=world.dispatcher, into=theirs.matter.number)
    phone.post("/progress/", {"number": part.number, "secret": found.secret})
    page = page_of(phone, part.number)
    assert "楼道灯也坏了" in page and "摔倒" not in page and f"并到 {theirs.matter.number}" in page
    row = theirs.matter.reporters.get(came_as=part)
    assert [one.phone for one in reading.reporters(world.dispatcher, theirs.matter) if one.id == row.pk] == [
        "138****0417"
    ]


def test_a_neighbour_who_was_merged_reads_no_other_words_names_or_photos_anywhere(world, phone):
    mine, theirs = merged(world)
    other = Client()
    proved(other, theirs)
    other.post(f"/m/{theirs.matter.number}/add/", {"words": "我叫陈桂芳，住三楼东户", "photos": [jpeg()]})
    actions.act(theirs.matter.pk, "accept", by=world.manager)
    actions.act(theirs.matter.pk, "complete", by=world.manager, note="通了", uploads=[worlds.photo(world.manager)])
    other.post(f"/m/{theirs.matter.number}/verdict/", {"solved": "no", "satisfaction": "不满意", "words": "卧室还臭"})
    proved(phone, mine)
    number = mine.matter.number
    pages = "".join(phone.get(at).content.decode() for at in ("/", "/progress/", f"/m/{number}/", f"/m/{number}/add/"))
    for hidden in ("滑倒", "三楼东户", "卧室", "陈桂芳", "陈**", "13800000417", "138****0417"):
        assert hidden not in pages
    residents = Upload.objects.filter(subject=theirs.matter.subject, role="reporter")
    assert residents and not any(one.token in pages for one in residents)


def of_a_part(world, found):
    """The part that a matter was split into, as its reporter looks it up with the whole's secret."""
    part = actions.split(found.matter.pk, by=world.dispatcher, words="楼道灯也坏了").matter
    return part.number


@pytest.mark.parametrize("number_of", [lambda world, found: found.matter.number, of_a_part])
def test_a_new_secret_shuts_every_browser_that_proved_the_old_one(world, phone, number_of):
    found = opened(world)
    number = number_of(world, found)
    phone.post("/progress/", {"number": number, "secret": found.secret})
    assert phone.get(f"/m/{number}/").status_code == 200
    issued = actions.issue_secret(found.matter.pk, by=world.dispatcher, reporter=found.reporter_id, way="counter")
    for path in ("", "add/", "verdict/", "reopen/"):
        assert phone.get(f"/m/{number}/{path}").url.startswith("/progress/")
    said = phone.post(f"/m/{number}/add/", {"words": "别人补的一句话"})
    assert said.url.startswith("/progress/")
    assert "别人补的一句话" not in str([line.words for line in reading.story(found.matter)])
    phone.post("/progress/", {"number": number, "secret": issued.secret})
    assert phone.get(f"/m/{number}/").status_code == 200


def test_a_session_of_before_that_names_only_reporters_proves_nothing(world, phone):
    found = opened(world)
    proved(phone, found)
    session = phone.session
    session["portal-mine"] = [found.reporter_id]
    session.save()
    assert phone.get(f"/m/{found.matter.number}/").url.startswith("/progress/")
    proved(phone, found)
    assert phone.get(f"/m/{found.matter.number}/").status_code == 200
