"""One typed function per query of `queries.sql`, on the tables `message` and `message_read` of the service."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from shared.contracts.commissions import MessagesRead
from shared.contracts.texts import Subject, TextWritten
from shared.conversation.model import SHOWN_AT_MOST, Conversation, Message
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).with_name("queries.sql"))


async def record_message(tx: Tx, written: TextWritten) -> bool:
    """Keep a message; whether the text is one."""
    if written.subject is not Subject.MESSAGE:
        return False
    await _QUERIES.record_message.run(
        tx,
        message=written.text,
        commission=written.commission,
        author=written.author,
        author_role=written.author_role.value,
        body=written.body,
        images=list(written.images),
        written_at=written.at,
    )
    return True


async def erase_message(tx: Tx, text: UUID) -> UUID | None:
    """Forget a message; the commission that it was about, if it is here."""
    return await _QUERIES.erase_message.value_or_none(tx, UUID, message=text)


async def record_read(tx: Tx, read: MessagesRead) -> None:
    await _QUERIES.record_read.run(
        tx, commission=read.commission, person=read.person, role=read.role.value, read_until=read.until
    )


async def conversation(tx: Tx, commission: UUID, unread: int) -> Conversation:
    """What was written about a commission, as somebody sees it who has not read so many messages."""
    found = await _QUERIES.messages.rows(tx, Message, commission=commission, at_most=SHOWN_AT_MOST)
    count = len(found)
    if count == SHOWN_AT_MOST:
        count = await _QUERIES.message_count.value(tx, int, commission=commission)
    return Conversation(tuple(reversed(found)), count - len(found), unread)


async def unread(tx: Tx, person: UUID, commissions: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many messages of others this person has not read, by commission; those without any are left out."""
    return dict(await _QUERIES.unread.rows(tx, tuple[UUID, int], person=person, commissions=list(commissions)))
