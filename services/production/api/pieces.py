"""Pieces as JSON: the details, the parcel, and another maker."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.production.actions import board, deliveries, making, parcels
from services.production.actions.context import ProductionContext, commission_of
from services.production.api.schemas import PieceDetailsRead, piece_details_read
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.contracts.carriers import CarrierCode
from shared.i18n import Reader
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.language import CurrentReader
from shared.web.openapi import problems

Shown = Callable[[Tx, Caller, UUID, Reader], Awaitable[PieceDetailsRead]]
"""A piece of this commission as the API shows it."""
Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="piece")]
Ops = Annotated[Caller, Allow(Role.OPS, of="piece")]

_CONFLICT = problems(ProblemType.CONFLICT)


class ParcelClaim(Body):
    """`reference` is the number that the carrier gave the claim."""

    reference: Annotated[str, Line(longest=40), Field(pattern=r"^[0-9A-Za-z ./-]+$", examples=["C-4711"])]


class ParcelHandOver(Body):
    """`tracking` is the number on the label."""

    carrier: CarrierCode
    tracking: Annotated[str, Line(longest=60, shortest=0)]


class MakerAssignment(Body):
    maker: UUID


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["pieces"])

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    async def shown(tx: Tx, caller: Caller, commission: UUID, reader: Reader) -> PieceDetailsRead:
        return piece_details_read(await board.read_piece_details(tx, caller, commission, context(reader)), reader)

    @api.get("/commissions/{commission}/piece", responses=_CONFLICT)
    async def read_piece_of_commission(
        commission: UUID,
        caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="commission")],
        reader: CurrentReader,
    ) -> PieceDetailsRead:
        """The piece of a commission, with its id and everything that happened to it at the bench."""
        async with kernel.database.transaction() as tx:
            return await shown(tx, caller, commission, reader)

    @api.get("/pieces/{piece}", responses=_CONFLICT)
    async def read_piece(piece: UUID, caller: Worker, reader: CurrentReader) -> PieceDetailsRead:
        """A piece with everything that happened to it at the bench."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            return await shown(tx, caller, commission, reader)

    @api.post("/pieces/{piece}/maker", responses=_CONFLICT)
    async def another_maker(
        piece: UUID, caller: Ops, given: JsonBody[MakerAssignment], reader: CurrentReader
    ) -> PieceDetailsRead:
        """Give the piece to another maker who has the skills; it is replanned in their hours."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            await making.give_to_another_maker(tx, caller, commission, given.maker, context(reader))
            return await shown(tx, caller, commission, reader)

    _of_the_parcel(api, kernel, shown)
    return api


def _of_the_parcel(api: APIRouter, kernel: Kernel[ProductionSettings], shown: Shown) -> None:
    """From packing to delivery."""

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    @api.post("/pieces/{piece}/pack", responses=_CONFLICT)
    async def pack(piece: UUID, caller: Worker, reader: CurrentReader) -> PieceDetailsRead:
        """Pack the piece. Idempotent."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            await parcels.pack(tx, caller, commission, context(reader))
            return await shown(tx, caller, commission, reader)

    @api.post("/pieces/{piece}/address-reminder", responses=_CONFLICT)
    async def ask_for_address(piece: UUID, caller: Worker, reader: CurrentReader) -> PieceDetailsRead:
        """Ask the customer where the piece goes, while nobody has said it; once a day at most."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            await deliveries.ask(tx, caller, commission, context(reader))
            return await shown(tx, caller, commission, reader)

    @api.post("/pieces/{piece}/hand-over", responses=_CONFLICT)
    async def hand_over(
        piece: UUID, caller: Worker, given: JsonBody[ParcelHandOver], reader: CurrentReader
    ) -> PieceDetailsRead:
        """Hand the parcel to its carrier, once everything is paid. Idempotent for the same tracking number."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            await parcels.hand_over(
                tx, caller, commission, carrier=given.carrier, tracking=given.tracking, context=context(reader)
            )
            return await shown(tx, caller, commission, reader)

    @api.post("/pieces/{piece}/claim", responses=_CONFLICT)
    async def claim(piece: UUID, caller: Ops, given: JsonBody[ParcelClaim], reader: CurrentReader) -> PieceDetailsRead:
        """Note the claim for a parcel that was said to be missing. Idempotent for the same reference."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            await parcels.claim(tx, caller, commission, given.reference, context(reader))
            return await shown(tx, caller, commission, reader)

    @api.post("/pieces/{piece}/delivered", responses=_CONFLICT)
    async def delivered(piece: UUID, caller: Worker, reader: CurrentReader) -> PieceDetailsRead:
        """Record that the parcel has arrived. Idempotent."""
        async with kernel.database.transaction() as tx:
            commission = await commission_of(tx, piece)
            await parcels.note_delivery(tx, caller, commission, context(reader))
            return await shown(tx, caller, commission, reader)
