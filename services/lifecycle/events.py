"""Kafka in: the bridge, which lets workflows hear, and the projection, which keeps the ops room up to date."""

from collections.abc import Sequence
from datetime import timedelta

from services.lifecycle import actions
from services.lifecycle.actions.bridge import Told
from services.lifecycle.domain.life import Patience
from services.lifecycle.settings import Settings
from shared.contracts.fact import CommissionFact, Fact, Topic
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

Batch = Sequence[tuple[Fact | None, Record]]


def inboxes(kernel: Kernel[Settings]) -> Sequence[Inbox]:
    settings = kernel.settings
    lives = actions.Lives(kernel.temporal, settings.prefix)
    patience = _patience(settings)

    async def bridge(tx: Tx, batch: Batch) -> None:
        told = [Told(fact, record.version, record.traceparent) for fact, record in _of_commissions(batch)]
        await actions.pass_on(tx, told, lives=lives, patience=patience, now=kernel.clock())

    async def projection(tx: Tx, batch: Batch) -> None:
        facts = [(fact, record.version) for fact, record in _of_commissions(batch)]
        await actions.project(tx, facts, step=settings.step)

    acted_upon = [Topic.COMMISSIONS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION]
    told_of = [*acted_upon, Topic.LIFECYCLE, Topic.NOTIFICATIONS]
    return [
        Inbox(name="bridge", topics=acted_upon, batch=bridge),
        Inbox(name="projection", topics=told_of, batch=projection),
    ]


def _patience(settings: Settings) -> Patience:
    """What a commission that starts now is given."""
    return Patience(
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
