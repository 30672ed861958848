"""Pictures made anew: turned upright, made smaller, stripped of everything but their dots."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from youying.files.rules import (
    HEIC,
    LONG_SIDE,
    THUMBNAIL_SIDE,
    Format,
    check_pixels,
    degrees,
    picture_too_large,
    taken_text,
)
from youying.kernel.refusals import Refused

QUALITY, THUMBNAIL_QUALITY = 82, 74
READERS = ("JPEG", "PNG", "WEBP")
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG with its thumbnail, and what its EXIF said before it was dropped: when and where (WGS-84)."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    lng: float | None
    lat: float | None


def clean_picture(data: bytes, *, form: Format) -> Picture:
    """Decode and encode a picture again; refused when it is broken, too large or HEIC."""
    if form == HEIC:
        raise Refused(
            "heic-unsupported",
            say="HEIC 照片这里打不开。苹果手机请到“设置”→“相机”→“格式”，选“兼容性最佳”再拍一张；已经拍好的，打开它截个图，传截图。",
            field="file",
        )
    try:
        with Image.open(io.BytesIO(data), formats=READERS) as opened:
            check_pixels(*opened.size)
            told = _exif(opened)
            opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
            return _encoded(ImageOps.exif_transpose(opened), told)
    except Image.DecompressionBombError:
        raise picture_too_large() from None
    except _BROKEN:
        raise Refused(
            "picture-broken", say="这张图片打不开，可能已损坏。请重新拍摄或导出后再传。", field="file"
        ) from None


def _encoded(opened: Image.Image, told: tuple[datetime | None, float | None, float | None]) -> Picture:
    plain = _on_white(opened)
    plain.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    small = plain.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        _jpeg(plain, quality=QUALITY), _jpeg(small, quality=THUMBNAIL_QUALITY), plain.width, plain.height, *told
    )


def _on_white(opened: Image.Image) -> Image.Image:
    """Plain colours, with white where the picture was transparent."""
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        layer = opened.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return opened.convert("RGB")


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    """The dots alone: a new picture carries no EXIF, comment or colour profile over."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _exif(opened: Image.Image) -> tuple[datetime | None, float | None, float | None]:
    """When and where the camera says it was; nothing where the EXIF is missing or makes no sense."""
    try:
        exif = opened.getexif()
        detail, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        words = detail.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or ""
        taken = _moment(str(words), str(detail.get(ExifTags.Base.OffsetTimeOriginal) or ""))
        return taken, *_point(place)
    except (*_BROKEN, TypeError, ZeroDivisionError, KeyError):
        return None, None, None


def _moment(words: str, offset: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(taken_text(words, offset))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.YOUYING_ZONE))


def _point(place: dict[int, Any]) -> tuple[float | None, float | None]:
    gps = ExifTags.GPS
    lat = degrees(place.get(gps.GPSLatitude) or (), side=str(place.get(gps.GPSLatitudeRef, "")))
    lng = degrees(place.get(gps.GPSLongitude) or (), side=str(place.get(gps.GPSLongitudeRef, "")))
    return (lng, lat) if lng is not None and lat is not None and (lng or lat) else (None, None)
