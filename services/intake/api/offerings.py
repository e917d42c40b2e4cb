"""The crafts that can be asked for, and their forms."""

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


class CraftListed(BaseModel):
    craft: str
    version: int
    title: str
    summary: str


class SystemRead(BaseModel):
    """A system of ring sizes, as a `ring_size` field's second input takes it."""

    id: RingSystem
    label: str
    example: str


class OfferingRead(CraftListed):
    """A craft with its form. What an answer is sent under is the field's `name`; see `POST /commissions`."""

    sha256: str
    form: Form
    variation: list[Variation]
    ring_systems: list[SystemRead]


def router(_kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["crafts"])

    @api.get("/crafts")
    async def listed(_: Annotated[Caller | None, Public()]) -> list[CraftListed]:
        """Every craft that can be asked for."""
        return [
            CraftListed(craft=each.name, version=each.version, title=each.craft.title, summary=each.craft.summary)
            for each in offerings.offered()
        ]

    @api.get("/crafts/{craft}")
    async def craft(craft: str, _: Annotated[Caller | None, Public()]) -> OfferingRead:
        """A craft with its form: what is asked, in which units and ranges, and what will differ from piece to piece."""
        found = offerings.form_of(craft)
        return OfferingRead(
            craft=found.name,
            version=found.version,
            title=found.craft.title,
            summary=found.craft.summary,
            sha256=found.sha256,
            form=found.craft.form,
            variation=list(found.craft.variation),
            ring_systems=[SystemRead(id=each, label=each.label, example=each.example) for each in RingSystem],
        )

    return api
