"""Decisions of files: what a file is by its bytes, what it may be called, when an archive is a trap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from youying.kernel.refusals import Refused

MEGABYTE = 1024 * 1024
MOST_BYTES: dict[str, int] = {"image": 20 * MEGABYTE, "document": 20 * MEGABYTE, "sheet": 50 * MEGABYTE}
"""The largest file of each kind, in bytes, where the caller asks for no less."""
MOST_PIXELS = 60_000_000
LONG_SIDE, THUMBNAIL_SIDE = 2560, 480
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 3_000, 400 * MEGABYTE, 150
SURELY_SMALL = 5 * MEGABYTE
"""An archive that unpacks to no more than this may be packed as tightly as it likes."""
MOST_SHEET_ROWS, MOST_SHEET_CELLS = 500_100, 20_000_000
"""How far the filled cells of a sheet may reach; a reader fills the whole box around them."""
MOST_NAME = 80
ROLES: dict[str, str] = {
    "": "",
    "before": "办理前",
    "after": "办理后",
    "evidence": "佐证",
    "reporter": "诉求人提供",
    "import": "导入",
    "sheet": "表单材料",
    "signature": "签字",
}


@dataclass(frozen=True, slots=True)
class Format:
    """A format on the allow-list."""

    kind: str
    title: str
    media_type: str
    extension: str


JPEG = Format("image", "JPEG", "image/jpeg", ".jpg")
PNG = Format("image", "PNG", "image/png", ".png")
WEBP = Format("image", "WebP", "image/webp", ".webp")
HEIC = Format("image", "HEIC", "image/heic", ".heic")
PDF = Format("document", "PDF", "application/pdf", ".pdf")
XLSX = Format("sheet", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
XLS = Format("sheet", "xls", "application/vnd.ms-excel", ".xls")
CSV = Format("sheet", "csv", "text/csv", ".csv")

ALLOWED = "照片（JPG、PNG、WebP）、PDF、表格（xlsx、xls、csv）"
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!", b"dex\n")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class Packed:
    """One entry of an archive: its name, its size packed and unpacked in bytes, whether it is locked."""

    name: str
    packed: int
    unpacked: int
    locked: bool = False


def format_of(head: bytes, *, name: str) -> Format:
    """What a file is by its first bytes; its name only tells a csv from other text. Refused off the allow-list."""
    if head.startswith(_PROGRAMS):
        raise Refused("program-file", say=f"这是程序文件，不能上传。可以上传：{ALLOWED}。", field="file")
    found = _image_of(head) or _document_of(head, name=name)
    if found is None and _ending(name) in (".xls", ".xlsx") and (within := _text_of(head)):
        ending = _ending(name)[1:]
        say = f"这个文件名是 {ending}，里面其实是{within}。请用 Excel 或 WPS 打开，另存为 xlsx 再传。"
        raise Refused("sheet-is-text", say=say, have=within, field="file")
    if found is None:
        raise Refused(
            "type-not-allowed", say=f"不支持这种文件。可以上传：{ALLOWED}。", have=_ending(name), field="file"
        )
    return found


def _image_of(head: bytes) -> Format | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return HEIC if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS else None


def _document_of(head: bytes, *, name: str) -> Format | None:
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return XLSX
    if head.startswith(_OLE):
        return XLS
    is_text = _ending(name) in (".csv", ".txt") and not _CONTROLS.search(head)
    return CSV if is_text and head.strip() else None


def _text_of(head: bytes) -> str:
    """What a text is that calls itself a sheet, as other systems export them; empty for what is no text."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if not start or _CONTROLS.search(start):
        return ""
    if start.startswith(b"<?xml") and b"<html" not in start:
        return "XML 表格"
    return "网页表格" if start.startswith(b"<") else "纯文本"


def check_size(size: int, *, most: int) -> None:
    """Refuse an empty file and one above the limit, both in bytes."""
    if size <= 0:
        raise Refused("file-empty", say="这个文件是空的，请重新选择。", field="file")
    if size > most:
        shown = f"{size / MEGABYTE:.0f} MB"
        limit = f"{most / MEGABYTE:.0f} MB" if most >= MEGABYTE else f"{most // 1024} KB"
        raise Refused(
            "too-large",
            say=f"文件有 {shown}，超过上限 {limit}。照片请先压缩，表格请分几份上传。",
            have=size,
            need=most,
            field="file",
        )


def check_paper(tail: bytes) -> None:
    """Refuse a PDF that breaks off before its end; `tail` are its last bytes."""
    if b"%%EOF" not in tail:
        say = "这个PDF打不开：文件不完整，或不是真的PDF。请重新扫描或导出后再传，拍照也可以。"
        raise Refused("pdf-broken", say=say, field="file")


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture that would fill the memory when unpacked."""
    if width * height > MOST_PIXELS or min(width, height) < 1:
        raise picture_too_large()


def picture_too_large() -> Refused:
    """The sentence for too many dots."""
    say = f"图片超过 {MOST_PIXELS // 10_000} 万像素。请缩小后再传。"
    return Refused("picture-too-large", say=say, need=MOST_PIXELS, field="file")


def check_archive(entries: Iterable[Packed]) -> None:
    """Refuse an xlsx that is not one, that is locked, that carries macros, or that unpacks to a flood."""
    rows = list(entries)
    names = {row.name.lower() for row in rows}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused("type-not-allowed", say=f"不支持压缩包和其他Office文件。可以上传：{ALLOWED}。", field="file")
    if any(row.locked for row in rows):
        raise Refused("sheet-locked", say="这个表格有密码，请去掉密码后再传。", field="file")
    if any(name.endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names):
        raise Refused("sheet-macros", say="这个表格带宏，请另存为普通的xlsx后再传。", field="file")
    unpacked, packed = sum(row.unpacked for row in rows), sum(row.packed for row in rows)
    tight = unpacked > SURELY_SMALL and unpacked > MOST_RATIO * max(packed, 1)
    if len(rows) > MOST_ENTRIES or unpacked > MOST_UNPACKED or tight or any(".." in name for name in names):
        raise Refused(
            "archive-bomb",
            say="这个表格解压后过大，像是异常文件。请只保留需要的工作表，另存后再传。",
            have=unpacked,
            need=MOST_UNPACKED,
            field="file",
        )


def check_extent(rows: int, columns: int) -> None:
    """Refuse a sheet whose cells lie so far apart that the box around them would fill the memory."""
    if rows > MOST_SHEET_ROWS or rows * columns > MOST_SHEET_CELLS:
        raise too_spread(rows, columns)


def too_spread(rows: int = 0, columns: int = 0) -> Refused:
    """The sentence for a sheet that reaches too far; without figures where even measuring it took too much."""
    far = f"（到了第{rows}行、第{columns}列）" if rows else ""
    say = f"表格铺得太开{far}，多半是很远处有一个误填的格子。请删掉数据以外的行和列，另存后再传；太多行请分成几个文件。"
    return Refused("sheet-too-spread", say=say, have=[rows, columns], need=MOST_SHEET_CELLS, field="file")


def check_role(role: str) -> str:
    """The role an upload plays for its subject; refused when it is not on the list."""
    if role not in ROLES:
        raise Refused("role-unknown", say="没有这种附件用途。", have=role, need=list(ROLES), field="role")
    return role


def safe_name(name: str, *, form: Format) -> str:
    """A file name without path, control or direction characters, with the ending that fits what the file is."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign) not in _HIDDEN)
    stem = _UNSAFE.sub("", visible).strip(" .")
    ending = _ending(stem)
    stem = stem[: len(stem) - len(ending)]
    return (stem.strip(" .")[:MOST_NAME] or "附件") + form.extension


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _ending(name: str) -> str:
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name.strip())
    return found.group().lower() if found else ""


def disposition(name: str) -> str:
    """The header that makes a browser save a file under its name, Chinese too (RFC 6266, RFC 5987)."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name.encode("ascii", "replace").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def taken_text(words: str, offset: str) -> str:
    """An EXIF moment ("2026:11:18 09:40:00") as ISO 8601, with its offset where the camera kept one."""
    found = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", words.strip("\0 "))
    zone = offset.strip("\0 ") if re.fullmatch(r"[+-]\d\d:\d\d", offset.strip("\0 ")) else ""
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{zone}" if found else ""


def degrees(parts: Iterable[float], *, side: str) -> float | None:
    """Degrees, minutes, seconds and N/S/E/W as one signed number of degrees; nothing where they make no sense."""
    numbers = [float(part) for part in parts]
    if len(numbers) != 3 or side not in ("N", "S", "E", "W"):
        return None
    value = numbers[0] + numbers[1] / 60 + numbers[2] / 3600
    most = 90 if side in "NS" else 180
    return (-value if side in "SW" else value) if 0 <= value <= most else None
