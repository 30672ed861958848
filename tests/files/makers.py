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


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CSV = "编号,标题\n1,楼道灯不亮\n".encode("gb18030")
EXE = b"MZ\x90\x00" + bytes(200)
