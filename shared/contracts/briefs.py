"""`touchmark.briefs`, owned by intake; compacted, keyed by commission. Free text travels here, nowhere else."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.fact import CommissionFact, Topic


class BriefAnswer(BaseModel):
    """One answered field of the offering's form, in the offering's canonical form.

    `value` is what rules and prices compute with (millimetres, an option's id, an ISO date, text); `written` is a size
    as the customer wrote it, after the code of its system: "uk M". `shared.offerings.spoken` puts it into words.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: str
    value: str | int | bool
    written: str = ""


class BriefWritten(CommissionFact):
    """The brief, whole: the newest version of the key replaces the ones before it."""

    topic: ClassVar[Topic] = Topic.BRIEFS

    brief_version: int
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    answers: tuple[BriefAnswer, ...]
    images: tuple[UUID, ...] = ()
