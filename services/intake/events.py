"""Kafka in: the other services' facts about commissions, and what people wrote there."""

from collections.abc import Sequence

from services.intake.actions import commissions, messages
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.texts import TextWritten
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx

timeline = Inbox("timeline", Topic.LIFECYCLE, Topic.PRODUCTION, Topic.QUOTES, Topic.PAYMENTS, Topic.NOTIFICATIONS)
texts = Inbox("texts", Topic.TEXTS)


@timeline.batch
async def apply_facts(batch: Sequence[tuple[CommissionFact, Record]], tx: Tx) -> None:
    await commissions.apply_facts(tx, [(fact, record.version) for fact, record in batch])


@texts.handler
async def text_written(text: TextWritten, tx: Tx) -> None:
    await messages.apply_text(tx, text)


@texts.tombstone
async def text_erased(record: Record, tx: Tx) -> None:
    await messages.erase_text(tx, record.key)
