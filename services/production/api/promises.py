"""What the bench has promised: to each maker their own, to ops all."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.production.actions import promises as actions
from services.production.actions.promises import ListedPromise
from services.production.domain.promises import PromiseState
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.contracts.production import PromiseEnd
from shared.i18n import Reader
from shared.offerings.spoken import named
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader
from shared.web.pagination import AskedPage, Page, Position, paged


class HoursRead(BaseModel):
    """Minutes of one day at the bench, for one stage."""

    stage: str
    day: date
    minutes: int


class PromiseRead(BaseModel):
    """A maker's hours for a commission. Days are in the studio's zone."""

    promise: UUID
    commission: UUID
    named: str = Field(description="What is made, in one line, in your language.")
    customer_first_name: str | None = Field(description="Null until it is here, and once it was erased.")
    customer_erased: bool
    maker: UUID
    craft: str
    offering: str
    offering_version: int
    state: PromiseState
    hands_on_minutes: int
    begins_on: date
    ready_by: date = Field(description="The computed day, which may be later than `needed_by`.")
    ready_by_p50: date = Field(description="In half of all cases the piece is ready by this day.")
    needed_by: date | None
    held_at: datetime
    held_until: datetime
    released_at: datetime | None
    release_reason: PromiseEnd | None
    withdrawn_at: datetime | None
    hours: list[HoursRead] = Field(description="Empty once the promise is released.")


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["promises"])

    @api.get("/promises")
    async def promises(
        paging: AskedPage,
        caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS)],
        reader: CurrentReader,
        state: Annotated[PromiseState | None, Query(description="Only promises in this state.")] = None,
    ) -> Page[PromiseRead]:
        """Your promises, for ops those of the whole bench: newest first, with the hours that they hold."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_promises(
                tx, caller, state=state, before=before, at_most=paging.fetch, language=reader.language
            )
        listed = [(Position(each.promise.held_at, each.promise.promise), _promise_read(each, reader)) for each in found]
        return paged(listed, paging)

    return api


def _promise_read(listed: ListedPromise, reader: Reader) -> PromiseRead:
    promise = listed.promise
    return PromiseRead(
        promise=promise.promise,
        commission=promise.commission,
        named=named(listed.offering, listed.names.answers, reader),
        customer_first_name=listed.names.first_name or None,
        customer_erased=listed.names.erased,
        maker=promise.maker,
        craft=promise.craft,
        offering=promise.offering,
        offering_version=promise.offering_version,
        state=promise.state,
        hands_on_minutes=promise.hands_on_minutes,
        begins_on=promise.begins_on,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        needed_by=promise.needed_by,
        held_at=promise.held_at,
        held_until=promise.held_until,
        released_at=promise.released_at,
        release_reason=promise.release_reason,
        withdrawn_at=promise.withdrawn_at,
        hours=[HoursRead(stage=slot.stage, day=slot.day, minutes=slot.stretch.minutes) for slot in promise.slots],
    )
