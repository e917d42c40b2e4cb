"""Whole pieces for tests of journals and certificates, written as the bench writes them."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.production.actions import certificates, journal
from services.production.actions.certificates import CertificateView
from services.production.actions.context import ProductionContext
from services.production.domain.photos import Photo, PhotoContent
from services.production.settings import ProductionSettings
from services.production.store import photos
from shared import offerings
from shared.certificates.journal import JournalEntryKind
from shared.contracts.commands.command import Result
from shared.contracts.commands.production import IssueCertificate
from shared.kernel.ids import new_id
from shared.postgres.database import Database, Tx
from shared.temporal.activities import once
from tests.support.production import MAKER, NOW, settings_of

CHOICES = {"metal": "gold_585_yellow", "finish": "satin", "occasion": "remembrance"}
MEASURES: dict[str, tuple[str, str, str, str]] = {
    "size": ("54.1", "53.7", "54.3", "mm"),
    "width": ("4.02", "3.9", "4.1", "mm"),
    "thickness": ("1.78", "1.65", "1.9", "mm"),
    "roundness": ("0.04", "0", "0.1", "mm"),
    "weight": ("5.12", "4.85", "5.47", "g"),
}
"""What was found, from and to what is allowed, and the unit."""


class Bench:
    """Writes the journal of one piece, an hour later with each entry."""

    def __init__(self, database: Database, maker: UUID = MAKER.person) -> None:
        self.database = database
        self.maker = maker
        self.settings: ProductionSettings = settings_of()
        self.piece = new_id()
        self.commission = new_id()
        self.customer = new_id()
        self.now = NOW - timedelta(days=20)

    async def write(self, entry: JournalEntryKind, **said: object) -> None:
        self.now += timedelta(hours=1)
        async with self.database.transaction() as tx:
            await journal.write(tx, self.piece, entry, at=self.now, by=self.maker, **said)

    async def book(self) -> None:
        async with self.database.transaction() as tx:
            await photos.record_customer(tx, self.commission, self.customer, None)
            if await journal.serial_of(tx, self.piece) is None:
                await journal.open_journal(tx, self.piece, self.commission)
        await self.write(
            JournalEntryKind.PROMISE_BOOKED,
            maker=self.maker,
            craft="jewellery",
            offering="engraved-ring",
            offering_version=1,
            choices=CHOICES,
        )

    async def do(self, stage: str, minutes: int, *, rework: bool = False) -> None:
        await self.write(JournalEntryKind.STAGE_BEGUN, stage=stage, maker=self.maker, rework=rework)
        await self.write(JournalEntryKind.STAGE_FINISHED, stage=stage, maker=self.maker, minutes=minutes)

    async def measure(self, **instead: str) -> None:
        for check in offerings.load("jewellery", "engraved-ring").offering.quality.checks:
            if check.id in MEASURES:
                value, low, high, unit = MEASURES[check.id]
                found = Decimal(instead.get(check.id, value))
                met = Decimal(low) <= found <= Decimal(high)
                numbers: dict[str, Any] = {"value": found, "low": Decimal(low), "high": Decimal(high)}
                await self.write(JournalEntryKind.MEASURED, check=check.id, met=met, unit=unit, **numbers)
            else:
                await self.write(JournalEntryKind.MEASURED, check=check.id, met=True)

    async def photograph(self, stage: str, content: bytes, *, public: bool = True) -> UUID:
        """A photo that is there and in the journal, as if it had been sent."""
        photo = Photo(new_id(), stage, public, self.now, 1600, 1200, shown_from=self.now, published_at=self.now)
        async with self.database.transaction() as tx:
            await photos.add_photo(
                tx,
                photo,
                PhotoContent("image/jpeg", content),
                piece=self.piece,
                commission=self.commission,
                task=new_id(),
                taken_by=self.maker,
            )
        digest = hashlib.sha256(content).hexdigest()
        said = {"photo": photo.photo, "sha256": digest, "stage": stage, "public": public, "taken_at": self.now}
        await self.write(JournalEntryKind.PHOTO_TAKEN, **said)
        return photo.photo

    async def make(self) -> None:
        """The whole making of a ring, with a rework; nothing is photographed."""
        await self.book()
        await self.write(JournalEntryKind.MATERIAL_USED, material="gold_wire_585", lot="M-2026/114")
        for stage, minutes in {"prepare": 44, "bend": 63, "true": 40, "file": 95, "assay": 25}.items():
            await self.do(stage, minutes)
        await self.write(JournalEntryKind.GATE_OPENED, gate="engraving")
        await self.write(JournalEntryKind.GATE_PASSED, gate="engraving")
        await self.do("engrave", 110)
        await self.do("finish", 70)
        await self.measure(thickness="1.95")
        await self.write(JournalEntryKind.REWORK, back_to="finish", checks=["thickness"])
        await self.do("finish", 20, rework=True)
        await self.measure()
        await self.do("check", 40)
        await self.write(JournalEntryKind.PIECE_MADE, maker=self.maker)
        await self.write(JournalEntryKind.PACKED)
        await self.write(JournalEntryKind.HANDED_OVER)
        await self.write(JournalEntryKind.DELIVERED)

    async def certify(self, *, command: UUID | None = None, now: datetime = NOW) -> str:
        """The serial of the certificate that the command issues."""
        asked = IssueCertificate(id=command or new_id(), commission=self.commission)

        async def action(tx: Tx, given: IssueCertificate) -> Result:
            return await certificates.issue(tx, given, ProductionContext(now, new_id, self.settings))

        result = await once(self.database, asked, action, now)
        return str(result.model_dump()["serial"])

    async def serial(self) -> str:
        async with self.database.transaction() as tx:
            return await journal.serial_of(tx, self.piece) or ""

    async def look(self, serial: str | None = None) -> CertificateView:
        async with self.database.transaction() as tx:
            return await certificates.read_certificate(tx, serial or await self.serial(), self.settings)

    async def tamper(self, statement: str, *arguments: object) -> None:
        """Run SQL as the owner of the tables, with the triggers taken away: what an intruder would do."""
        connection = await self.database.connect()
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL session_replication_role = replica")
                changed = await connection.execute(statement, *arguments)
        finally:
            await connection.close()
        assert not changed.endswith(" 0"), f"{statement} changed nothing"
