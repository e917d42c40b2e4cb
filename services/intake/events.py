"""Kafka in: what the other services tell about commissions."""

from collections.abc import Sequence

from services.intake.actions import commissions
from services.intake.settings import Settings
from shared.contracts.fact import CommissionFact, Fact, Topic
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

_TOPICS = (Topic.LIFECYCLE, Topic.PRODUCTION, Topic.QUOTES, Topic.NOTIFICATIONS)


def inboxes(_kernel: Kernel[Settings]) -> Sequence[Inbox]:
    async def told(tx: Tx, batch: Sequence[tuple[Fact | None, Record]]) -> None:
        facts = [(fact, record.version) for fact, record in batch if isinstance(fact, CommissionFact)]
        await commissions.hear(tx, facts)

    return [Inbox(name="timeline", topics=_TOPICS, batch=told)]
