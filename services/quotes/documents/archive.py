"""Several documents as one archive, which is sent as it grows: no more than one of them is held at once."""

from collections import Counter
from collections.abc import AsyncIterator
from io import RawIOBase
from zipfile import ZIP_STORED, ZipFile

from typing_extensions import Buffer

from services.quotes.documents.pdf import Pdf

MEDIA_TYPE = "application/zip"


async def archived(documents: AsyncIterator[tuple[str, Pdf]]) -> AsyncIterator[bytes]:
    """A ZIP file of these documents, each in the folder that is named beside it."""
    sink, names = _Sink(), Counter[str]()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        async for folder, pdf in documents:
            name = f"{folder}/{pdf.name}"
            names[name] += 1
            number = f"-{names[name]}" if names[name] > 1 else ""
            archive.writestr(f"{name}{number}.pdf", pdf.content)
            yield sink.take()
    yield sink.take()


class _Sink(RawIOBase):
    """What was written and nobody has taken yet."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        part = bytes(data)
        self._written += part
        return len(part)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken
