"""Run as a program, alone with one picture: reads it from standard input, encodes it again to standard output.

It imports nothing of ours and gets no environment, so that a flaw in a decoder finds nothing to take. Exit code 0 with
one line `<width> <height>` and a JPEG; 2 with the name of a refusal; anything else is a decoder that failed.
"""

import io
import resource
import sys

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

LARGEST_PIXELS = 60_000_000
"""Width times height as declared, refused before a pixel is decoded; phones' cameras make 12 to 50 million."""
LONGEST_SIDE = 2000
"""Of what comes out, in pixels."""
QUALITY = 85
MEMORY = 768 * 1024 * 1024
SECONDS = 10

NOT_READ = {
    b"%PDF": "pdf",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"\x1f\x8b": "svg",  # .svgz
}
_APPLE = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class PictureRefusedError(ValueError):
    """Why this is not taken, by the name of a refusal."""


def remade(data: bytes) -> tuple[tuple[int, int], bytes]:
    """The picture's new size in pixels and its new bytes. Raises PictureRefusedError."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise PictureRefusedError("pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _written(_upright(image))
    except UnidentifiedImageError as error:
        raise PictureRefusedError(kind(data)) from error
    except MemoryError as error:
        raise PictureRefusedError("pixels") from error
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
    return "damaged" if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" else "unknown"


def _upright(image: Image.Image) -> Image.Image:
    """Small first, which is what keeps the memory low; then turned as the camera was held, opaque, and in sRGB."""
    profile = image.info.get("icc_profile")
    see_through = "A" in image.getbands() or "transparency" in image.info
    if image.mode in {"P", "1", "I", "I;16", "F", "PA", "La", "LA"}:
        image = image.convert("RGBA" if see_through else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if see_through:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return _in_srgb(image, profile)


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


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """One picture from standard input to standard output."""
    Image.init()  # the plugins open files, which the limits then forbid
    ImageCms.createProfile("sRGB")
    _limit()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and refuses instead of warning
    try:
        (width, height), data = remade(sys.stdin.buffer.read())
    except PictureRefusedError as refusal:
        sys.stdout.write(str(refusal))
        return 2
    sys.stdout.buffer.write(b"%d %d\n" % (width, height) + data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
