"""What tests do with quotes: as its doors would, without the engines around it."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import services.quotes
from services.quotes.actions import (
    acceptance,
    accounts,
    briefs,
    drafting,
    questions,
    redrafting,
    sending,
    validity,
)
from services.quotes.actions import leaving as leavers
from services.quotes.actions.acceptance import CustomerQuote, QuoteAcceptance
from services.quotes.actions.drafting import LineAdjustment, StudioQuote
from services.quotes.actions.sending import keep_draft
from services.quotes.domain.quote import FixedLineCode, Offer, Price, Question, Quote, QuoteLine, QuoteState, Term
from services.quotes.domain.vat import VatRules
from services.quotes.labels import LABELS
from services.quotes.labels.wording import QuoteWording, contract_words
from services.quotes.main import INBOXES
from services.quotes.settings import QuotesSettings
from services.quotes.store import quotes as store
from shared import offerings
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commands.quotes import (
    DraftQuote,
    ExpireQuote,
    ExtendedQuote,
    ExtendQuote,
    KeepDraft,
    QuoteDraft,
    QuoteEnding,
    SendQuote,
    SentQuote,
)
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.people import PersonRecorded
from shared.contracts.quotes import DeclineReason, QuoteEnd, SendRefusal
from shared.kernel.ids import new_id
from shared.kernel.money import Money, VatRounding
from shared.offerings.store import record
from shared.postgres.database import Database, Tx
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.activities import once
from shared.temporal.client import Temporal
from shared.web.live import Live
from tests.support import web
from tests.support.quote_money import OPS, QuotesMoney
from tests.support.quote_settings import settings_of
from tests.support.words import reader

NOW = web.NOW
RING = offerings.load("jewellery", "engraved-ring")
ENGLISH = reader(LABELS)
WORDING = QuoteWording(ENGLISH, RING.offering)
"""What a quote of the ring says, in English."""


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """An empty database with the tables and the offerings of quotes; tests in it own only their own commissions."""
    await migrate(dsn, Path(services.quotes.__file__).parent / "sql" / "migrations")
    database = await Database.open(dsn, application="quotes")
    async with database.transaction() as tx:
        await record(tx, offerings.catalogue())
    try:
        yield database
    finally:
        await database.close(1)


def kernel_of(
    database: Database, *, clock: Callable[[], datetime] = lambda: NOW, **changes: object
) -> Kernel[QuotesSettings]:
    """The kernel of a process that has no engine but its database; its clock is fixed unless it is given one."""
    settings = settings_of(**changes)
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    return Kernel(
        name="quotes",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("quotes"),
        inboxes=INBOXES,
        clock=clock,
    )


def brief(commission: UUID, *, version: int = 1, at: datetime = NOW, **changed: str) -> BriefWritten:
    """What a customer asked for, as intake tells it."""
    typed = {
        "size": "54",
        "size_system": "iso",
        "metal": "gold_750_yellow",
        "finish": "satin",
        "engraving": "For ever",
        "occasion": "wedding",
        "why": "For her.",
        **changed,
    }
    return BriefWritten(
        at=at,
        commission=commission,
        brief_version=version,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=RING.version,
        offering_sha256=RING.sha256,
        answers=offerings.validate_answers(RING.offering, typed, at.date()),
    )


VAT_RULES = VatRules("DE", Decimal(19), {"AT": Decimal(20)}, exports_free=True)


def confirmed(written: BriefWritten, customer: UUID | None = None, country: str | None = None) -> CommissionConfirmed:
    """What intake tells with the brief: whose the commission is."""
    return CommissionConfirmed(
        at=written.at,
        commission=written.commission,
        customer=customer or new_id(),
        craft=written.craft,
        offering=written.offering,
        offering_version=written.offering_version,
        offering_sha256=written.offering_sha256,
        brief_version=written.brief_version,
        delivery_country=country,
    )


def sent_quote(terms: tuple[Term, ...]) -> Quote:
    """A quote of the ring that was sent with these terms."""
    nothing = Money.zero("EUR")
    return Quote(
        quote=new_id(),
        version=1,
        commission=new_id(),
        brief_version=1,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=RING.version,
        state=QuoteState.SENT,
        price=Price(lines=(), vat=QuoteLine(FixedLineCode.VAT, nothing), net=nothing, total=nothing),
        drafted_at=NOW,
        offer=Offer(sent_at=NOW, valid_until=NOW, deposit=nothing, terms=terms, variation=()),
    )


class Quotes(QuotesMoney):
    """What tests do with quotes: as its doors would. `now` may be moved, and so may where pieces are delivered."""

    country: str | None = None

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.held_until: dict[UUID, datetime] = {}
        """Until when hours are held for what is sent."""

    async def record_brief(self, written: BriefWritten, customer: UUID | None = None) -> None:
        """Hear of a confirmed request and of its brief; of a newer brief's customer nothing is heard any more."""
        async with self.database.transaction() as tx:
            await briefs.record_customer(tx, confirmed(written, customer, self.country))
            await redrafting.keep_brief(tx, written, self.context)

    async def erase_brief(self, commission: UUID) -> None:
        async with self.database.transaction() as tx:
            await briefs.erase_brief(tx, commission, NOW)

    async def record_person(self, person: UUID, name: str = "Ada Quist", version: int | None = None) -> None:
        """Intake tells who somebody is: in a newer version each time, unless one is given."""
        event = PersonRecorded(at=NOW, person=person, role=Role.CUSTOMER, name=name, email="ada@example.com")
        async with self.database.transaction() as tx:
            await briefs.record_person(tx, event, version or time.monotonic_ns())

    async def erase_person(self, person: UUID) -> None:
        async with self.database.transaction() as tx:
            await leavers.erase_person(tx, person, self.now, country="DE")

    async def erase_text(self, text: UUID) -> None:
        async with self.database.transaction() as tx:
            await briefs.erase_text(tx, text)

    async def draft(
        self,
        commission: UUID,
        *,
        brief_version: int = 1,
        command: UUID | None = None,
        held_until: datetime | None = None,
        ready_by: date | None = None,
        ready_by_p50: date | None = None,
    ) -> QuoteDraft:
        """The command, by a fresh id unless one is given."""
        self.held_until[commission] = held_until or self.now + timedelta(days=30)
        asked = DraftQuote(
            id=command or new_id(),
            commission=commission,
            brief_version=brief_version,
            ready_by=ready_by,
            ready_by_p50=ready_by_p50,
        )

        async def action(tx: Tx, given: DraftQuote) -> QuoteDraft:
            return await drafting.draft_quote(
                tx, given, new_id=new_id, at=self.now, vat=VAT_RULES, rounding=VatRounding.TOTAL
            )

        return await once(self.database, asked, action, self.now)

    async def expire(
        self, commission: UUID, draft: QuoteDraft, reason: QuoteEnd = QuoteEnd.LAPSED, *, command: UUID | None = None
    ) -> QuoteEnding:
        asked = ExpireQuote(
            id=command or new_id(),
            commission=commission,
            quote=draft.quote,
            quote_version=draft.quote_version,
            reason=reason,
        )

        async def action(tx: Tx, given: ExpireQuote) -> QuoteEnding:
            return await validity.expire_quote(tx, given, at=self.now)

        return await once(self.database, asked, action, self.now)

    async def extend(self, commission: UUID, draft: QuoteDraft, until: datetime) -> ExtendedQuote:
        asked = ExtendQuote(id=new_id(), commission=commission, quote=draft.quote, valid_until=until)
        return await once(self.database, asked, validity.extend_quote, self.now)

    async def overview(self, commission: UUID) -> StudioQuote:
        async with self.database.transaction() as tx:
            return await drafting.read_studio_quote(tx, OPS, commission, self.context)

    async def offer(self, customer: UUID, commission: UUID) -> CustomerQuote:
        async with self.database.transaction() as tx:
            return await acceptance.read_customer_quote(tx, customer_of(customer), commission, self.context)

    async def send(self, commission: UUID, version: int = 1, until: datetime | None = None) -> Quote:
        """The studio asks, the hours are held, and it is sent."""
        quote = await self.ask_to_send(commission, version, until)
        await self.held(commission, version)
        async with self.database.transaction() as tx:
            return await store.version(tx, quote.quote, version)

    async def ask_to_send(self, commission: UUID, version: int = 1, until: datetime | None = None) -> Quote:
        """The studio asks; nothing is sent before hours are held."""
        async with self.database.transaction() as tx:
            return await sending.ask_to_send(tx, OPS, commission, version, self.context, until=until)

    async def held(self, commission: UUID, version: int = 1, *, ready_by: date | None = None) -> SentQuote:
        """Hours are held for what the studio asked to send last."""
        overview = await self.overview(commission)
        assert overview.quote is not None
        assert overview.sending is not None
        day = ready_by or overview.quote.ready_by or date(2027, 2, 26)
        asked = SendQuote(
            id=new_id(),
            commission=commission,
            quote=overview.quote.quote,
            quote_version=version,
            sending=overview.sending.number,
            held_until=self.held_until.get(commission, self.now + timedelta(days=30)),
            ready_by=day,
            ready_by_p50=overview.quote.ready_by_p50 or day,
        )

        async def action(tx: Tx, given: SendQuote) -> SentQuote:
            return await sending.send_quote(tx, given, self.context)

        return await once(self.database, asked, action, self.now)

    async def keep_draft(
        self, commission: UUID, reason: SendRefusal, ready_by: date | None = None, *, sending: int | None = None
    ) -> None:
        """No hours are held."""
        overview = await self.overview(commission)
        assert overview.quote is not None
        assert overview.sending is not None
        asked = KeepDraft(
            id=new_id(),
            commission=commission,
            quote=overview.quote.quote,
            sending=sending or overview.sending.number,
            reason=reason,
            ready_by=ready_by,
            ready_by_p50=ready_by,
        )
        await once(self.database, asked, keep_draft, self.now)

    async def adjust(self, commission: UUID, version: int, line: str, minor: int, reason: str = "As agreed.") -> Quote:
        given = LineAdjustment(version, line, Money(minor=minor, currency="EUR"), reason)
        async with self.database.transaction() as tx:
            return await drafting.adjust(tx, OPS, commission, given, at=self.now, rounding=VatRounding.TOTAL)

    async def restore(self, commission: UUID, version: int, line: str) -> Quote:
        async with self.database.transaction() as tx:
            return await drafting.restore(
                tx, OPS, commission, version, line=line, at=self.now, rounding=VatRounding.TOTAL
            )

    async def revise(self, commission: UUID, version: int) -> Quote:
        async with self.database.transaction() as tx:
            return await drafting.revise(tx, OPS, commission, version, at=self.now)

    async def accept(
        self, customer: UUID, commission: UUID, version: int = 1, address: str = "", language: str = "en"
    ) -> Quote:
        async with self.database.transaction() as tx:
            given = QuoteAcceptance(version, language, contract_words(reader(LABELS, language)), self.papers, address)
            return await acceptance.accept(tx, customer_of(customer), commission, given, self.context)

    async def decline(self, customer: UUID, commission: UUID, version: int = 1, words: str = "") -> Quote:
        async with self.database.transaction() as tx:
            return await acceptance.decline(
                tx,
                customer_of(customer),
                commission,
                version,
                reason=DeclineReason.PRICE,
                words=words,
                context=self.context,
            )

    async def ask(self, customer: UUID, commission: UUID, words: str = "May it be wider?") -> Question:
        async with self.database.transaction() as tx:
            return await questions.ask(tx, customer_of(customer), commission, words=words, context=self.context)

    async def answer(self, commission: UUID, question: UUID, words: str = "Yes, by 1 mm.") -> Question:
        async with self.database.transaction() as tx:
            return await questions.answer(tx, OPS, commission, question, words=words, context=self.context)

    async def enter_phase(
        self,
        commission: UUID,
        due: datetime | None,
        stage: Phase = Phase.DEPOSIT,
        holder: Holder = Holder.CUSTOMER,
    ) -> None:
        """Lifecycle says which phase the commission is in."""
        event = PhaseEntered(number=1, at=NOW, commission=commission, phase=stage, holder=holder, since=NOW, due=due)
        async with self.database.transaction() as tx:
            await accounts.extend_deadline(tx, event, self.context)

    async def sent(
        self, *, held_days: int = 30, name: str | None = "Ada Quist", finish: str = "satin", needed_by: str = ""
    ) -> tuple[UUID, UUID]:
        """A commission with a quote that is with its customer; both ids, the customer's first."""
        commission = new_id()
        customer = new_id()
        if name:
            await self.record_person(customer, name)
        await self.record_brief(brief(commission, at=self.now, finish=finish, needed_by=needed_by), customer)
        held_until = self.now + timedelta(days=held_days)
        await self.draft(commission, held_until=held_until, ready_by=date(2027, 2, 26), ready_by_p50=date(2027, 2, 19))
        await self.send(commission)
        return customer, commission

    async def accepted(self) -> tuple[UUID, UUID]:
        """A commission whose quote its customer has accepted; both ids, the customer's first."""
        customer, commission = await self.sent()
        await self.accept(customer, commission, address="Lindenweg 4\n10115 Berlin")
        return customer, commission

    async def facts(self, commission: UUID) -> list[tuple[str, dict[str, Any]]]:
        """The facts that are published about a commission, oldest first, by class and what they say."""
        async with self.database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT type, data::jsonb - 'at' - 'commission' AS data FROM outbox WHERE key = $1 ORDER BY position",
                commission,
            )
        return [(row["type"].rpartition(".")[2], json.loads(row["data"])) for row in rows]

    async def published(self, commission: UUID) -> list[str]:
        """The facts about a commission by class, oldest first."""
        return [name for name, _ in await self.facts(commission)]


def customer_of(person: UUID) -> Caller:
    return Caller(person, Role.CUSTOMER, new_id())
