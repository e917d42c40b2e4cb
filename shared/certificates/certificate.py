"""The certificate: what a piece is, what it is made of and how it was made.

It is public, so it names nobody: a maker is an id, the customer is left out, and of the brief there is only what makes
the piece what it is. It lists the digest of every entry of the journal that it was compiled from, so that its signature
covers them all.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class CertificatePart(BaseModel):
    """What a certificate and its file are made of: nothing unknown is tolerated in either."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CertifiedOffering(CertificatePart):
    craft: str
    offering: str
    version: int
    title: str
    summary: str


class Trait(CertificatePart):
    """Something that was chosen for the piece: "Metal", "18 ct yellow gold (750)"."""

    field: str
    what: str
    chosen: str


class CertifiedMaterial(CertificatePart):
    """`lots` are the codes of the batches that the bench wrote down."""

    material: str
    title: str
    composition: str
    origin: str
    recycled_percent: Decimal | None = None
    lots: tuple[str, ...] = ()


class CertifiedMeasure(CertificatePart):
    """One line of the quality check: the last time it was looked at. `entry` is the journal's."""

    check: str
    title: str
    method: str
    met: bool
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    entry: int


class CertifiedStage(CertificatePart):
    """A stage that was done: its days in the studio's zone, the time at the bench, and how often it was done."""

    stage: str
    title: str
    partner: str = ""
    begun_on: date
    finished_on: date
    minutes: int
    times: int
    entries: tuple[int, ...]


class CertifiedPhoto(CertificatePart):
    """A photo that its maker let the certificate show; `sha256` is of the file."""

    photo: UUID
    sha256: str
    stage: str
    title: str
    taken_on: date
    entry: int


class Difference(CertificatePart):
    """What differs from piece to piece by its nature, and within what."""

    what: str
    within: str
    why: str


class Certificate(CertificatePart):
    """All that is certified. `journal` are the digests of the entries, first to last."""

    form: Literal[1] = 1
    serial: str
    studio: str
    address: str
    issued_at: datetime
    zone: str
    makers: tuple[UUID, ...]
    offering: CertifiedOffering
    piece: tuple[Trait, ...]
    materials: tuple[CertifiedMaterial, ...]
    measures: tuple[CertifiedMeasure, ...]
    stages: tuple[CertifiedStage, ...]
    photos: tuple[CertifiedPhoto, ...]
    made_on: date
    variation: tuple[Difference, ...]
    care: tuple[str, ...]
    journal: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """The time at the bench, all together."""
        return sum(stage.minutes for stage in self.stages)
