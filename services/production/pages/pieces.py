"""A piece: all its steps, its parcel, and for ops another maker."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import board, deliveries, making, parcels
from services.production.actions.context import ProductionContext, commission_of
from services.production.api.pieces import MakerAssignment, ParcelClaim, ParcelHandOver
from services.production.domain.reasons import BenchInput
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="piece")]
Ops = Annotated[Caller, Allow(Role.OPS, of="piece")]
Step = Callable[[Tx, UUID, ProductionContext], Awaitable[object]]
"""What is done with the piece of this commission."""


class Stepping(Protocol):
    """Does a step, and shows the piece again: as it is then, or with what was wrong."""

    async def __call__(
        self,
        request: Request,
        caller: Caller,
        piece: UUID,
        templates: Pages,
        do: Step,
        *,
        form: FormState | None = None,
    ) -> Response: ...


_CHOICES = {"carrier": BenchInput.CARRIER_NOT_CHOSEN}


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:  # noqa: C901 (one short function a step)
    pages = APIRouter()

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    async def page_values(reader: Reader, caller: Caller, piece: UUID, form: FormState) -> dict[str, Any]:
        now = context(reader)
        async with kernel.database.transaction() as tx:
            page = await board.read_piece_details(tx, caller, await commission_of(tx, piece), now)
        return {"page": page, "form": form, "new_form": FormState(), "today": now.today, **TEMPLATE_VALUES}

    async def step(
        request: Request, caller: Caller, piece: UUID, templates: Pages, do: Step, *, form: FormState | None = None
    ) -> Response:
        form = form or FormState()
        try:
            async with kernel.database.transaction() as tx:
                await do(tx, await commission_of(tx, piece), context(reader_of(request.scope)))
        except Problem as problem:
            if problem.type not in {ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED}:
                raise
            values = await page_values(reader_of(request.scope), caller, piece, form.with_problem(problem))
            return templates.page(request, "piece.html", values, problem=problem)
        return RedirectResponse(f"/bench/pieces/{piece}", 303)

    @pages.get("/bench/commissions/{commission}")
    async def of_commission(
        request: Request,
        commission: UUID,
        caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="commission")],
        templates: Pages,
    ) -> Response:
        """Leads to the commission's piece; says so while there is none."""
        try:
            async with kernel.database.transaction() as tx:
                found = await board.read_piece_details(tx, caller, commission, context(reader_of(request.scope)))
        except Problem as problem:
            if problem.type not in {ProblemType.CONFLICT, ProblemType.NOT_YET}:
                raise
            pending = {"commission": commission, "reason": problem.detail, **TEMPLATE_VALUES}
            return templates.page(request, "piece_pending.html", pending)
        return RedirectResponse(f"/bench/pieces/{found.piece.piece}", 303)

    @pages.get("/bench/pieces/{piece}")
    async def page(request: Request, piece: UUID, caller: Worker, templates: Pages) -> HTMLResponse:
        return templates.page(
            request, "piece.html", await page_values(reader_of(request.scope), caller, piece, FormState())
        )

    @pages.get("/bench/pieces/{piece}/live")
    async def live(request: Request, piece: UUID, caller: Worker, templates: Pages) -> Response:
        reader = reader_of(request.scope)
        values = await page_values(reader, caller, piece, FormState())
        commission: UUID = values["page"].piece.commission

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await board.piece_revision(tx, commission)

        async def render() -> str:
            return templates.fragment(
                "_piece.html", reader, caller=caller, **await page_values(reader, caller, piece, FormState())
            )

        return sse(request, commission, revision, render)

    _of_the_parcel(pages, step)

    @pages.post("/bench/pieces/{piece}/maker")
    async def another_maker(
        request: Request,
        piece: UUID,
        caller: Ops,
        templates: Pages,
        sent: Annotated[Sent[MakerAssignment], Form()],
    ) -> Response:
        async def do(tx: Tx, commission: UUID, context: ProductionContext) -> None:
            maker = sent.read({"maker": BenchInput.MAKER_NOT_CHOSEN}).maker
            await making.give_to_another_maker(tx, caller, commission, maker, context)

        return await step(request, caller, piece, templates, do, form=sent.form)

    return pages


def _of_the_parcel(pages: APIRouter, step: Stepping) -> None:  # noqa: C901 (one short function a step)
    """From packing to delivery."""

    @pages.post("/bench/pieces/{piece}/pack")
    async def pack(request: Request, piece: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, commission: UUID, context: ProductionContext) -> None:
            await parcels.pack(tx, caller, commission, context)

        return await step(request, caller, piece, templates, do)

    @pages.post("/bench/pieces/{piece}/address-reminder")
    async def ask_for_address(request: Request, piece: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, commission: UUID, context: ProductionContext) -> None:
            await deliveries.ask(tx, caller, commission, context)

        return await step(request, caller, piece, templates, do)

    @pages.post("/bench/pieces/{piece}/hand-over")
    async def hand_over(
        request: Request,
        piece: UUID,
        caller: Worker,
        templates: Pages,
        sent: Annotated[Sent[ParcelHandOver], Form()],
    ) -> Response:
        async def do(tx: Tx, commission: UUID, context: ProductionContext) -> None:
            given = sent.read(_CHOICES)
            await parcels.hand_over(
                tx, caller, commission, carrier=given.carrier, tracking=given.tracking, context=context
            )

        return await step(request, caller, piece, templates, do, form=sent.form)

    @pages.post("/bench/pieces/{piece}/claim")
    async def claim(
        request: Request, piece: UUID, caller: Ops, templates: Pages, sent: Annotated[Sent[ParcelClaim], Form()]
    ) -> Response:
        async def do(tx: Tx, commission: UUID, context: ProductionContext) -> None:
            reference = sent.read({"reference": BenchInput.NOT_A_REFERENCE}).reference
            await parcels.claim(tx, caller, commission, reference, context)

        return await step(request, caller, piece, templates, do, form=sent.form)

    @pages.post("/bench/pieces/{piece}/delivered")
    async def delivered(request: Request, piece: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, commission: UUID, context: ProductionContext) -> None:
            await parcels.note_delivery(tx, caller, commission, context)

        return await step(request, caller, piece, templates, do)
