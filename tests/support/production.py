"""What tests do with production: as its doors would, without the engines around it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from PIL import Image

import services.production
from services.production.actions import (
    booking,
    briefs,
    deliveries,
    holding,
    makers,
    making,
    parcels,
    photos,
    promises,
    tasks,
)
from services.production.actions.context import ProductionContext, read_piece
from services.production.domain.known_plans import KnownPlans
from services.production.domain.pieces import Piece
from services.production.domain.promises import Promise, PromiseState
from services.production.domain.tasks import Task
from services.production.main import INBOXES
from services.production.settings import ProductionSettings
from shared import offerings
from shared.auth.keys import new_signing_key
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.commands.command import Command, Result
from shared.contracts.commands.production import (
    BookedPromise,
    BookPromise,
    ExtendHold,
    HeldPromise,
    HoldOutcome,
    HoldPromise,
    OpenGate,
    PreviewedPromise,
    PreviewPromise,
    ReleaseParcel,
    ReleasePromise,
    StopMaking,
    StoppedMaking,
)
from shared.contracts.commissions import DeliveryChosen, DeliveryWay
from shared.contracts.people import PersonRecorded, RecipientRecorded
from shared.contracts.production import PromiseEnd
from shared.kernel.ids import new_id
from shared.offerings.store import record
from shared.postgres.database import Database, Tx
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.activities import once
from shared.temporal.client import Temporal
from shared.web.idempotency import request_key
from shared.web.images import Picture
from shared.web.live import Live
from tests.support import web
from tests.support.service import NOBODY

MAKER = Caller(UUID("01931f00-0000-7000-8000-0000000000b1"), Role.MAKER, new_id())
"""The studio's own maker, whose bench production starts with."""
OPS = Caller(new_id(), Role.OPS, new_id())
NOW = web.NOW
CERTIFICATE_KEY = new_signing_key()
WISH = {
    "size": "54.00",
    "metal": "gold_750_yellow",
    "finish": "satin",
    "engraving": "Ada & Grace 2026",
    "occasion": "wedding",
    "why": "For the two of us.",
}
GOOD = {
    "check_size": "54.1",
    "check_width": "4.0",
    "check_thickness": "1,8",
    "check_roundness": "0.05",
    "check_weight": "5.05",
    "check_joint": "yes",
    "check_words": "yes",
    "check_marks": "yes",
    "check_edges": "yes",
}
"""A checklist of that ring that is met."""

NOTHING: Mapping[str, str] = MappingProxyType({})

Action: TypeAlias = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """An empty database with the tables and the offerings of production; tests in it own only their own commissions."""
    await migrate(dsn, Path(services.production.__file__).parent / "sql" / "migrations")
    database = await Database.open(dsn, application="production")
    async with database.transaction() as tx:
        await record(tx, offerings.catalogue())
        await makers.equip_first_bench(tx)
    try:
        yield database
    finally:
        await database.close(1)


def settings_of(**changes: object) -> ProductionSettings:
    """Settings without engines."""
    usual = {
        "database": "unused",
        "kafka": NOBODY,
        "temporal": NOBODY,
        "port": 0,
        "public_url": web.ORIGIN,
        "token_keys": web.Settings().token_keys,
        "certificate_key": CERTIFICATE_KEY,
        "publish_after_seconds": 0,
    }
    return ProductionSettings.model_validate({**usual, **changes})


def kernel_of(database: Database, **changes: object) -> Kernel[ProductionSettings]:
    """The kernel of a process that has no engine but its database; its clock is fixed."""
    settings = settings_of(**changes)
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    return Kernel(
        name="production",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("production"),
        inboxes=INBOXES,
        clock=lambda: NOW,
    )


class Production:
    """What tests do with production: as its doors would. `now` may be moved."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = settings_of()
        self.now = NOW
        self.known = KnownPlans()

    @property
    def context(self) -> ProductionContext:
        return ProductionContext(self.now, new_id, self.settings, known=self.known)

    def later(self, **by: float) -> None:
        """Move the clock on."""
        self.now += timedelta(**by)

    async def command(self, action: Action, asked: Command) -> Any:
        """The command, as its activity carries it out."""
        context = self.context

        async def run(tx: Tx, given: Command) -> Result:
            result: Result = await action(tx, given, context)
            return result

        return await once(self.database, asked, run, self.now)

    async def act(self, action: Action, *asked: Any, by: Caller = MAKER, **more: Any) -> Any:
        """An action that a person does at the bench."""
        async with self.database.transaction() as tx:
            return await action(tx, by, *asked, context=self.context, **more)

    async def handle(self, action: Action, *facts: Any) -> None:
        """Something that came over Kafka."""
        async with self.database.transaction() as tx:
            await action(tx, *facts)

    async def hold(
        self, commission: UUID, *, command: UUID | None = None, offering_version: int = 1, needed_by: date | None = None
    ) -> HeldPromise:
        """The command, by a fresh id unless one is given."""
        outcome = await self.hold_by(
            commission, command=command, offering_version=offering_version, needed_by=needed_by
        )
        assert outcome.held is not None
        return outcome.held

    async def hold_by(
        self, commission: UUID, *, command: UUID | None = None, offering_version: int = 1, **more: date | None
    ) -> HoldOutcome:
        """The same, whatever comes of it."""
        ring = {"craft": "jewellery", "offering": "engraved-ring", "offering_version": offering_version}
        asked = HoldPromise.model_validate(
            {"id": command or new_id(), "commission": commission, "asked_at": NOW, **ring, **more}
        )
        result = await self.command(holding.hold_promise, asked)
        assert isinstance(result, HoldOutcome)
        return result

    async def preview(self) -> PreviewedPromise:
        """The day that is possible now."""
        asked = PreviewPromise(
            id=new_id(), commission=new_id(), craft="jewellery", offering="engraved-ring", offering_version=1
        )
        result = await self.command(holding.preview_promise, asked)
        assert isinstance(result, PreviewedPromise)
        return result

    async def release(
        self, commission: UUID, promise: UUID, reason: PromiseEnd = PromiseEnd.LAPSED, *, command: UUID | None = None
    ) -> None:
        asked = ReleasePromise(id=command or new_id(), commission=commission, promise=promise, reason=reason)

        async def action(tx: Tx, given: ReleasePromise) -> Result:
            return await promises.release_promise(tx, given, now=self.now)

        await once(self.database, asked, action, self.now)

    async def extend(self, commission: UUID, promise: UUID, until: datetime) -> None:
        asked = ExtendHold(id=new_id(), commission=commission, promise=promise, held_until=until)
        await self.command(promises.extend_hold, asked)

    async def wish(self, commission: UUID, changed: Mapping[str, str] = NOTHING, *, version: int = 1) -> None:
        """The brief of a ring has come."""
        answers = {**WISH, **changed}
        brief = BriefWritten(
            at=NOW,
            commission=commission,
            brief_version=version,
            craft="jewellery",
            offering="engraved-ring",
            offering_version=1,
            offering_sha256="0" * 64,
            answers=tuple(BriefAnswer(field=name, value=said) for name, said in answers.items()),
        )
        await self.handle(briefs.record_brief, brief)

    async def book(self, commission: UUID, promise: UUID, *, version: int = 1) -> BookedPromise:
        asked = BookPromise(id=new_id(), commission=commission, promise=promise, brief_version=version)
        result = await self.command(booking.book_promise, asked)
        assert isinstance(result, BookedPromise)
        return result

    async def booked(self, commission: UUID | None = None, **wish: str) -> UUID:
        """A commission whose hours are booked: the piece waits for its first gate."""
        commission = commission or new_id()
        held = await self.hold(commission)
        await self.wish(commission, wish)
        await self.book(commission, held.promise)
        return commission

    async def open_gate(self, commission: UUID, gate: str, *, version: int = 1) -> None:
        asked = OpenGate(id=new_id(), commission=commission, gate=gate, approval=new_id(), brief_version=version)
        await self.command(making.open_gate, asked)

    async def stop(self, commission: UUID, at_most: int | None = None, *, owes: bool = True) -> StoppedMaking:
        asked = StopMaking(id=new_id(), commission=commission, at_most_percent=at_most, owes=owes)
        result = await self.command(making.stop_making, asked)
        assert isinstance(result, StoppedMaking)
        return result

    async def paid(self, commission: UUID) -> None:
        await self.command(making.release_parcel, ReleaseParcel(id=new_id(), commission=commission))

    async def piece(self, commission: UUID) -> Piece:
        async with self.database.transaction() as tx:
            piece, _ = await read_piece(tx, OPS, commission)
            return piece

    async def current(self, commission: UUID) -> Task:
        """The task that is next or under way."""
        task = (await self.piece(commission)).current
        assert task is not None
        return task

    async def start(self, commission: UUID, *signs: str) -> Task:
        """Begin what is next, with everything ticked that the maker signs."""
        task = await self.current(commission)
        await self.act(tasks.start_task, task.task, {*signs, "band"})
        return task

    async def finish(self, commission: UUID, **answers: str) -> Task:
        """Finish what is at hand; the checklist is met unless the test says what was measured."""
        task = await self.current(commission)
        given = GOOD | {f"check_{name}": said for name, said in answers.items()}
        await self.act(tasks.finish_task, task.task, given | {"back_to": answers.get("back_to", "")})
        return task

    async def photograph(self, commission: UUID) -> UUID:
        """A photo at the piece's next step, for the certificate too."""
        task, made = await self.current(commission), BytesIO()
        Image.new("RGB", (64, 48), "#8a5a12").save(made, "JPEG")
        picture, key = Picture(made.getvalue(), 64, 48), request_key(MAKER, "photo", str(new_id()))
        photo: UUID = await self.act(photos.take_photo, task.task, picture, key, public=True)
        return photo

    async def make_until(self, commission: UUID, stage: str | None = None) -> None:
        """Do every stage before this one, or all; an hour each."""
        for gate in ("cut", "engraving"):
            await self.open_gate(commission, gate)
        while (task := (await self.piece(commission)).current) and task.stage != stage:
            await self.start(commission)
            self.later(hours=1)
            await self.finish(commission)
        if stage is None:
            await self.goes_to(commission)

    async def goes_to(
        self, commission: UUID, *, way: DeliveryWay = DeliveryWay.PARCEL, number: int = 1, street: str = "Lindenweg 4"
    ) -> UUID:
        """It is chosen how the piece comes to its customer; the recipient's key."""
        recipient = uuid5(commission, "recipient")
        chosen = DeliveryChosen(
            at=self.now,
            commission=commission,
            number=number,
            way=way,
            recipient=recipient if way is DeliveryWay.PARCEL else None,
        )
        if chosen.recipient:
            address = RecipientRecorded(
                at=self.now,
                recipient=recipient,
                commission=commission,
                number=number,
                name="Zoë O'Brien",
                street=street,
                postcode="1010",
                city="Wien",
                country="AT",
                phone="+43 1 234567",
            )
            await self.handle(deliveries.record_address, address, number)
        await self.handle(deliveries.record_choice, chosen, self.context)
        return recipient

    async def sent(self, commission: UUID) -> None:
        """A parcel that is with its carrier."""
        await self.make_until(commission)
        await self.act(parcels.pack, commission)
        await self.paid(commission)
        await self.act(parcels.hand_over, commission, carrier="other", tracking="A-1234")

    async def promise(self, promise: UUID, state: PromiseState | None = None) -> Promise:
        """One promise as the bench sees it."""
        async with self.database.transaction() as tx:
            found = await promises.read_promises(tx, MAKER, state=state, at_most=10_000)
        return next(each.promise for each in found if each.promise.promise == promise)

    async def facts(self, commission: UUID) -> list[tuple[str, dict[str, Any]]]:
        """The facts that are published about a commission, oldest first, by class and what they say."""
        async with self.database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT type, data::jsonb - ARRAY['at', 'commission', 'piece'] AS data FROM outbox WHERE key = $1"
                " ORDER BY position",
                commission,
            )
        return [(row["type"].rpartition(".")[2], json.loads(row["data"])) for row in rows]

    async def fact_names(self, commission: UUID) -> list[str]:
        """The same, by class alone."""
        return [name for name, _ in await self.facts(commission)]

    async def another_maker(self, *skills: str, name: str = "Another Maker") -> Caller:
        """Another maker, at a bench of their own."""
        caller = Caller(new_id(), Role.MAKER, new_id())
        person = PersonRecorded(at=NOW, person=caller.person, role=Role.MAKER, name=name, email="a@example.org")
        await self.handle(makers.record_person, person, 1)
        async with self.database.transaction() as tx:
            await makers.change_maker(tx, OPS, caller.person, state="active", skills=skills, week=[""] * 7, days_off="")
        return caller
