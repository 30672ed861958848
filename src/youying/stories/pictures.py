"""Drawn photographs for the stories: nobody's street, nobody's face."""

from __future__ import annotations

import io
import random
from functools import lru_cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 480


@lru_cache(maxsize=16)
def drawn(kind: int, mended: bool) -> bytes:
    """One of eight scenes, before or after, as JPEG bytes."""
    chance = random.Random(kind)
    picture = Image.new("RGB", (WIDTH, HEIGHT), (118, 120, 116))
    brush = ImageDraw.Draw(picture)
    wall = tuple(chance.randint(140, 175) for _ in range(3))
    brush.polygon([(120, 110), (520, 110), (520, 300), (120, 300)], fill=wall)
    brush.polygon([(0, 480), (120, 300), (520, 300), (640, 480)], fill=(140, 137, 130))
    brush.rectangle([chance.randint(180, 380), 170, chance.randint(400, 440), 300], fill=(96, 92, 88))
    centre = chance.randint(220, 420)
    if mended:
        brush.ellipse([centre - 60, 380, centre + 60, 420], fill=(88, 88, 86), outline=(40, 40, 40), width=4)
        brush.polygon([(centre + 90, 420), (centre + 130, 420), (centre + 110, 350)], fill=(222, 102, 40))
    else:
        brush.ellipse([centre - 190, 360, centre + 190, 470], fill=(58, 74, 78))
        for _ in range(5):
            x, y = centre + chance.randint(-130, 100), chance.randint(380, 440)
            brush.rectangle([x, y, x + 36, y + 14], fill=(150, 84, 58))
    for _ in range(400):
        x, y, shade = chance.randint(0, WIDTH - 1), chance.randint(0, HEIGHT - 1), chance.randint(90, 160)
        brush.point((x, y), fill=(shade, shade, shade))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=80)
    return made.getvalue()


def photo(kind: int, *, mended: bool) -> SimpleUploadedFile:
    """A drawn photograph as an upload."""
    return SimpleUploadedFile("现场.jpg", drawn(kind % 8, mended), "image/jpeg")
