"""Taking files in: what is let through, what is not, and what lies on the disk afterwards."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from tests.files import makers
from youying.files.actions import take
from youying.files.models import Upload
from youying.files.queries import as_stream, one, open_file
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.record.queries import opened, story


def lying(folder):
    """Every file on the disk."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def plain(upload, *, thumbnail=False):
    """The bytes as the system reads them."""
    return b"".join(open_file(SYSTEM, upload.token, thumbnail=thumbnail).pieces)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_anew_small_and_without_exif(cast, form):
    upload = take(makers.upload("现场照片.heic.jpg", makers.photo((5000, 3000), form=form)), by=cast.su_min.viewer)
    made = Image.open(io.BytesIO(plain(upload)))
    assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (2560, 1536), {})
    assert b"SECRETCAMERA" not in plain(upload)
    assert (upload.kind, upload.width, upload.height) == ("image", 2560, 1536)
    small = Image.open(io.BytesIO(plain(upload, thumbnail=True)))
    assert max(small.size) == 480


def test_place_and_time_are_read_before_they_are_stripped(cast):
    upload = take(makers.upload("a.jpg", makers.photo()), by=cast.su_min.viewer)
    assert (upload.lng, upload.lat) == (pytest.approx(101.78), pytest.approx(36.62))
    assert upload.taken_at == datetime(2026, 11, 17, 8, 20, 30, tzinfo=UTC)
    bare = take(makers.upload("b.jpg", makers.photo(exif=False)), by=cast.su_min.viewer)
    assert (bare.lng, bare.lat, bare.taken_at) == (None, None, None)


def test_a_photo_taken_sideways_stands_upright(cast):
    upload = take(makers.upload("a.jpg", makers.photo((800, 600), turned=6)), by=cast.su_min.viewer)
    made = Image.open(io.BytesIO(plain(upload)))
    assert made.size == (600, 800)
    assert made.getpixel((550, 50))[1] < 60 and made.getpixel((50, 50))[1] > 200


def test_a_transparent_picture_gets_white_paper(cast):
    upload = take(makers.upload("a.png", makers.photo(form="PNG", mode="RGBA", exif=False)), by=cast.su_min.viewer)
    assert Image.open(io.BytesIO(plain(upload))).getpixel((700, 500)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "data", "kind", "kept"),
    [
        ("决议.pdf", makers.PDF, "document", "决议.pdf"),
        ("台账.xlsx", makers.xlsx(), "sheet", "台账.xlsx"),
        ("台账.xls", makers.xls(), "sheet", "台账.xls"),
        ("台账.csv", makers.CSV, "sheet", "台账.csv"),
        ("决议.exe", makers.PDF, "document", "决议.pdf"),
    ],
)
def test_a_document_is_kept_byte_for_byte_under_its_true_ending(cast, name, data, kind, kept):
    upload = take(makers.upload(name, data), by=cast.su_min.viewer, role="import")
    assert (upload.kind, upload.size, upload.role) == (kind, len(data), "import")
    assert one(cast.su_min.viewer, upload.token).name == kept
    with as_stream(SYSTEM, upload.token) as stream:
        assert stream.read() == data


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("照片.jpg", makers.EXE, "program-file"),
        ("run.csv", b"#!/bin/sh\nrm", "program-file"),
        ("page.html", b"<html><script>alert(1)</script>", "type-not-allowed"),
        ("pic.svg", b"<svg onload='x()'/>", "type-not-allowed"),
        ("data.csv", b"a\x00b", "type-not-allowed"),
        ("a.jpg", b"", "file-empty"),
        ("a.jpg", b"\xff\xd8\xff\xe0broken", "picture-broken"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(60), "heic-unsupported"),
        ("bomb.png", makers.bomb_png(40_000, 40_000), "picture-too-large"),
        ("证件.pdf", b"%PDF-1.4\n", "pdf-broken"),
        ("证件.pdf", makers.PDF[:-8], "pdf-broken"),
        ("big.png", makers.bomb_png(8_000, 8_000), "picture-too-large"),
        ("a.zip", makers.xlsx(workbook=False), "type-not-allowed"),
        ("a.xlsx", makers.xlsx()[:-30], "sheet-broken"),
        ("a.xlsx", makers.xlsx({"xl/vbaProject.bin": b"x"}), "sheet-macros"),
        ("a.xlsx", makers.xlsx({"xl/sheet1.xml": bytes(12_000_000)}), "archive-bomb"),
        ("a.xlsx", makers.xlsx({f"xl/{n}.xml": b"" for n in range(3_001)}), "archive-bomb"),
        ("letter.doc", makers.xls().replace("Workbook".encode("utf-16-le"), b"WordDocument    "), "type-not-allowed"),
        ("bad.csv", b"\xff\xff\xff\xff,", "sheet-broken"),
    ],
)
def test_what_is_not_allowed_is_refused_in_words_and_leaves_nothing(cast, folder, name, data, code):
    viewer = cast.su_min.viewer
    with pytest.raises(Refused) as caught:
        take(makers.upload(name, data), by=viewer)
    assert caught.value.code == code
    assert "。" in caught.value.say
    assert not Upload.objects.exists() and lying(folder) == []


FAR = f"<row r='1'>{makers.xlsx_cell('A1')}{makers.xlsx_cell('B1')}</row>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", makers.spread_xlsx(FAR, f"<row r='100000'>{makers.xlsx_cell('ALL100000')}</row>")),
        ("a.xlsx", makers.spread_xlsx(FAR, f"<row r='1048576'>{makers.xlsx_cell('XFD1048576')}</row>")),
        ("a.xlsx", makers.spread_xlsx(FAR, f"<row r='1048576'>{makers.xlsx_cell('A1048576')}</row>")),
        ("a.xlsx", makers.spread_xlsx(FAR, *(f"<row><c><v>{n * 7919}</v></c></row>" for n in range(500_200)))),
        ("a.xls", makers.spread_xls(65_535, 65_535)),
    ],
    ids=["the far corner", "the last cell", "too many rows", "rows without places", "xls"],
)
def test_a_sheet_that_reaches_too_far_is_refused_and_the_process_lives_on(cast, folder, name, data):
    near = makers.spread_xlsx(FAR, f"<row r='9'>{makers.xlsx_cell('C9')}</row>", dimension="A1:XFD1048576")
    assert take(makers.upload("a.xlsx", near), by=cast.su_min.viewer).size == len(near)
    kept = lying(folder)
    with pytest.raises(Refused) as caught:
        take(makers.upload(name, data), by=cast.su_min.viewer)
    assert caught.value.code == "sheet-too-spread"
    assert lying(folder) == kept


def test_an_old_sheet_of_two_near_cells_is_kept(cast):
    assert take(makers.upload("a.xls", makers.spread_xls(40, 3)), by=cast.su_min.viewer).kind == "sheet"


def test_an_archive_that_lies_about_its_size_is_found_out(cast):
    honest = makers.xlsx({"xl/sheet1.xml": bytes(2_000_000)})
    lying_archive = honest.replace((2_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying_archive != honest
    with pytest.raises(Refused) as caught:
        take(makers.upload("a.xlsx", lying_archive), by=cast.su_min.viewer)
    assert caught.value.code == "sheet-broken"


class Announced(io.BytesIO):
    """A file of 200 MB of which nobody may read a byte."""

    name, size = "录像.mp4", 200 * 1024 * 1024

    def read(self, *args):
        raise AssertionError("it was read")


def test_two_hundred_megabytes_are_refused_unread(cast):
    with pytest.raises(Refused) as caught:
        take(Announced(), by=cast.su_min.viewer)
    assert caught.value.code == "too-large"
    assert "200 MB" in caught.value.say and "50 MB" in caught.value.say


def test_a_caller_may_ask_for_less_than_the_kind_allows(cast):
    file = makers.upload("a.pdf", makers.PDF)
    with pytest.raises(Refused) as caught:
        take(file, by=cast.su_min.viewer, most_bytes=10)
    assert caught.value.code == "too-large"
    assert take(file, by=cast.su_min.viewer, most_bytes=len(makers.PDF)).pk


def test_an_unknown_role_is_refused(cast, folder):
    with pytest.raises(Refused) as caught:
        take(makers.upload("a.pdf", makers.PDF), by=cast.su_min.viewer, role="joke")
    assert caught.value.code == "role-unknown"
    assert lying(folder) == []


def test_what_lies_on_the_disk_is_ciphertext_that_only_the_owner_reads(cast, folder):
    take(makers.upload("陈桂芳的申请.pdf", makers.PDF), by=cast.su_min.viewer)
    (path,) = lying(folder)
    assert makers.PDF not in path.read_bytes() and b"%PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.relative_to(folder).parts[:2] == ("26", "11")


def test_a_file_of_many_pieces_comes_back_whole_and_a_cut_one_does_not(cast, folder):
    data = makers.PDF + bytes(range(256)) * 10_000 + b"\n%%EOF\n"
    upload = take(makers.upload("a.pdf", data), by=cast.su_min.viewer)
    assert plain(upload) == data
    (path,) = lying(folder)
    kept = path.read_bytes()
    first = 4 + int.from_bytes(kept[:4], "big")
    path.write_bytes(kept[:first])
    with pytest.raises(Refused) as caught:
        plain(upload)
    assert caught.value.code == "seal-broken"


def test_a_resident_without_account_may_give_a_photo(cast):
    upload = take(makers.upload("a.jpg", makers.photo()), by=PUBLIC, role="reporter")
    assert upload.uploaded_by_id is None and len(upload.token) == 43


def test_the_record_knows_the_digest_and_keeps_the_name_sealed(cast):
    upload = take(makers.upload("陈桂芳.pdf", makers.PDF), by=cast.su_min.viewer)
    (entry,) = story(upload.own_subject)
    assert entry.act == "files.take" and entry.facts["sha256"] == upload.sha256
    assert "陈桂芳" not in str(entry.facts) and opened(entry) == {"name": "陈桂芳.pdf"}
