"""`touchmark.briefs`, owned by intake; compacted, keyed by commission. Free text travels here, nowhere else."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.people import Role


class BriefAnswer(BaseModel):
    """One answered field of the offering's form, in the offering's canonical form.

    `value` is what rules and prices compute with (millimetres, an option's id, an ISO date, text); `written` is a size
    as the customer wrote it, after the code of its system: "uk M". `shared.offerings.spoken` puts it into words.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: str
    value: str | int | bool
    written: str = ""


class BriefProposal(BaseModel):
    """What is wished instead, whole, as the customer or the studio (`by`) proposed it; `number` counts the proposals.

    The version in force applies until the proposal is answered: nobody makes anything from a proposal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    proposal: UUID
    number: int
    answers: tuple[BriefAnswer, ...]
    images: tuple[UUID, ...] = ()
    by: Role
    at: datetime


class BriefWritten(CommissionFact):
    """The brief, whole: the newest record of the key replaces the ones before it.

    It is written again, in the same version, when a change is proposed and when that is answered: a record without a
    `proposal` says that none is open.
    """

    topic: ClassVar[Topic] = Topic.BRIEFS

    brief_version: int
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    answers: tuple[BriefAnswer, ...]
    images: tuple[UUID, ...] = ()
    proposal: BriefProposal | None = None
