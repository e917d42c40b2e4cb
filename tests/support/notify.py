"""What tests do with notify: its tables, and its doors' actions, without the engines around it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import services.notify
from services.notify import actions
from services.notify.domain.mails import (
    AttemptOutcome,
    AttemptResult,
    Mail,
    MailState,
    OutgoingMail,
    QuietRules,
    RetryPolicy,
    Waits,
)
from services.notify.domain.preferences import MailTimes
from services.notify.settings import NotifySettings
from shared import offerings
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import MessageSent
from shared.contracts.fact import CommissionFact
from shared.contracts.notifications import Intent
from shared.contracts.people import PersonRecorded
from shared.contracts.production import PromiseHeld
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.offerings.store import record
from shared.postgres.database import Database, Tx
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.client import Temporal
from shared.web.live import Live
from tests.support import web
from tests.support.mail_facts import MailFacts
from tests.support.service import MAIL_SECRET, NOBODY
from tests.support.waiting import until

OPS = Caller(new_id(), Role.OPS, new_id())
AT_ONCE = QuietRules(timedelta(0), timedelta(0))
RETRY_POLICY = RetryPolicy(timedelta(minutes=5), timedelta(minutes=5), timedelta(days=3))

AT_MOST_A_MINUTE = Waits(for_words=timedelta(0), for_facts=timedelta(minutes=1), in_order=timedelta(minutes=1))

Minutes: TypeAlias = float
DAILY_AT = time(8)
ZONE = "Europe/Berlin"
"""The studio's, where a test delivers mails itself."""


async def tables(make_database: Callable[[str], Awaitable[str]]) -> str:
    """The DSN of a database with notify's tables; tests in it own only their own commissions."""
    dsn = await make_database("notify")
    await migrate(dsn, Path(services.notify.__file__).parent / "sql" / "migrations")
    return dsn


@asynccontextmanager
async def opened(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator["Notify"]:
    """A notify with a database of its own."""
    dsn = await tables(make_database)
    database = await Database.open(dsn, application="notify")
    yield Notify(database, dsn)
    await database.close(1)


def kernel_of(dsn: str, database: Database, **changes: object) -> Kernel[NotifySettings]:
    """The kernel of a notify that has no engine but its database, with short waits and these settings."""
    usual = {
        "database": dsn,
        "kafka": NOBODY,
        "temporal": NOBODY,
        "smtp": NOBODY,
        "mail_secret": MAIL_SECRET,
        "port": 0,
        "public_url": web.ORIGIN,
        "token_keys": web.Settings().token_keys,
        "mail_first_wait": 0.1,
        "mail_longest_wait": 0.4,
        "mail_lease": 31,
        "mail_complete_within": 0,
    }
    settings = NotifySettings.model_validate({**usual, **changes})
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    return Kernel(
        name="notify",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("notify"),
    )


@dataclass(frozen=True)
class Customer:
    """Somebody with a commission of their own."""

    person: UUID
    commission: UUID

    @property
    def email(self) -> str:
        return f"ada.{self.person.hex[-8:]}@example.org"


def brief(customer: Customer) -> BriefWritten:
    """An engraved ring, as intake publishes it."""
    ring = offerings.load("jewellery", "engraved-ring")
    typed = {
        "size": "54",
        "size_system": "iso",
        "metal": "gold_750_yellow",
        "finish": "satin",
        "engraving": "For ever",
        "occasion": "wedding",
        "why": "For her.",
    }
    return BriefWritten(
        at=system_clock(),
        commission=customer.commission,
        brief_version=1,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=ring.version,
        offering_sha256=ring.sha256,
        answers=offerings.validate_answers(ring.offering, typed, system_clock().date()),
    )


def text(customer: Customer, subject: Subject, body: str) -> TextWritten:
    """A text about the customer's commission, by the studio or by the customer."""
    return TextWritten(
        at=system_clock(),
        text=new_id(),
        commission=customer.commission,
        author=customer.person,
        author_role=Role.CUSTOMER if subject is Subject.QUESTION else Role.OPS,
        subject=subject,
        body=body,
    )


class Notify:
    """What tests do with notify's database: as its doors would."""

    def __init__(self, database: Database, dsn: str) -> None:
        self.database = database
        self.dsn = dsn
        self._facts: dict[UUID, MailFacts] = {}
        self._versions: dict[CommissionFact, int] = {}

    @staticmethod
    def now() -> datetime:
        return system_clock()

    async def submit(self, customer: Customer | None = None) -> Customer:
        """A commission is submitted by somebody; unless the test knows them, nobody knows their address yet."""
        customer = customer or Customer(new_id(), new_id())
        await self.receives(self.facts_of(customer).submitted())
        return customer

    async def know(
        self,
        customer: Customer,
        email: str | None = None,
        role: Role = Role.CUSTOMER,
        language: str | None = None,
        *,
        at: datetime | None = None,
    ) -> None:
        """The person's address becomes known; they were recorded an hour ago, or then."""
        person = PersonRecorded(
            at=at or self.now() - timedelta(hours=1),
            person=customer.person,
            role=role,
            name="Ada Lovelace",
            email=email or customer.email,
            language=language,
        )
        await self.do(lambda tx: actions.record_person(tx, person, self.now()))

    async def know_without_address(self, customer: Customer) -> None:
        """The person becomes known, as somebody whom the studio recorded without an e-mail address."""
        person = PersonRecorded(at=self.now(), person=customer.person, role=Role.CUSTOMER, name="Ada Lovelace")
        await self.do(lambda tx: actions.record_person(tx, person, self.now()))

    async def name_maker(self, customer: Customer, maker: Customer | None = None) -> Customer:
        """Production holds a maker's hours for the commission; the maker, who is known by address."""
        maker = maker or Customer(new_id(), customer.commission)
        held = PromiseHeld(
            at=self.now(),
            commission=customer.commission,
            promise=new_id(),
            maker=maker.person,
            ready_by=date(2027, 5, 31),
            ready_by_p50=date(2027, 5, 31),
            held_until=self.now(),
        )
        await self.know(maker, role=Role.MAKER)
        await self.receives(held)
        return maker

    async def write(
        self,
        customer: Customer,
        author: Role,
        *,
        message: UUID | None = None,
        quiet: QuietRules = AT_ONCE,
        at: Minutes = 0,
    ) -> None:
        """Somebody writes a message on the commission's page, so many minutes from now."""
        now = self.now() + timedelta(minutes=at)
        sent = MessageSent(
            at=now, commission=customer.commission, message=message or new_id(), author=new_id(), author_role=author
        )
        await self.receives(sent, quiet=quiet, now=now)

    async def brief(self, customer: Customer) -> None:
        """The brief of the commission becomes known: an engraved ring."""
        await self.keep_offerings()
        await self.do(lambda tx: actions.record_brief(tx, brief(customer)))

    async def keep_offerings(self) -> None:
        """The documents of the offerings are kept, as at every start."""
        await self.do(lambda tx: record(tx, offerings.catalogue()))

    async def say(self, customer: Customer, subject: Subject, body: str) -> UUID:
        """Somebody's text becomes known; its id."""
        written = text(customer, subject, body)
        await self.do(lambda tx: actions.record_text(tx, written))
        return written.text

    async def answer(self, customer: Customer, question: UUID, answer: UUID | None = None) -> None:
        """The studio answers a question about the quote."""
        await self.receives(self.facts_of(customer).answered(question, answer))

    async def erase(self, customer: Customer) -> None:
        await self.do(lambda tx: actions.erase_person(tx, customer.person, self.now()))

    def facts_of(self, customer: Customer) -> MailFacts:
        """Makes facts about the customer's commission."""
        made = MailFacts(customer.commission, customer.person)
        return self._facts.setdefault(customer.commission, made)

    async def receives(self, *facts: CommissionFact, quiet: QuietRules = AT_ONCE, now: datetime | None = None) -> None:
        """Facts reach notify in this order; one that it was told already comes again as it was."""
        for fact in facts:
            version = self._versions.setdefault(fact, sum(each.key == fact.key for each in self._versions) + 1)
            times = MailTimes(quiet, DAILY_AT, ZoneInfo(ZONE))
            follow = partial(actions.follow_fact, fact=fact, version=version, times=times, now=now or self.now())
            await self.do(follow)

    async def the_mail(self, customer: Customer, intent: Intent = Intent.REQUEST_RECEIVED) -> Mail:
        return (await self.mails(customer, intent))[0]

    async def mails(self, customer: Customer, intent: Intent) -> list[Mail]:
        """The mails of this intent about the customer's commission, newest first."""
        async with self.database.transaction() as tx:
            found = await actions.read_log(tx, OPS, customer.commission)
        return [mail for mail in found if mail.intent is intent]

    async def states(self, somebody: Customer) -> list[MailState]:
        """What became of the mails to this person as such, about no commission."""
        async with self.database.statement() as tx:
            rows = await tx.connection.fetch("SELECT state FROM mail WHERE commission = $1", somebody.person)
        return [MailState(row["state"]) for row in rows]

    async def post(self, customer: Customer, *, at: Minutes = 0, waits: Waits = AT_MOST_A_MINUTE) -> list[Intent]:
        """Deliver what is due so many minutes from now, as a mailer does; the intents of the customer's, in order."""
        sent = await self.deliver(at=at, waits=waits)
        return [outgoing.intent for outgoing in sent if outgoing.commission == customer.commission]

    async def deliver(self, *, at: Minutes = 0, waits: Waits = AT_MOST_A_MINUTE) -> list[OutgoingMail]:
        """Deliver all that is due so many minutes from now, as a mailer does; in order."""
        now = self.now() + timedelta(minutes=at)
        sent: list[OutgoingMail] = []
        while True:
            async with self.database.transaction() as tx:
                leased = await actions.lease_next(
                    tx, lease=new_id(), now=now, duration=timedelta(minutes=1), waits=waits, zone=ZONE
                )
                if leased is None:
                    return sent
                await actions.record_result(
                    tx, leased, AttemptResult(AttemptOutcome.ACCEPTED), policy=RETRY_POLICY, now=now, jitter=0
                )
            sent.append(leased.outgoing)

    async def becomes(self, customer: Customer, state: str, within: float = 10.0) -> Mail:
        """Wait until the mail about the request is in this state."""

        async def is_so() -> bool:
            return (await self.the_mail(customer)).state == state

        await until(f"the mail is {state}", is_so, within)
        return await self.the_mail(customer)

    async def facts(self, customer: Customer) -> list[str]:
        """The facts that are published about the customer's commission, oldest first."""
        async with self.database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT type FROM outbox WHERE key = $1 ORDER BY position", customer.commission
            )
        return [row["type"].rpartition(".")[2] for row in rows]

    async def parks(self, customer: Customer) -> None:
        """An event of the customer's commission fails for good."""
        async with self.database.transaction() as tx:
            await tx.connection.execute(
                "INSERT INTO parked (inbox, topic, partition, record_offset, key, headers, reason, detail) "
                "SELECT 'payments', 'touchmark.payments', 0, count(*), $1, '[]', 'failed', 'a test' FROM parked",
                str(customer.commission),
            )

    async def unparks(self, customer: Customer) -> None:
        """Ops drop it."""
        async with self.database.transaction() as tx:
            await tx.connection.execute("UPDATE parked SET state = 'dropped' WHERE key = $1", str(customer.commission))

    async def holds(
        self, words: str, *, table: Literal["quotable_text", "brief", "fact", "document"] = "quotable_text"
    ) -> bool:
        """Whether these words are in any row of the table."""
        async with self.database.statement() as tx:
            rows = await tx.connection.fetch(f"SELECT t::text AS row FROM {table} AS t")  # noqa: S608 (our own names)
        return any(words in row["row"] for row in rows)

    async def has_mail(self, customer: Customer) -> bool:
        return await self._counts("SELECT count(*) FROM mail WHERE commission = $1", customer.commission)

    async def knows(self, customer: Customer) -> bool:
        return await self._counts("SELECT count(*) FROM person WHERE person = $1", customer.person)

    async def has_forgotten(self, customer: Customer) -> bool:
        erased = await self._counts("SELECT count(*) FROM erased_person WHERE person = $1", customer.person)
        return erased and not await self.knows(customer)

    async def _counts(self, query: str, key: UUID) -> bool:
        async with self.database.statement() as tx:
            return bool(await tx.connection.fetchval(query, key))

    async def do(self, action: Callable[[Tx], Awaitable[None]]) -> None:
        async with self.database.transaction() as tx:
            await action(tx)
