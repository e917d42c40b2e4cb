"""The offerings that can be asked for, and their forms."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.intake.actions import offerings
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.offerings.document import OfferingDocument
from shared.offerings.form import OfferingForm
from shared.offerings.making import Variation
from shared.offerings.model import Offering
from shared.offerings.rules.ring_sizes import RingSystem
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.language import reader_of


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
    form: OfferingForm
    variation: list[Variation]
    ring_systems: list[RingSystemRead]


def _in_language(request: Request, *documents: OfferingDocument) -> tuple[Offering, ...]:
    """Offerings in the words of the reader's language."""
    language = reader_of(request.scope).language
    return tuple(each.offering.in_language(language) for each in documents)


def router(_kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["offerings"])

    @api.get("/offerings")
    async def listed(request: Request, _: Annotated[Caller | None, Public()]) -> list[OfferingListed]:
        """Every offering that can be asked for."""
        return [
            OfferingListed(**each.key._asdict(), title=each.title, summary=each.summary)
            for each in _in_language(request, *offerings.offered())
        ]

    @api.get("/offerings/{craft}/{offering}")
    async def read(craft: str, offering: str, request: Request, _: Annotated[Caller | None, Public()]) -> OfferingRead:
        """An offering with its form: what is asked, in which units and ranges, and what may differ."""
        found = offerings.form_of(craft, offering)
        (spoken,) = _in_language(request, found)
        return OfferingRead(
            **found.key._asdict(),
            title=spoken.title,
            summary=spoken.summary,
            sha256=found.sha256,
            form=spoken.form,
            variation=list(spoken.variation),
            ring_systems=[
                RingSystemRead(id=each, label=reader_of(request.scope).label(each), example=each.example)
                for each in RingSystem
            ],
        )

    return api
