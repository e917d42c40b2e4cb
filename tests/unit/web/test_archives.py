"""An archive that somebody takes along is whole, whatever happens to one of its files."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

import pytest

from shared.i18n import Reader, Readers
from shared.kernel.problems import Problem, ProblemType
from shared.web.archives import MISSING, ArchivedFile, ArchivePart, archive_response
from shared.web.labels import LABELS

READERS = Readers(zone="Europe/Berlin", default="en", labels=LABELS, locales=[])


async def unpacked(parts: Sequence[ArchivePart], reader: Reader) -> dict[str, str]:
    sent = [part async for part in archive_response("all", parts, reader).body_iterator]
    with ZipFile(BytesIO(b"".join(part for part in sent if isinstance(part, bytes)))) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}


def part(name: str, content: bytes | Exception) -> ArchivePart:
    async def make() -> ArchivedFile:
        if isinstance(content, Exception):
            raise content
        return ArchivedFile(name, "txt", content)

    return ArchivePart(f"https://studio.example/{name}", make)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Problem(ProblemType.TIMED_OUT), {"en": "This took too long", "de": "Das hat zu lange gedauert"}),
        (OSError("disk"), {"en": "Something went wrong on our side", "de": "Bei uns ist etwas schiefgegangen"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_what_cannot_be_made_is_named_and_the_rest_is_there(
    fault: Exception, said: dict[str, str], language: str
) -> None:
    parts = [part("first", b"one"), part("second", fault), part("third", b"three")]

    found = await unpacked(parts, READERS.of(language))

    assert found.keys() == {"first.txt", "third.txt", MISSING}
    assert "https://studio.example/second" in found[MISSING]
    assert said[language] in found[MISSING]
    assert "first" not in found[MISSING]


async def test_files_of_one_name_are_all_there() -> None:
    found = await unpacked([part("same", b"one"), part("same", b"two")], READERS.of("en"))

    assert found == {"same.txt": "one", "same-2.txt": "two"}
