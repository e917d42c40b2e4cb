"""A customer's commissions: the list, and a commission's page with its live timeline."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import commissions, pictures
from services.intake.actions.commissions import ListedCommission
from services.intake.domain.delivery_changes import why_fixed
from services.intake.labels import CommissionWords
from services.intake.pages.confirmation import to_confirm
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.i18n.countries import country_name
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.downloads import picture_response
from shared.web.forms import FormState
from shared.web.language import CurrentReader
from shared.web.live import sse
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def found(caller: Caller, commission: UUID, reader: Reader) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            page = (await commissions.read(tx, caller, commission)).in_language(reader.language)
        words = CommissionWords(reader, page.record)
        customer = caller.person == page.commission.customer
        shown = {"page": page, "words": words, "person": caller.person, "customer": customer}
        about = {"fixed": why_fixed(page.record, caller.role), "country_of": country_name}
        return {
            **shown,
            **about,
            "studio_reads": caller.role is Role.OPS,
            "here_it_goes": customer or caller.role is Role.OPS,
            "on_tablet": caller.witness is not None,
        }

    @pages.get("/commissions")
    async def listed(
        request: Request,
        paging: AskedPage,
        caller: Annotated[Caller, Allow(Role.CUSTOMER)],
        templates: Pages,
        reader: CurrentReader,
    ) -> HTMLResponse:
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            mine = await commissions.listed(tx, caller, before=before, at_most=paging.fetch)
        words = {each.commission.commission: CommissionWords(reader, each.record) for each in mine}
        context = {"listed": paged([_placed(each) for each in mine], paging), "words": words}
        return templates.page(request, "commissions.html", context)

    @pages.get("/commissions/{commission}")
    async def commission(
        request: Request, commission: UUID, caller: Anybody, templates: Pages, reader: CurrentReader
    ) -> HTMLResponse:
        """The browser that sent a form which is not confirmed is asked for the code in its mail."""
        if unconfirmed := await to_confirm(kernel, caller, commission, reader, FormState()):
            return templates.page(
                request, "unconfirmed.html", {**unconfirmed, "mailed": "mailed" in request.query_params}
            )
        return templates.page(request, "commission.html", await found(caller, commission, reader))

    @pages.get("/commissions/{commission}/live")
    async def live(
        request: Request, commission: UUID, caller: Anybody, templates: Pages, reader: CurrentReader
    ) -> Response:
        await found(caller, commission, reader)

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await commissions.page_revision(tx, commission)

        async def render() -> str:
            return templates.fragment("_commission.html", reader, **await found(caller, commission, reader))

        return sse(request, commission, revision, render)

    @pages.post("/commissions/{commission}/receipt")
    async def confirm_receipt(commission: UUID, caller: Customer) -> RedirectResponse:
        """A button without any question, so that there is no form to read."""
        async with kernel.database.transaction() as tx:
            await commissions.confirm_receipt(tx, caller, commission, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}", 303)

    @pages.get("/commissions/{commission}/images/{image}")
    async def image(commission: UUID, image: UUID, caller: Anybody) -> Response:
        async with kernel.database.transaction() as tx:
            return picture_response(await pictures.of_commission(tx, caller, commission, image))

    return pages


def _placed(each: ListedCommission) -> tuple[Position, ListedCommission]:
    return Position(each.commission.submitted_at, each.commission.commission), each
