"""Wiring of the sample service: what it hears of commissions it writes down, and tells on as its own fact."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.types import ASGIApp

from shared import outbox
from shared.contracts.commissions import CommissionWithdrawn
from shared.contracts.fact import Topic
from shared.contracts.notifications import Intent, MailSent
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel, Service
from shared.runtime.settings import ServiceSettings

NAME = "sample"
MIGRATIONS = Path(__file__).parent / "sql" / "migrations"


def build() -> Service:
    return Service(name=NAME, settings=ServiceSettings(), root=Path(__file__).parent, web=_web, inboxes=_inboxes)


def _web(_: Kernel) -> ASGIApp:
    return Starlette()


def _inboxes(_: Kernel) -> Sequence[Inbox]:
    return [Inbox("listener", [Topic.COMMISSIONS], {CommissionWithdrawn: hear})]


async def hear(tx: Tx, fact: CommissionWithdrawn, record: Record) -> None:
    """Write down that it was heard, and say so."""
    await tx.connection.execute(
        "INSERT INTO effect (key, version, said) VALUES ($1, $2, $3)", record.key, record.version, str(fact.customer)
    )
    sent = MailSent(
        at=fact.at, commission=fact.commission, mail=fact.customer, person=fact.customer, intent=Intent.QUOTE_DRAFTED
    )
    await outbox.publish(tx, [sent])
