"""Pieces for programs: the whole story, the parcel, and another maker."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.production.actions import board, making, parcels
from services.production.actions.workshop import Workshop
from services.production.api.schemas import WholePieceRead, show_whole_piece
from services.production.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.openapi import problems

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="commission")]
Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]

_CONFLICT = problems(ProblemType.CONFLICT)


class HandingOver(Body):
    """`carrier` is one of post, dhl, ups, fedex, other; `tracking` the number on the label."""

    carrier: Annotated[str, Line(longest=20)]
    tracking: Annotated[str, Line(longest=60)]


class Giving(Body):
    maker: UUID


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["pieces"])

    def shop() -> Workshop:
        return Workshop(kernel.clock(), kernel.ids, kernel.settings)

    async def shown(tx: Tx, caller: Caller, commission: UUID) -> WholePieceRead:
        return show_whole_piece(await board.read_whole_piece(tx, caller, commission, shop()))

    @api.get("/pieces/{commission}", responses=_CONFLICT)
    async def read_piece(commission: UUID, caller: Worker) -> WholePieceRead:
        """A piece and its whole story at the bench."""
        async with kernel.database.transaction() as tx:
            return await shown(tx, caller, commission)

    @api.post("/pieces/{commission}/pack", responses=_CONFLICT)
    async def pack(commission: UUID, caller: Worker) -> WholePieceRead:
        """Lay the piece into its parcel. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            await parcels.pack(tx, caller, commission, shop())
            return await shown(tx, caller, commission)

    @api.post("/pieces/{commission}/hand-over", responses=_CONFLICT)
    async def hand_over(commission: UUID, caller: Worker, given: JsonBody[HandingOver]) -> WholePieceRead:
        """Give the parcel to its carrier, once all is paid. Doing so twice, with the same number, is once."""
        async with kernel.database.transaction() as tx:
            await parcels.hand_over(tx, caller, commission, carrier=given.carrier, tracking=given.tracking, shop=shop())
            return await shown(tx, caller, commission)

    @api.post("/pieces/{commission}/delivered", responses=_CONFLICT)
    async def delivered(commission: UUID, caller: Worker) -> WholePieceRead:
        """Write down that the parcel has arrived. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            await parcels.note_delivery(tx, caller, commission, shop())
            return await shown(tx, caller, commission)

    @api.post("/pieces/{commission}/maker", responses=_CONFLICT)
    async def another_maker(commission: UUID, caller: Ops, given: JsonBody[Giving]) -> WholePieceRead:
        """Give the piece to another maker who has the skills, planned anew in their hours."""
        async with kernel.database.transaction() as tx:
            await making.give_to_another_maker(tx, caller, commission, given.maker, shop())
            return await shown(tx, caller, commission)

    return api
