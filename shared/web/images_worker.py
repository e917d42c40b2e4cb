"""Run as a program: waits for pictures, and for each of them makes a child, which is alone with it.

The child reads the picture from standard input and encodes it again to standard output. Nothing of ours is imported,
and there is no environment, so that a flaw in a decoder finds nothing to take. Its exit code is 0 with one line
`<width> <height>` and a JPEG; 2 with the name of a refusal; it is ended by SIGXCPU or SIGALRM if it took too long;
anything else is a decoder that failed.
"""

import io
import os
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import NoReturn

if __name__ == "__main__":
    os.nice(15)  # whoever only looks at a page comes first; before the decoders, whose loading takes most of the time

from PIL import (
    Image,
    ImageCms,
    ImageMath,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

LARGEST_PIXELS = 60_000_000
"""Width times height as declared, refused before a pixel is decoded; phones' cameras make 12 to 50 million."""
LONGEST_SIDE = 2000
"""Of what comes out, in pixels."""
QUALITY = 85
MEMORY = 768 * 1024 * 1024
SECONDS = 5
"""Of the processor: 60 million pixels take half a second to one and a half, on two cores of a small server."""
LONGEST = 15
"""Seconds, on any clock."""
MOST_SCANS = 32
"""Of a JPEG. Each goes over all its pixels again. Programs that save them write ten, those for print eighteen."""
LARGEST_PROFILE = 8 * 1024 * 1024
"""Of a colour profile once it is unpacked; those for presses have some megabytes."""

NOT_READ = {
    b"%PDF": "pdf",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"\x1f\x8b": "svg",  # .svgz
}
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_TEXT = {b"zTXt", b"iTXt"}
_DECODERS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""All that there are: what JPEG, PNG and WebP take, and their Exif."""
_APPLE = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class PictureRefusedError(ValueError):
    """Why this is not taken, by the name of a refusal."""


def remade(data: bytes) -> tuple[tuple[int, int], bytes]:
    """The picture's new size in pixels and its new bytes. Raises PictureRefusedError."""
    if data.startswith(_JPEG) and data.count(b"\xff\xda") > MOST_SCANS:
        raise PictureRefusedError("effort")
    if data.startswith(_PNG):
        data = without_packed_text(data)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise PictureRefusedError("pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _written(_upright(image))
    except UnidentifiedImageError as error:
        raise PictureRefusedError(kind(data)) from error
    except MemoryError as error:
        raise PictureRefusedError("effort") from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureRefusedError):
            raise
        raise PictureRefusedError("damaged") from error


def kind(data: bytes) -> str:
    """What this is, if it is no picture that is read here: by its first bytes, as `file` does it."""
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _APPLE else "avif" if data[8:12] in {b"avif", b"avis"} else "unknown"
    for start, name in NOT_READ.items():
        if data.startswith(start):
            return name
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "svg"
    return "damaged" if data.startswith((_JPEG, _PNG)) else "unknown"


def without_packed_text(png: bytes) -> bytes:
    """The PNG without its compressed text (XMP, say).

    Nothing of it is kept, and where it is long the decoder would refuse the picture for it.
    """
    kept, at = [png[:8]], 8
    while at + 8 <= len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        end = at + 12 + length  # length, name, content, checksum
        if name not in _TEXT or not _is_packed(name, png[at + 8 : end - 4]):
            kept.append(png[at:end])
        at = end
    return b"".join(kept)


def _is_packed(name: bytes, content: bytes) -> bool:
    return name == b"zTXt" or content.partition(b"\0")[2][:1] == b"\1"  # a keyword, NUL, and whether it is compressed


def _upright(image: Image.Image) -> Image.Image:
    """Small first, which is what keeps the memory low; then turned as the camera was held, in sRGB, and opaque."""
    profile = image.info.get("icc_profile")
    image = _in_eight_bits(image)
    if "transparency" in image.info or image.mode in {"PA", "La"}:
        image = image.convert("LA" if image.mode in {"L", "1", "La"} else "RGBA")
    elif image.mode == "P":
        image = image.convert("RGB")
    elif image.mode == "1":
        image = image.convert("L")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if "A" not in image.getbands():
        return _in_srgb(image, profile)
    paper = Image.new("RGB", image.size, "white")
    paper.paste(_in_srgb(image.convert("L" if image.mode == "LA" else "RGB"), profile), mask=image.getchannel("A"))
    return paper


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits scaled to 8, with its see-through grey if it names one; Pillow would cut it off at 255."""
    if not image.mode.startswith("I"):
        return image
    info = dict(image.info)
    clear = info.pop("transparency", None)
    grey = image.point(lambda value: value * (1 / 257)).convert("L")
    if clear is not None:
        wide = image.convert("I")
        seen = ImageMath.lambda_eval(lambda args: args["convert"]((args["wide"] != clear) * 255, "L"), wide=wide)
        grey = Image.merge("LA", (grey, seen))
    grey.info = info
    return grey


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert("RGB")
        return converted or image.convert("RGB")
    return image.convert("RGB")


def _written(image: Image.Image) -> tuple[tuple[int, int], bytes]:
    image.info = {}
    sink = io.BytesIO()
    image.save(sink, "JPEG", quality=QUALITY, optimize=True, progressive=True, exif=b"", icc_profile=None)
    return image.size, sink.getvalue()


def _know_no_more_formats() -> None:
    """Pillow imports forty decoders more when it does not know a picture; the limits forbid to open their files."""
    Image._initialized = 2  # noqa: SLF001 (Pillow has no other way)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """One picture from standard input to standard output."""
    _limit()
    try:
        (width, height), data = remade(sys.stdin.buffer.read())
    except PictureRefusedError as refusal:
        sys.stdout.write(str(refusal))
        return 2
    sys.stdout.buffer.write(b"%d %d\n" % (width, height) + data)
    return 0


def wait() -> int:
    """One child for each socket that comes by standard input; then how the child ended. Until nobody can send more."""
    _know_no_more_formats()
    ImageCms.createProfile("sRGB")
    PngImagePlugin.MAX_TEXT_CHUNK = LARGEST_PROFILE
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and refuses instead of warning
    control = socket.socket(fileno=os.dup(0))
    while True:
        _, [*pictures], _, _ = socket.recv_fds(control, 1, 1)
        if not pictures:
            return 0
        child = os.fork()
        if not child:
            _be_alone_with(*pictures)
        os.close(*pictures)
        _, status = os.waitpid(child, 0)
        control.sendall(struct.pack("<i", os.waitstatus_to_exitcode(status)))


def _be_alone_with(picture: int) -> NoReturn:
    """Let go of everything else: the next pictures, and what is answered about them."""
    code = 1
    try:
        signal.alarm(LONGEST)
        os.dup2(picture, 0)
        os.dup2(picture, 1)
        _close_all_but(0, 1, 2)
        code = main()
        sys.stdout.flush()
    finally:
        os._exit(code)


def _close_all_but(*kept: int) -> None:
    """By what is open: some containers allow a billion files, and not every Python closes a range at once."""
    for number in [int(each) for each in os.listdir("/dev/fd")]:  # noqa: PTH208 (a path more to import, for names alone)
        if number not in kept:
            with suppress(OSError):  # the folder itself was open
                os.close(number)


if __name__ == "__main__":
    sys.exit(wait())
