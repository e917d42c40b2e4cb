"""What becomes of pictures, and of what only says it is one."""

import asyncio
import io
import re
import struct
import time
import zlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from starlette.datastructures import UploadFile

from shared.i18n import Readers
from shared.kernel.problems import Problem, ProblemType
from shared.web.images import LARGEST_BYTES, LARGEST_MEGABYTES, Picture, PictureQueue, read_picture
from shared.web.images_worker import LONGEST_SIDE, SECONDS
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
    return await read_picture(UploadFile(io.BytesIO(data)), field, uuid4())


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
    assert f"{LARGEST_MEGABYTES} MB" in await why(b"\xff" * (LARGEST_BYTES + 1))


def test_no_page_and_no_offering_says_the_figure_by_itself() -> None:
    root = Path(__file__).parents[3]
    said = [
        f"{file.relative_to(root)}: {found[0]}"
        for folder in ("services", "shared")
        for ending in ("html", "toml", "jinja", "js")
        for file in (root / folder).rglob(f"*.{ending}")
        if "vendor" not in file.parts and (found := re.search(r"\b\d+ ?MB\b", file.read_text()))
    ]

    assert not said


async def shown(data: bytes, at: tuple[int, int] = (5, 5)) -> Any:
    """The colour of a point of what is made of this picture."""
    made = await remade(data, "reference")
    with Image.open(io.BytesIO(made.data)) as image:
        return image.getpixel(at)


@pytest.mark.parametrize("value", [0, 257 * 30, 257 * 128, 257 * 200, 65535])
async def test_grey_of_16_bits_keeps_its_lightness(value: int) -> None:
    sink = io.BytesIO()
    Image.new("I;16", (80, 60), value).save(sink, "PNG")

    grey = await shown(sink.getvalue())

    assert grey == pytest.approx((value / 257,) * 3, abs=2)


async def test_a_see_through_grey_of_16_bits_lies_on_white_and_its_neighbours_do_not() -> None:
    image = Image.frombytes("I;16", (80, 60), (struct.pack("<H", 3001) * 40 + struct.pack("<H", 3000) * 40) * 60)
    sink = io.BytesIO()
    image.save(sink, "PNG")
    plain = sink.getvalue()
    clear = struct.pack(">I4sH", 2, b"tRNS", 3001)
    png = plain[:33] + clear + struct.pack(">I", zlib.crc32(clear[4:])) + plain[33:]

    assert await shown(png) == (255, 255, 255)
    assert await shown(png, (70, 30)) == pytest.approx((12, 12, 12), abs=3)


def with_text(kind: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    long = "a picture of a ring " * 100_000
    if kind == "itxt":
        info.add_itxt("XML:com.adobe.xmp", long, zip=True)
    else:
        info.add_text("Comment", long, zip=kind == "ztxt")
    return picture("PNG", pnginfo=info)


@pytest.mark.parametrize("kind", ["itxt", "ztxt", "text"])
async def test_text_of_two_megabytes_inside_a_png_is_left_out(kind: str) -> None:
    made = await remade(with_text(kind), "reference")

    assert (made.width, made.height) == (80, 60)
    assert b"a picture of a ring" not in made.data


def profile() -> bytes:
    """A profile in which the numbers mean other colours: sRGB with red for blue."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, blue = plain.index(b"rXYZ"), plain.index(b"bXYZ")
    swapped = bytearray(plain)
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(swapped)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
async def test_a_colour_profile_is_followed_whatever_the_mode(mode: str) -> None:
    image = Image.new("RGBA", (80, 60), (*RED, 255)).convert(mode)
    sink = io.BytesIO()
    image.save(sink, "PNG", icc_profile=profile())

    red, green, blue = await shown(sink.getvalue())

    assert (red, green, blue) == pytest.approx(RED[::-1], abs=6)


async def test_a_webp_that_needs_too_much_memory_is_not_said_to_have_too_many_pixels() -> None:
    sink = io.BytesIO()
    Image.new("RGB", (7700, 7700), RED).save(sink, "WEBP", lossless=True)

    said = await why(sink.getvalue())

    assert "memory" in said
    assert "60 million" not in said


def jpeg_with_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again, each time over all of its pixels."""
    plain = picture("JPEG", (3000, 3000), "L", progressive=True)
    last = plain[plain.rindex(b"\xff\xda") : -2]
    return plain[:-2] + last * scans + plain[-2:]


async def test_a_jpeg_of_a_thousand_scans_is_refused_before_they_are_read() -> None:
    began = time.monotonic()

    said = await why(jpeg_with_scans(1000))

    assert "too long" in said
    assert time.monotonic() - began < SECONDS / 2


async def test_a_jpeg_of_as_many_scans_as_programs_write_is_read() -> None:
    made = await remade(jpeg_with_scans(10), "reference")

    assert made.width == LONGEST_SIDE


async def test_a_picture_that_takes_too_long_is_refused_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.web.images._SECONDS", 0.0)

    assert "too long" in await why(picture("JPEG"))


async def hold(queue: PictureQueue, person: UUID, end: asyncio.Event, at_work: list[UUID]) -> None:
    async with queue.turn(person):
        at_work.append(person)
        if len(at_work) == 2:
            end.set()  # two at once, which is all: whoever waits for more waits for good
        await end.wait()


async def test_one_persons_pictures_leave_the_other_place_to_somebody_else() -> None:
    queue, end = PictureQueue(), asyncio.Event()
    at_work: list[UUID] = []
    greedy, other = uuid4(), uuid4()

    async with asyncio.TaskGroup() as group:
        for person in (greedy, greedy, greedy, other):
            group.create_task(hold(queue, person, end, at_work))

    assert set(at_work[:2]) == {greedy, other}
    assert len(at_work) == 4
