"""Kafka in: the bridge, which signals facts to workflows, and the projection, which keeps the dashboard up to date."""

from collections.abc import Sequence
from datetime import timedelta

from services.lifecycle import actions
from services.lifecycle.actions.bridge import IncomingFact
from services.lifecycle.settings import LifecycleSettings
from services.lifecycle.workflow.state import Timeouts
from shared.contracts.fact import CommissionFact, Fact, Topic
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

Batch = Sequence[tuple[Fact | None, Record]]


def inboxes(kernel: Kernel[LifecycleSettings]) -> Sequence[Inbox]:
    settings = kernel.settings
    gateway = actions.TemporalGateway(kernel.temporal, settings.prefix)
    timeouts = _timeouts(settings)

    async def bridge(tx: Tx, batch: Batch) -> None:
        incoming = [IncomingFact(fact, record.version, record.traceparent) for fact, record in _of_commissions(batch)]
        await actions.deliver_facts(tx, incoming, gateway=gateway, timeouts=timeouts, now=kernel.clock())

    async def projection(tx: Tx, batch: Batch) -> None:
        facts = [(fact, record.version) for fact, record in _of_commissions(batch)]
        await actions.project(tx, facts, step=settings.step)

    handled = [Topic.COMMISSIONS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION]
    recorded = [*handled, Topic.LIFECYCLE, Topic.NOTIFICATIONS]
    return [
        Inbox(name="bridge", topics=handled, batch=bridge),
        Inbox(name="projection", topics=recorded, batch=projection),
    ]


def _timeouts(settings: LifecycleSettings) -> Timeouts:
    """The timeouts of a commission that starts now."""
    return Timeouts(
        step=settings.step,
        desk=settings.desk,
        remind=timedelta(seconds=settings.remind_seconds),
        reminders=settings.reminders,
        maker=timedelta(seconds=settings.maker_seconds),
        delivery=timedelta(seconds=settings.delivery_seconds),
        zone=settings.studio_zone,
    )


def _of_commissions(batch: Batch) -> Sequence[tuple[CommissionFact, Record]]:
    return [(fact, record) for fact, record in batch if isinstance(fact, CommissionFact)]
