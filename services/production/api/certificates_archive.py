"""The certificates of somebody's pieces to take along: each as a page of its own, and as the file that proves it."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from starlette.responses import StreamingResponse

from services.production.actions import certificates
from services.production.actions.certificates import CertificateView
from services.production.labels import duration
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.certificates.labels import described
from shared.i18n import Reader
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.archives import ArchivedFile, ArchivePart, archive_response
from shared.web.images import MEDIA_TYPE
from shared.web.qr import qr
from shared.web.templates import Templates

Viewer = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="person")]


class CertificatesDoor:
    """Certificates as one archive."""

    def __init__(self, kernel: Kernel[ProductionSettings]) -> None:
        self._kernel = kernel

    def archive(self, serials: Sequence[str], templates: Templates, reader: Reader) -> StreamingResponse:
        """The answer with all of them; each is verified when it is its turn."""
        parts = [part for serial in serials for part in self._parts(serial, templates, reader)]
        return archive_response(f"certificates-{self._kernel.clock().date().isoformat()}", parts, reader)

    def _parts(self, serial: str, templates: Templates, reader: Reader) -> Iterator[ArchivePart]:
        address = self._address(serial)
        yield ArchivePart(address, partial(self._page, serial, templates, reader))
        yield ArchivePart(f"{address}/certificate.json", partial(self._proof, serial))

    async def _page(self, serial: str, templates: Templates, reader: Reader) -> ArchivedFile:
        async with self._kernel.database.transaction() as tx:
            sheet = await certificates.read_sheet(tx, serial, self._kernel.settings, reader.language)
        page = templates.fragment(
            "certificate.html",
            reader,
            **certificate_values(sheet.view, self._address(serial), self._kernel.clock()),
            live=False,
            pictures={photo: _data(found.content, found.media_type) for photo, found in sheet.photos.items()},
            portraits={maker: _data(found, MEDIA_TYPE) for maker, found in sheet.portraits.items()},
        )
        return ArchivedFile(f"certificate-{serial}", "html", page.encode())

    async def _proof(self, serial: str) -> ArchivedFile:
        async with self._kernel.database.transaction() as tx:
            found = await certificates.download(tx, serial, self._kernel.settings)
        return ArchivedFile(f"certificate-{serial}", "json", found.model_dump_json(indent=1).encode())

    def _address(self, serial: str) -> str:
        return f"{self._kernel.settings.public_url.rstrip('/')}/c/{serial}"


def certificate_values(view: CertificateView, here: str, now: datetime) -> dict[str, Any]:
    """What the templates of a certificate need; `here` is its address."""
    return {
        "view": view,
        "now": now,
        "certificate": view.certificate,
        "address": here,
        "qr": qr(here),
        "duration": duration,
        "described": described,
    }


def _data(content: bytes, media_type: str) -> str:
    """A picture within a page (RFC 2397)."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"
