"""What becomes of pictures, and of what only says it is one."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from starlette.datastructures import UploadFile

from shared.i18n import Readers
from shared.kernel.problems import Problem, ProblemType
from shared.web.images import LARGEST_BYTES, Picture, read_picture
from shared.web.images_worker import LONGEST_SIDE
from shared.web.labels import LABELS

RED = (200, 30, 20)
ENGLISH = Readers(zone="UTC", labels=LABELS).of("en")


def picture(form: str, size: tuple[int, int] = (80, 60), mode: str = "RGB", **options: object) -> bytes:
    colour: Any = {"RGB": RED, "RGBA": (*RED, 0), "CMYK": (0, 200, 200, 20), "L": 90, "P": 3, "1": 1, "I;16": 30000}[
        mode
    ]
    sink = io.BytesIO()
    Image.new(mode, size, colour).save(sink, form, **options)
    return sink.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would unpack to a flood of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


async def remade(data: bytes, field: str) -> Picture:
    """The picture that a form's file becomes."""
    return await read_picture(UploadFile(io.BytesIO(data)), field)


async def why(data: bytes) -> str:
    with pytest.raises(Problem) as caught:
        await remade(data, "reference")
    assert caught.value.type is ProblemType.IMAGE_REFUSED
    assert caught.value.fields[0].field == "reference"
    return ENGLISH.label(caught.value.fields[0].message)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", mode) for mode in ("RGB", "CMYK", "L")),
        *(("PNG", mode) for mode in ("RGBA", "P", "1", "I;16")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    ],
)
async def test_what_is_read_comes_out_as_a_jpeg(form: str, mode: str) -> None:
    made = await remade(picture(form, mode=mode), "reference")

    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (80, 60))
    assert (made.width, made.height) == (80, 60)


async def test_a_large_picture_is_made_smaller() -> None:
    made = await remade(picture("JPEG", (4000, 1000)), "reference")

    assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)


async def test_place_and_camera_are_removed_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: to be turned by 90 degrees
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825)[1] = "N"

    made = await remade(picture("JPEG", exif=exif, comment=b"home") + b"PK\x03\x04 and a zip", "reference")

    assert (made.width, made.height) == (60, 80)
    for left in (b"a camera", b"Exif", b"home", b"PK\x03\x04", b"ICC_PROFILE"):
        assert left not in made.data


async def test_a_transparent_picture_lies_on_white() -> None:
    made = await remade(picture("PNG", mode="RGBA"), "reference")

    with Image.open(io.BytesIO(made.data)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


async def test_a_flood_of_pixels_is_refused_before_it_is_decoded() -> None:
    assert "60 million" in await why(png_that_claims(60_000, 60_000))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "SVG"),
        (b"%PDF-1.7 and a page", "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
        (b"GIF89a", "GIF"),
        (b"BM1234", "BMP"),
        (b"MZ a program", "not a picture"),
        (b"<!doctype html><p>", "not a picture"),
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0 cut off", "damaged"),
        (picture("JPEG", (400, 400))[:600], "damaged"),
        (picture("PNG", (400, 400))[:80], "damaged"),
    ],
    ids=[
        "svg",
        "svg-xml",
        "pdf",
        "heic",
        "avif",
        "gif",
        "bmp",
        "exe",
        "html",
        "empty",
        "head",
        "half-jpeg",
        "half-png",
    ],
)
async def test_what_is_no_picture_is_refused_with_a_remedy(data: bytes, said: str) -> None:
    assert said in await why(data)


async def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "15 MB" in await why(b"\xff" * (LARGEST_BYTES + 1))
