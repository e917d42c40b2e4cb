"""A piece's certificate, for everybody who has its serial: verified on every request, printable, to download."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from services.production.actions import certificates
from services.production.actions.certificates import CertificateView
from services.production.api.certificates_archive import CertificatesDoor, Viewer, certificate_values
from services.production.domain import serials
from services.production.domain.reasons import BenchInput
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller
from shared.kernel.problems import FieldProblem, invalid
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.forms import FormState
from shared.web.language import CurrentReader, reader_of
from shared.web.templates import Pages

Anybody = Annotated[Caller | None, Public()]


LONGEST = 40


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()
    settings = kernel.settings
    door = CertificatesDoor(kernel)

    @pages.get("/c/keys.json")
    async def keys(_: Anybody) -> Response:
        return JSONResponse(certificates.keys(settings))

    @pages.get("/c", response_class=HTMLResponse)
    async def search(request: Request, templates: Pages, _: Anybody, serial: str = "") -> Response:
        """Leads to the certificate whose number was typed."""
        if found := serials.read(serial):
            return RedirectResponse(f"/c/{found}", 303)
        form = FormState({"serial": serial[:LONGEST]})
        if serial:
            form = form.with_problem(invalid(FieldProblem("serial", BenchInput.NOT_A_SERIAL)))
        values = {"form": form}
        return templates.page(request, "certificate_search.html", values, status=422 if serial else 200)

    @pages.get("/c/people/{person}/certificates.zip")
    async def taken_along(person: UUID, caller: Viewer, templates: Pages, reader: CurrentReader) -> Response:
        async with kernel.database.transaction() as tx:
            serials = await certificates.of_customer(tx, caller, person)
        return door.archive(serials, templates, reader)

    @pages.get("/c/{serial}", response_class=HTMLResponse)
    async def certificate(request: Request, serial: str, templates: Pages, _: Anybody) -> Response:
        async with kernel.database.transaction() as tx:
            view = await certificates.read_certificate(tx, serial, settings, reader_of(request.scope).language)
        if view.serial != serial:
            return RedirectResponse(f"/c/{view.serial}", 303)
        here = f"{settings.public_url.rstrip('/')}/c/{view.serial}"
        return templates.page(
            request, _template(view), {**certificate_values(view, here, kernel.clock()), **_live(view)}
        )

    @pages.get("/c/{serial}/certificate.json")
    async def download(serial: str, _: Anybody) -> Response:
        async with kernel.database.transaction() as tx:
            found = await certificates.download(tx, serial, settings)
        named = {"Content-Disposition": f'attachment; filename="certificate-{found.certificate.get("serial")}.json"'}
        return Response(found.model_dump_json(indent=1), media_type="application/json", headers=named)

    @pages.get("/c/{serial}/photos/{photo}")
    async def photo(serial: str, photo: UUID, _: Anybody) -> Response:
        async with kernel.database.transaction() as tx:
            found = await certificates.photo(tx, serial, photo)
        return Response(found.content, media_type=found.media_type, headers={"Cache-Control": "private, max-age=3600"})

    return pages


def _template(view: CertificateView) -> str:
    if not view.issued:
        return "certificate_pending.html"
    return "certificate.html" if view.in_order else "certificate_invalid.html"


def _live(view: CertificateView) -> dict[str, Any]:
    """Where this page's pictures are."""
    photos = view.certificate.photos if view.certificate else ()
    return {
        "live": True,
        "pictures": {each.photo: f"/c/{view.serial}/photos/{each.photo}" for each in photos},
        "portraits": {each.maker: f"/makers/{each.maker}/portrait" for each in view.makers},
    }
