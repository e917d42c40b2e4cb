"""The offerings that can be asked for, and their forms."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from services.intake.actions import offerings
from services.intake.settings import Settings
from shared.auth.roles import Caller
from shared.offerings.form import Form
from shared.offerings.making import Variation
from shared.offerings.rules import RingSystem
from shared.runtime.service import Kernel
from shared.web.access import Public


class OfferingListed(BaseModel):
    craft: str
    offering: str
    version: int
    title: str
    summary: str


class RingSystemRead(BaseModel):
    """A system of ring sizes, as a `ring_size` field's second input takes it."""

    id: RingSystem
    label: str
    example: str


class OfferingRead(OfferingListed):
    """An offering with its form. What an answer is sent under is the field's `name`; see `POST /commissions`."""

    sha256: str
    form: Form
    variation: list[Variation]
    ring_systems: list[RingSystemRead]


def router(_kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["offerings"])

    @api.get("/offerings")
    async def listed(_: Annotated[Caller | None, Public()]) -> list[OfferingListed]:
        """Every offering that can be asked for."""
        return [
            OfferingListed(**each.key._asdict(), title=each.offering.title, summary=each.offering.summary)
            for each in offerings.offered()
        ]

    @api.get("/offerings/{craft}/{offering}")
    async def read(craft: str, offering: str, _: Annotated[Caller | None, Public()]) -> OfferingRead:
        """An offering with its form: what is asked, in which units and ranges, and what may differ."""
        found = offerings.form_of(craft, offering)
        return OfferingRead(
            **found.key._asdict(),
            title=found.offering.title,
            summary=found.offering.summary,
            sha256=found.sha256,
            form=found.offering.form,
            variation=list(found.offering.variation),
            ring_systems=[RingSystemRead(id=each, label=each.label, example=each.example) for each in RingSystem],
        )

    return api
