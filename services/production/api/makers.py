"""Makers as JSON: who can do what, and when."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.production.actions import makers
from services.production.actions.context import ProductionContext
from services.production.api.schemas import MakerRead, maker_read
from services.production.domain.makers import MakerState
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.kernel.text import Line, Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody

Anybody = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]
Ops = Annotated[Caller, Allow(Role.OPS, of="maker")]

_DAYS = 7


class MakerUpdate(Body):
    """`week` are the hours of Monday to Sunday as people write them, all empty for the studio's usual ones.

    `days_off` are days, one on a line, or the first and the last with a word between them.
    """

    state: MakerState
    skills: tuple[Annotated[str, Line(longest=60)], ...] = Field(max_length=100)
    week: tuple[Annotated[str, Line(longest=10, shortest=0)], ...] = Field(
        default=("",) * _DAYS, min_length=_DAYS, max_length=_DAYS
    )
    days_off: Annotated[str, Prose(longest=5000, shortest=0)] = ""


class MakerListed(MakerRead):
    held_minutes: int = Field(description="Promised from today on.")


class MakersRead(BaseModel):
    items: list[MakerListed]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["makers"])

    @api.get("/makers")
    async def listed(caller: Anybody) -> MakersRead:
        """Every maker for ops, yourself for makers."""
        today = ProductionContext(kernel.clock(), kernel.ids, kernel.settings).today
        async with kernel.database.transaction() as tx:
            found = await makers.read_makers(tx, caller, since=today)
        items = [MakerListed(**maker_read(each.maker).model_dump(), held_minutes=each.held_minutes) for each in found]
        return MakersRead(items=items)

    @api.get("/makers/{maker}")
    async def read(maker: UUID, caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="maker")]) -> MakerRead:
        """One maker."""
        async with kernel.database.transaction() as tx:
            return maker_read(await makers.read_maker(tx, caller, maker))

    @api.put("/makers/{maker}")
    async def change(maker: UUID, caller: Ops, given: JsonBody[MakerUpdate]) -> MakerRead:
        """Change a maker's skills and hours. What is promised already stays as it is."""
        async with kernel.database.transaction() as tx:
            changed = await makers.change_maker(
                tx,
                caller,
                maker,
                state=given.state,
                skills=given.skills,
                week=given.week,
                days_off=given.days_off,
            )
        return maker_read(changed)

    return api
