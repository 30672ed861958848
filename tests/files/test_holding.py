"""Files after they were taken in: given to a subject, shown to whom its guard lets in, taken back, swept, erased."""

from __future__ import annotations

import os
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import RequestFactory

from tests.files import makers
from tests.files.test_take import lying
from youying.access.queries import viewer_without_post
from youying.files import queries
from youying.files.actions import attach as files_attach
from youying.files.actions import drop_unattached, erase_of, remove, sweep_strays, take
from youying.files.models import Upload
from youying.files.queries import for_subject, one, open_file, register_guard
from youying.files.serving import serve
from youying.jobs.timers import TIMERS
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.record.actions import erase, open_subject, write
from youying.record.acts import act
from youying.record.book import NotInAct
from youying.record.models import Head
from youying.record.queries import opened, story

GATE = "gate:3"


@act("tests.give")
def attach(tokens, *, subject, by, role=""):
    """An act on the gate that gives it uploads, and keeps their digests in its own entry."""
    if not Head.objects.filter(subject=subject).exists():
        open_subject(subject)
    digests = files_attach(tokens, subject=subject, by=by, role=role)
    write(subject, "tests.give", by=by, facts={"files": digests})
    return len(digests)


def refused(call):
    """The code with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


@pytest.fixture
def photo(cast, guards):
    """苏敏's photo of the gate, which only people of 槐花里 may see."""
    register_guard("gate", lambda viewer, subject: viewer.require_reach("/99/9901/990101/990101001/990101001001"))
    return take(makers.upload("小区大门.jpg", makers.photo()), by=cast.su_min.viewer)


def given(cast, photo):
    """The photo, given to the gate."""
    assert attach([photo.token], subject=GATE, by=cast.su_min.viewer, role="before") == 1
    return photo


def test_an_upload_is_given_to_one_subject_and_the_second_time_changes_nothing(cast, photo):
    given(cast, photo)
    assert attach([photo.token, photo.token], subject=GATE, by=cast.su_min.viewer) == 0
    assert refused(lambda: attach([photo.token], subject="gate:4", by=cast.su_min.viewer)) == "upload-unknown"
    assert [entry.facts["files"] for entry in story(GATE)] == [[photo.sha256], []]
    (shown,) = for_subject(cast.lin_xiaohe.viewer, GATE)
    assert (shown.name, shown.role, shown.kind, shown.thumbnail) == ("小区大门.jpg", "before", "image", True)


def test_nobody_gives_away_what_another_uploaded(cast, photo):
    assert refused(lambda: attach([photo.token], subject=GATE, by=cast.lin_xiaohe.viewer)) == "upload-unknown"
    assert refused(lambda: attach([photo.token], subject=GATE, by=PUBLIC)) == "upload-unknown"
    assert refused(lambda: attach(["x" * 43], subject=GATE, by=cast.su_min.viewer)) == "upload-unknown"
    assert attach([photo.token], subject=GATE, by=cast.su_min.viewer) == 1


def test_uploads_are_given_only_inside_an_act(cast, photo):
    with pytest.raises(NotInAct):
        files_attach([photo.token], subject=GATE, by=cast.su_min.viewer)


def test_a_role_given_earlier_stays_when_none_is_said(cast, photo):
    later = take(makers.upload("a.pdf", makers.PDF), by=cast.su_min.viewer, role="evidence")
    attach([later.token], subject=GATE, by=cast.su_min.viewer)
    assert one(cast.su_min.viewer, later.token).role == "evidence"


def test_a_resident_gives_its_own_photo_by_its_token(cast, folder, guards):
    upload = take(makers.upload("a.jpg", makers.photo()), by=PUBLIC)
    assert attach([upload.token], subject=GATE, by=PUBLIC, role="reporter") == 1


def test_too_many_files_at_once_are_refused(cast):
    assert (
        refused(lambda: attach([f"t{n}" for n in range(13)], subject=GATE, by=cast.su_min.viewer)) == "too-many-files"
    )


def test_giving_takes_one_statement_however_many_files(cast, photo, count_statements):
    more = [take(makers.upload("a.pdf", makers.PDF), by=cast.su_min.viewer).token for _ in range(3)]
    with count_statements() as seen:
        assert attach([photo.token, *more], subject=GATE, by=cast.su_min.viewer) == 4
    assert sum("files_upload" in statement for statement in seen.sql) == 1


def test_the_guard_of_the_subject_decides_at_each_read(cast, photo):
    given(cast, photo)
    inside, outside = cast.lin_xiaohe.viewer, cast.tang_qiyuan.viewer
    assert b"".join(open_file(inside, photo.token).pieces).startswith(b"\xff\xd8")
    for viewer in (outside, PUBLIC):
        assert refused(lambda viewer=viewer: open_file(viewer, photo.token)) == "out-of-reach"
        assert refused(lambda viewer=viewer: for_subject(viewer, GATE)) == "out-of-reach"
    assert refused(lambda: open_file(inside, "y" * 43)) == "not-found"


def test_a_subject_without_a_guard_is_shown_to_nobody(cast, photo, guards):
    given(cast, photo)
    guards.clear()
    assert refused(lambda: for_subject(cast.lin_xiaohe.viewer, GATE)) == "not-found"
    assert refused(lambda: one(cast.su_min.viewer, photo.token)) == "not-found"


def test_two_guards_for_one_kind_are_refused(guards):
    def mine(viewer, subject):
        """Let everybody in."""

    register_guard("gate", mine)
    register_guard("gate", mine)
    assert refused(lambda: register_guard("gate", lambda viewer, subject: None)) == "guard-twice"
    assert {"gate": mine} == queries.GUARDS


def test_an_upload_of_nothing_yet_is_seen_by_its_giver_alone(cast, photo):
    assert one(cast.su_min.viewer, photo.token).name == "小区大门.jpg"
    for viewer in (cast.lin_xiaohe.viewer, PUBLIC):
        assert refused(lambda viewer=viewer: one(viewer, photo.token)) == "not-found"


def test_a_file_is_saved_under_its_chinese_name_and_never_run(cast, photo):
    answer = serve(cast.su_min.viewer, photo.token)
    body = b"".join(answer)
    assert answer["Content-Type"] == "image/jpeg" and int(answer["Content-Length"]) == len(body) == photo.size
    head, _, name = answer["Content-Disposition"].partition("filename*=UTF-8''")
    assert head.startswith("attachment;") and head.isascii() and unquote(name) == "小区大门.jpg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private") and "sandbox" in answer["Content-Security-Policy"]


def test_a_thumbnail_is_small_and_a_document_has_none(cast, photo):
    small = serve(cast.su_min.viewer, photo.token, thumbnail=True)
    assert int(small["Content-Length"]) == len(b"".join(small)) < photo.size
    paper = take(makers.upload("a.pdf", makers.PDF), by=cast.su_min.viewer)
    assert b"".join(serve(cast.su_min.viewer, paper.token, thumbnail=True)) == makers.PDF


def test_a_browser_that_holds_the_file_is_told_so_only_after_the_guard(cast, photo):
    given(cast, photo)
    tag = serve(cast.su_min.viewer, photo.token)["ETag"]
    again = RequestFactory().get("/", headers={"If-None-Match": tag})
    assert serve(cast.su_min.viewer, photo.token, request=again).status_code == 304
    assert serve(cast.su_min.viewer, photo.token, request=again, thumbnail=True).status_code == 200
    assert refused(lambda: serve(PUBLIC, photo.token, request=again)) == "out-of-reach"


def test_the_giver_takes_back_what_belongs_to_nothing(cast, photo, folder, django_capture_on_commit_callbacks):
    assert refused(lambda: remove(photo.token, by=cast.lin_xiaohe.viewer)) == "not-found"
    with django_capture_on_commit_callbacks(execute=True):
        remove(photo.token, by=cast.su_min.viewer)
    assert lying(folder) == []
    assert refused(lambda: one(cast.su_min.viewer, photo.token)) == "not-found"
    assert opened(story(photo.own_subject)[0]) == {"erased": True}


def test_evidence_stays(cast, photo):
    given(cast, photo)
    assert refused(lambda: remove(photo.token, by=cast.su_min.viewer)) == "upload-in-use"


def test_what_was_never_used_is_dropped_after_two_days(cast, photo, clock, folder, django_capture_on_commit_callbacks):
    table = take(makers.upload("a.csv", makers.CSV), by=cast.su_min.viewer, role="import")
    clock.forward(hours=48)
    assert drop_unattached(by=SYSTEM) == 0
    clock.forward(minutes=1)
    assert refused(lambda: drop_unattached(by=cast.su_min.viewer)) == "no-power"
    assert refused(lambda: drop_unattached(by=PUBLIC)) == "no-power"
    assert one(cast.su_min.viewer, table.token)
    with django_capture_on_commit_callbacks(execute=True):
        assert drop_unattached(by=SYSTEM) == 2
    assert lying(folder) == []
    assert refused(lambda: one(cast.su_min.viewer, table.token)) == "not-found"


def test_an_upload_that_belongs_to_nothing_is_read_in_a_running_post_only(cast):
    table = take(makers.upload("a.csv", makers.CSV), by=cast.su_min.viewer, role="import")
    assert open_file(cast.su_min.viewer, table.token).name == "a.csv"
    left = viewer_without_post(cast.su_min.account)
    assert refused(lambda: open_file(left, table.token)) == "not-found"


def test_the_nightly_timer_drops_what_was_never_used_and_what_no_row_knows(
    cast, photo, clock, folder, django_capture_on_commit_callbacks
):
    stray = folder / "26/11/old.part"
    stray.touch()
    clock.forward(hours=49)
    os.utime(stray, times=(clock().timestamp() - 3700,) * 2)
    with django_capture_on_commit_callbacks(execute=True):
        TIMERS["files.tidy"].function()
    assert lying(folder) == []


def test_the_files_of_an_erased_subject_go_with_it(cast, photo, folder, django_capture_on_commit_callbacks):
    given(cast, photo)
    assert refused(lambda: erase(GATE, by=cast.su_min.viewer, reason="retention")) == "no-power"
    with django_capture_on_commit_callbacks(execute=True):
        erase(GATE, by=SYSTEM, reason="retention")
    row = Upload.objects.get(pk=photo.pk)
    assert lying(folder) == []
    assert (row.name_sealed, row.lng, row.lat) == (None, None, None) and row.removed_at is not None


def test_only_files_without_a_row_are_swept_and_only_after_an_hour(cast, photo, folder, clock):
    young, old = folder / "26/11/young.sealed", folder / "26/11/old.part"
    for path in (young, old, *lying(folder)):
        path.touch()
        os.utime(path, times=(clock().timestamp(),) * 2)
    os.utime(young, times=(clock().timestamp() + 1800,) * 2)
    clock.forward(minutes=61)
    kept = {folder / photo.path, folder / photo.thumbnail_path, young}
    assert sweep_strays() == 1
    assert set(lying(folder)) == kept


def test_a_transaction_rolled_back_leaves_a_stray_and_no_row(cast, folder, clock):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(makers.upload("a.pdf", makers.PDF), by=cast.su_min.viewer)
        raise ZeroDivisionError
    assert not Upload.objects.exists()
    (stray,) = lying(folder)
    os.utime(stray, times=(clock().timestamp(),) * 2)
    clock.forward(minutes=61)
    assert sweep_strays() == 1


def test_erasing_the_files_of_a_subject_asks_for_the_power_and_may_be_repeated(cast, photo):
    given(cast, photo)
    for viewer in (cast.su_min.viewer, PUBLIC):
        assert refused(lambda viewer=viewer: erase_of(GATE, by=viewer)) == "no-power"
    assert [erase_of(GATE, by=cast.ye_qing.viewer) for _ in range(2)] == [1, 0]
    assert refused(lambda: one(SYSTEM, photo.token)) == "not-found"
