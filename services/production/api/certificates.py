"""Certificates as JSON: for everybody who has a serial."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.production.actions import certificates
from services.production.api.certificates_archive import CertificatesDoor, Viewer
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller
from shared.certificates.certificate import Certificate
from shared.certificates.verification import CertificateFile
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.archives import ARCHIVE
from shared.web.downloads import PICTURE
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.templates import Pages

Anybody = Annotated[Caller | None, Public()]


class DiscrepancyRead(BaseModel):
    """Something that is not what was signed."""

    fault: str = Field(description="What kind of difference it is.")
    what: str = Field(description="The difference in words.")
    parts: list[str] = Field(description="The parts of the certificate that depend on it.")


class PublicMakerRead(BaseModel):
    """A maker who wants to be named."""

    maker: UUID
    name: str
    words: str


class CertificateRead(BaseModel):
    """What is under a serial, verified for this answer."""

    serial: str
    issued: bool = Field(description="False while the piece is being made: the certificate is on its way.")
    stopped: bool = Field(description="The piece was not finished: there will be no certificate.")
    in_order: bool = Field(description="Whether it is what the studio signed, and its journal what the bench wrote.")
    differs: list[DiscrepancyRead]
    certificate: Certificate | None
    key: str | None = Field(description="The thumbprint (RFC 7638) of the key that it says it is signed with.")
    makers: list[PublicMakerRead]


class JsonWebKeys(BaseModel):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["certificates"])
    settings = kernel.settings
    door = CertificatesDoor(kernel)

    @api.get("/certificates/keys")
    async def keys(_: Anybody) -> JsonWebKeys:
        """The public keys that certificates of this studio may be signed with, the present one first."""
        return JsonWebKeys(**certificates.keys(settings))

    @api.get("/certificates/{serial}")
    async def certificate(serial: str, reader: CurrentReader, _: Anybody) -> CertificateRead:
        """The certificate under this serial, and whether it is in order."""
        async with kernel.database.transaction() as tx:
            view = await certificates.read_certificate(tx, serial, settings, reader.language)
        return CertificateRead(
            serial=view.serial,
            issued=view.issued,
            stopped=view.stopped,
            in_order=view.in_order,
            differs=[
                DiscrepancyRead(fault=str(one.what), what=reader.label(one.what), parts=list(one.parts))
                for one in view.discrepancies
            ],
            certificate=view.certificate,
            key=view.key,
            makers=[PublicMakerRead(maker=one.maker, name=one.name, words=one.words) for one in view.makers],
        )

    @api.get("/certificates/{serial}/file", responses=problems(ProblemType.CONFLICT))
    async def file(serial: str, _: Anybody) -> CertificateFile:
        """All that proves it, as it is stored now: what `touchmark verify` reads."""
        async with kernel.database.transaction() as tx:
            return await certificates.download(tx, serial, settings)

    @api.get("/people/{person}/certificates", response_class=Response, responses=ARCHIVE)
    async def taken_along(person: UUID, caller: Viewer, templates: Pages, reader: CurrentReader) -> Response:
        """The certificates of all your pieces as one archive: each as a page, and as the file that proves it."""
        async with kernel.database.transaction() as tx:
            serials = await certificates.of_customer(tx, caller, person)
        return door.archive(serials, templates, reader)

    @api.get("/certificates/{serial}/photos/{photo}", response_class=Response, responses=PICTURE)
    async def photo(serial: str, photo: UUID, _: Anybody) -> Response:
        """A photo that the certificate shows."""
        async with kernel.database.transaction() as tx:
            found = await certificates.photo(tx, serial, photo)
        return Response(found.content, media_type=found.media_type)

    return api
