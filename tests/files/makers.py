"""Files that people bring, and files that people should not bring."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    """What a browser sends, with a content type that nobody should believe."""
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")


def photo(
    size: tuple[int, int] = (800, 600), *, form: str = "JPEG", turned: int = 0, exif: bool = True, mode: str = "RGB"
) -> bytes:
    """A picture whose left upper quarter is red, with a place and a time in its EXIF."""
    picture = Image.new(mode, size, "white" if mode == "RGB" else (0, 0, 0, 0))
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    data = Image.Exif()
    if exif:
        data[ExifTags.Base.Orientation] = turned or 1
        data[ExifTags.Base.Make] = "SECRETCAMERA"
        data.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:17 16:20:30"
        gps = data.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLongitude] = (36.0, 37.0, 12.0), (101.0, 46.0, 48.0)
    out = io.BytesIO()
    picture.save(out, form, exif=data)
    return out.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has this many dots."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def xlsx(extra: dict[str, bytes] | None = None, *, workbook: bool = True) -> bytes:
    """A small archive that looks like a workbook, with whatever else is put in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        if workbook:
            archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def xls() -> bytes:
    """The first bytes of an old Excel file, with the name of its stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le") + bytes(100)


SHEET_PARTS = {
    "_rels/.rels": '<Relationships><Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
}


def spread_xlsx(*rows: str, dimension: str = "A1:B1") -> bytes:
    """A workbook with just these rows of XML, which says of itself that it is small."""
    sheet = f'<worksheet><dimension ref="{dimension}"/><sheetData>{"".join(rows)}</sheetData></worksheet>'
    parts = SHEET_PARTS | {"xl/worksheets/sheet1.xml": sheet}
    return xlsx({name: part.encode() for name, part in parts.items()}, workbook=False)


def xlsx_cell(place: str) -> str:
    """A filled cell."""
    return f'<c r="{place}" t="inlineStr"><is><t>字</t></is></c>'


def spread_xls(row: int, column: int) -> bytes:
    """An old workbook of two cells, the second far out; its own note of its size says that it is small."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def number(row: int, column: int) -> bytes:
        return record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0))

    begin, end = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0), record(0x000A, b"")
    name = struct.pack("<HBB", 0, 1, 0) + b"a"
    ahead = len(record(0x0809, begin)) + 8 + len(name) + len(end)
    book = record(0x0809, begin) + record(0x0085, struct.pack("<I", ahead) + name) + end
    sheet = record(0x0809, begin[:2] + b"\x10\0" + begin[4:]) + record(0x0200, struct.pack("<IIHHH", 0, 1, 0, 1, 0))
    stream = (book + sheet + number(0, 0) + number(row, column) + end).ljust(4096, b"\0")
    return compound("Workbook", stream)


def compound(name: str, stream: bytes) -> bytes:
    """One stream of 4,096 bytes in an OLE container: a table of sectors, a folder, the stream."""
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, last, 0, last, 0) + struct.pack("<I", 0)
    head += struct.pack("<I", free) * 108
    sectors = [table, last, *range(3, 10), last]
    fat = b"".join(struct.pack("<I", one) for one in sectors + [free] * (128 - len(sectors)))

    def entry(said: str, kind: int, child: int, start: int, size: int) -> bytes:
        shown = (said + "\0").encode("utf-16-le") if said else b""
        tree = struct.pack("<III", free, free, child)
        return (
            shown.ljust(64, b"\0")
            + struct.pack("<HBB", len(shown), kind, 1)
            + tree
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 1, last, 0) + entry(name, 2, free, 2, len(stream)) + entry("", 0, free, 0, 0) * 2
    return head + fat + folder + stream


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CSV = "编号,标题\n1,楼道灯不亮\n".encode("gb18030")
EXE = b"MZ\x90\x00" + bytes(200)
