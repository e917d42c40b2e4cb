"""The pictures that simulated users send: a sketch of a ring, and photos of a ring on a bench."""

import io
import math
from functools import cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_PAPER: Final = "#f6f1e6"
_INK: Final = "#3b3a44"
_SIZE: Final = (1200, 900)
_SMALL: Final = (600, 450)  # each point is reckoned at this size; a photo from a hand is no sharper
_LIGHT: Final = (-0.48, -0.62, 0.62)  # from the upper left, towards the eye
_CENTRE: Final = (300, 222)
_MIDDLE, _HALF, _TILT = 108.0, 19.0, 0.86  # the band's radius and half its width in points; how round it is seen


def sketch() -> bytes:
    """A ring with its section beside it, as somebody draws it on a letter."""
    drawn = Image.new("RGB", (900, 700), _PAPER)
    pen = ImageDraw.Draw(drawn)
    for grown in (0, 5, 46, 50):
        pen.ellipse((150 - grown, 150 - grown, 530 + grown, 530 + grown), outline=_INK, width=3)
    for turn in range(0, 360, 6):
        start, end = _around(turn, 200), _around(turn + 4, 228)
        pen.line((*start, *end), fill="#8d877c", width=2)
    pen.chord((650, 280, 790, 400), 180, 360, outline=_INK, width=4)
    pen.line((650, 440, 790, 440), fill=_INK, width=2)
    for x in (650, 790):
        pen.line((x, 430, x, 450), fill=_INK, width=2)
    return _jpeg(drawn.filter(ImageFilter.GaussianBlur(0.8)))


def _around(turn: float, radius: float) -> tuple[float, float]:
    return 340 + radius * math.cos(math.radians(turn)), 340 + radius * math.sin(math.radians(turn))


@cache
def bench_photo(metal: str, gloss: float = 1.0) -> bytes:
    """A ring on a bench, as a phone might see it. `metal` is its colour, `gloss` how bright it is finished: 0 to 1."""
    bench = _wood()
    shadow = Image.new("L", _SMALL, 0)
    ImageDraw.Draw(shadow).ellipse((196, 132, 436, 356), outline=190, width=40)
    bench.paste("#1c110a", mask=shadow.filter(ImageFilter.GaussianBlur(11)))
    ring, outline = _ring(metal, gloss)
    bench.paste(ring, mask=outline)
    return _jpeg(bench.resize(_SIZE, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1)))


def _wood() -> Image.Image:
    """Beech that has seen years of work: grain along the bench, darker towards the corners."""
    grain = Image.effect_noise((24, _SMALL[1]), 60).resize(_SMALL, Image.Resampling.BICUBIC)
    fibres = Image.effect_noise((150, _SMALL[1]), 40).resize(_SMALL, Image.Resampling.BICUBIC)
    tone = Image.blend(grain, fibres, 0.4).filter(ImageFilter.GaussianBlur(0.8))
    light = ImageChops.invert(Image.radial_gradient("L").resize(_SMALL))
    wood = Image.merge("RGB", [tone.point(lambda v, each=each: each + (v - 128) * 0.22) for each in (150, 104, 66)])
    shade = light.point(lambda v: 120 + v * 0.53)
    return ImageChops.multiply(wood, Image.merge("RGB", (shade, shade, shade)))


def _ring(metal: str, gloss: float) -> tuple[Image.Image, Image.Image]:
    """A flat band, seen a little from the side, lit like a torus; and where it is."""
    width, height = _SMALL
    ring, outline = bytearray(3 * width * height), bytearray(width * height)
    base = tuple(int(metal[at : at + 2], 16) for at in (1, 3, 5))
    for y in range(90, 356):
        along = (y - _CENTRE[1]) / _TILT
        for x in range(166, 434):
            across = x - _CENTRE[0]
            away = math.hypot(across, along)
            off = (away - _MIDDLE) / _HALF
            if -1 < off < 1:
                at = y * width + x
                ring[3 * at : 3 * at + 3] = _lit(base, gloss, (off * across / away, off * along / away))
                outline[at] = min(255, int(900 * (1 - abs(off))))
    return Image.frombytes("RGB", _SMALL, bytes(ring)), Image.frombytes("L", _SMALL, bytes(outline))


def _lit(base: tuple[int, ...], gloss: float, leaning: tuple[float, float]) -> bytes:
    """The colour of a point of the metal that leans so far right and down."""
    right, down = leaning
    facing = math.sqrt(max(0.0, 1 - right * right - down * down))
    lit = max(0.0, right * _LIGHT[0] + down * _LIGHT[1] + facing * _LIGHT[2])
    mirrored = 0.5 * math.sin(5 * right + 7 * down + 2.1 * facing)  # a room that nobody looks at
    bright, shine = 0.30 + 0.62 * lit + 0.20 * gloss * mirrored, gloss * 150 * lit**14
    return bytes(max(0, min(255, int(part * bright + shine))) for part in base)


def _jpeg(drawn: Image.Image) -> bytes:
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=88)
    return written.getvalue()
