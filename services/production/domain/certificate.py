"""Compiling a certificate from a piece's journal and its offering."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.certificates.canonical import read
from shared.certificates.certificate import (
    Certificate,
    CertifiedMaterial,
    CertifiedMeasure,
    CertifiedOffering,
    CertifiedPhoto,
    CertifiedStage,
    Difference,
    Trait,
)
from shared.certificates.journal import JournalEntry, JournalEntryKind
from shared.kernel.calendar import day_of
from shared.offerings.form import ChoiceField, TextField
from shared.offerings.key import OfferingKey
from shared.offerings.making import Material
from shared.offerings.model import Offering


class NotCertifiableError(ValueError):
    """The journal does not say that a piece was made, or by which offering."""


@dataclass(frozen=True)
class Issuer:
    """Who certifies: the studio's name and zone."""

    studio: str
    zone: str


Said = Mapping[str, Any]
"""What one entry says, with its number and its instant."""


def certified_offering(entries: Iterable[JournalEntry]) -> OfferingKey:
    """The offering and its version, as the promise was booked.

    Raises:
        NotCertifiableError: the journal does not say.
    """
    for said in _those(entries, JournalEntryKind.PROMISE_BOOKED):
        if {"craft", "offering", "offering_version"} <= said.keys():
            return OfferingKey(str(said["craft"]), str(said["offering"]), int(said["offering_version"]))
    raise NotCertifiableError("the journal does not name an offering")


def was_stopped(entries: Iterable[JournalEntry]) -> bool:
    """Whether the piece is not made any further."""
    return any(entry.entry == JournalEntryKind.STOPPED.value for entry in entries)


def compile_certificate(
    entries: Sequence[JournalEntry],
    offering: Offering,
    issuer: Issuer,
    *,
    serial: str,
    address: str,
    issued_at: datetime,
) -> Certificate:
    """The certificate of the piece with this journal, made by this version of this offering.

    Raises:
        NotCertifiableError: the piece is not made, or was stopped.
    """
    made = [said["at"] for said in _those(entries, JournalEntryKind.PIECE_MADE)]
    if not made or was_stopped(entries):
        raise NotCertifiableError("the journal does not say that the piece was made")
    zone = ZoneInfo(issuer.zone)
    choices = _choices(entries)
    stages = tuple(_stages(entries, offering, zone))
    return Certificate(
        serial=serial,
        studio=issuer.studio,
        address=address,
        issued_at=issued_at,
        zone=issuer.zone,
        makers=_makers(entries),
        offering=CertifiedOffering(
            craft=offering.craft,
            offering=offering.name,
            version=offering.version,
            title=offering.title,
            summary=offering.summary,
        ),
        piece=tuple(_traits(offering, choices)),
        materials=tuple(_materials(offering, choices, entries)),
        measures=tuple(_measures(offering, entries)),
        stages=stages,
        photos=tuple(_photos(offering, entries, zone)),
        made_on=day_of(made[-1], zone),
        variation=tuple(
            Difference(what=one.what, within=one.within, why=one.why)
            for one in offering.variation
            if one.applies(choices)
        ),
        care=tuple(each.says for each in offering.care.card if each.applies(choices)),
        journal=tuple(entry.digest for entry in entries),
    )


def _those(entries: Iterable[JournalEntry], *kinds: JournalEntryKind) -> Iterator[Said]:
    wanted = {kind.value for kind in kinds}
    for entry in entries:
        said = read(entry.said) if entry.entry in wanted else None
        if isinstance(said, dict):
            yield {**said, "entry": entry.sequence, "at": entry.at}


def _choices(entries: Iterable[JournalEntry]) -> dict[str, str]:
    """The options that were chosen, as the last entry that names them has it."""
    choices: dict[str, str] = {}
    for said in _those(
        entries, JournalEntryKind.PROMISE_BOOKED, JournalEntryKind.GATE_OPENED, JournalEntryKind.CHANGED
    ):
        choices |= said.get("choices") or {}
    return choices


def _makers(entries: Iterable[JournalEntry]) -> tuple[UUID, ...]:
    """The makers who worked on it, in the order in which each first finished a stage."""
    worked = [
        said.get("maker") for said in _those(entries, JournalEntryKind.STAGE_FINISHED, JournalEntryKind.PIECE_MADE)
    ]
    return tuple(dict.fromkeys(UUID(maker) for maker in worked if maker))


def identifying_fields(offering: Offering) -> tuple[ChoiceField, ...]:
    """The choices that make a piece what it is, by its measures or its price; never why the customer wants it."""
    telling = {choice for line in offering.pricing.lines for choice in line.choices}
    telling |= {measure.field for measure in offering.measures.values() if measure.field}
    return tuple(field for field in offering.form.fields if isinstance(field, ChoiceField) and field.name in telling)


def telling_fields(offering: Offering) -> tuple[str, ...]:
    """The fields of the form that say what is to be made, without what people write freely, in the form's order."""
    telling = {field.name for field in identifying_fields(offering)} | set(offering.form.title_fields)
    telling |= {measure.field for measure in offering.measures.values() if measure.field}
    asked = (field for field in offering.form.questions if not isinstance(field, TextField))
    return tuple(field.name for field in asked if field.name in telling)


def _traits(offering: Offering, choices: Mapping[str, str]) -> Iterator[Trait]:
    for field in identifying_fields(offering):
        if found := field.option(choices.get(field.name, "")):
            yield Trait(field=field.name, what=field.label, chosen=found.label)


def _materials(
    offering: Offering, choices: Mapping[str, str], entries: Iterable[JournalEntry]
) -> Iterator[CertifiedMaterial]:
    used: dict[str, list[str]] = {}
    for said in _those(entries, JournalEntryKind.MATERIAL_USED):
        used.setdefault(str(said.get("material")), []).extend([str(said["lot"])] if said.get("lot") else [])
    for material in offering.materials:
        if material.applies(choices) or material.id in used:
            yield _material(material, tuple(dict.fromkeys(used.get(material.id, ()))))


def _material(material: Material, lots: tuple[str, ...]) -> CertifiedMaterial:
    return CertifiedMaterial(
        material=material.id,
        title=material.title,
        composition=material.composition,
        origin=material.origin,
        recycled_percent=material.recycled_percent,
        lots=lots,
    )


def _measures(offering: Offering, entries: Iterable[JournalEntry]) -> Iterator[CertifiedMeasure]:
    last = {said.get("check"): said for said in _those(entries, JournalEntryKind.MEASURED)}
    for check in offering.quality.checks:
        if said := last.get(check.id):
            numbers = {name: Decimal(said[name]) for name in ("value", "low", "high") if said.get(name) is not None}
            yield CertifiedMeasure(
                check=check.id,
                title=check.title,
                method=check.method,
                met=bool(said.get("met", True)),
                unit=said.get("unit"),
                entry=said["entry"],
                **numbers,
            )


def _stages(entries: Sequence[JournalEntry], offering: Offering, zone: ZoneInfo) -> Iterator[CertifiedStage]:
    begun = list(_those(entries, JournalEntryKind.STAGE_BEGUN))
    finished = list(_those(entries, JournalEntryKind.STAGE_FINISHED))
    for stage in offering.making.stages:
        done = [said for said in finished if said.get("stage") == stage.id]
        if not done:
            continue
        first = next((said["at"] for said in begun if said.get("stage") == stage.id), done[0]["at"])
        yield CertifiedStage(
            stage=stage.id,
            title=stage.title,
            partner=stage.partner,
            begun_on=day_of(first, zone),
            finished_on=day_of(done[-1]["at"], zone),
            minutes=sum(int(said.get("minutes", 0)) for said in done),
            times=len(done),
            entries=tuple(said["entry"] for said in done),
        )


def _photos(offering: Offering, entries: Iterable[JournalEntry], zone: ZoneInfo) -> Iterator[CertifiedPhoto]:
    for said in _those(entries, JournalEntryKind.PHOTO_TAKEN):
        if said.get("public"):
            stage = offering.making.stage(said["stage"])
            yield CertifiedPhoto(
                photo=UUID(said["photo"]),
                sha256=said["sha256"],
                stage=said["stage"],
                title=stage.title if stage else said["stage"],
                taken_on=day_of(datetime.fromisoformat(said["taken_at"]), zone),
                entry=said["entry"],
            )
