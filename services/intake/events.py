"""Kafka in: the other services' facts about commissions, and what people wrote there."""

from collections.abc import Sequence

from services.intake.actions import commissions, messages
from services.intake.settings import IntakeSettings
from shared.contracts.fact import CommissionFact, Fact, Topic
from shared.contracts.texts import TextWritten
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

_TOPICS = (Topic.LIFECYCLE, Topic.PRODUCTION, Topic.QUOTES, Topic.PAYMENTS, Topic.NOTIFICATIONS)


def inboxes(_kernel: Kernel[IntakeSettings]) -> Sequence[Inbox]:
    async def apply_facts(tx: Tx, batch: Sequence[tuple[Fact | None, Record]]) -> None:
        facts = [(fact, record.version) for fact, record in batch if isinstance(fact, CommissionFact)]
        await commissions.apply_facts(tx, facts)

    async def text_written(tx: Tx, text: TextWritten, _record: Record) -> None:
        await messages.apply_text(tx, text)

    async def text_erased(tx: Tx, record: Record) -> None:
        await messages.erase_text(tx, record.key)

    return [
        Inbox(name="timeline", topics=_TOPICS, batch=apply_facts),
        Inbox(
            name="texts",
            topics=[Topic.TEXTS],
            handlers={TextWritten: text_written},
            tombstones={Topic.TEXTS: text_erased},
        ),
    ]
