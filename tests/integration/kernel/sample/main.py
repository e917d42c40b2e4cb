"""Wiring of the sample service: it records facts about commissions, and publishes one of its own."""

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

listener = Inbox("listener", Topic.COMMISSIONS)


def build() -> Service:
    return Service(name=NAME, settings=ServiceSettings(), root=Path(__file__).parent, web=_web, inboxes=[listener])


def _web(_: Kernel) -> ASGIApp:
    return Starlette()


@listener.handler
async def handle(fact: CommissionWithdrawn, tx: Tx, record: Record) -> None:
    """Record the fact, and publish that it was recorded."""
    await tx.connection.execute(
        "INSERT INTO effect (key, version, said) VALUES ($1, $2, $3)", record.key, record.version, str(fact.customer)
    )
    sent = MailSent(
        at=fact.at, commission=fact.commission, mail=fact.customer, person=fact.customer, intent=Intent.QUOTE_DRAFTED
    )
    await outbox.publish(tx, [sent])
