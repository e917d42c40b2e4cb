"""Kafka in: the bridge, which signals facts to workflows, and the projection, which keeps the dashboard up to date."""

from collections.abc import Sequence
from datetime import timedelta

from services.lifecycle import actions
from services.lifecycle.actions.bridge import IncomingFact
from services.lifecycle.settings import LifecycleSettings
from services.lifecycle.workflow.state import Timeouts
from shared.contracts.fact import CommissionFact, Topic
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

_HANDLED = (Topic.COMMISSIONS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION)

bridge = Inbox("bridge", *_HANDLED)
projection = Inbox("projection", *_HANDLED, Topic.LIFECYCLE, Topic.NOTIFICATIONS)


@bridge.batch
async def deliver_facts(
    batch: Sequence[tuple[CommissionFact, Record]], tx: Tx, kernel: Kernel[LifecycleSettings]
) -> None:
    settings = kernel.settings
    await actions.deliver_facts(
        tx,
        [IncomingFact(fact, record.version, record.traceparent) for fact, record in batch],
        gateway=actions.TemporalGateway(kernel.temporal, settings.prefix),
        timeouts=_timeouts(settings),
        now=kernel.clock(),
    )


@projection.batch
async def project(batch: Sequence[tuple[CommissionFact, Record]], tx: Tx, kernel: Kernel[LifecycleSettings]) -> None:
    facts = [(fact, record.version) for fact, record in batch]
    await actions.project(tx, facts, step=kernel.settings.step)


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
