"""Messages between the customer, the maker and the studio."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import records
from services.intake.domain.commissions import State
from services.intake.domain.messages import SHOWN_AT_MOST, WITHIN, check_may_write
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text, from_fact, to_fact
from shared.auth.roles import Caller
from shared.contracts.commissions import MessageSent
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.ids import Ids
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


@dataclass(frozen=True)
class Thread:
    """What was written, oldest first; `earlier` is how many more there were before."""

    record: CommissionRecord
    messages: tuple[Text, ...]
    earlier: int

    @property
    def open(self) -> bool:
        """Whether one may still write."""
        return self.record.commission.state is not State.CLOSED


async def read(tx: Tx, caller: Caller, commission: UUID) -> Thread:
    """The messages of a commission that the caller may see. Raises `not-found`."""
    record = await records.load(tx, caller, commission)
    found = [text for text in record.texts.values() if text.subject is Subject.MESSAGE]
    return Thread(record, tuple(found[-SHOWN_AT_MOST:]), max(0, len(found) - SHOWN_AT_MOST))


async def send(
    tx: Tx, request: RequestKey, caller: Caller, commission: UUID, words: str, *, new_id: Ids, now: datetime
) -> Answer:
    """Keep a message and publish it; the same request sends it once.

    Raises:
        Problem: not-found; conflict after the end; too-many-requests; idempotency-key-reused.
    """
    found, _ = await records.visible(tx, caller, commission)

    async def write() -> Answer:
        lately = await store.written_lately(tx, commission, caller.person, since=now - WITHIN)
        check_may_write(found, lately=lately)
        text = Text(new_id(), commission, caller.person, caller.role, Subject.MESSAGE, words, now)
        await store.keep_text(tx, text)
        tx.touch(commission)
        await publish(tx, [to_fact(text), _sent(text)])
        return Answer(_CREATED, {"message": str(text.text)})

    return await once(tx, request, write)


async def apply_text(tx: Tx, written: TextWritten) -> None:
    """Keep what was written in another service, or here."""
    await store.keep_text(tx, from_fact(written))
    tx.touch(written.commission)


async def erase_text(tx: Tx, text: UUID) -> None:
    """Obey the tombstone: the words go for good."""
    commission = await store.erase_text(tx, text)
    if commission:
        tx.touch(commission)


def _sent(text: Text) -> MessageSent:
    return MessageSent(
        at=text.written_at,
        commission=text.commission,
        message=text.text,
        author=text.author,
        author_role=text.author_role,
    )
