"""Messages between the customer, the maker and the studio: their pictures, and who has read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import pictures, records
from services.intake.domain.messages import SHOWN_AT_MOST, WITHIN, check_may_write, check_pictures
from services.intake.domain.pictures import StoredPicture, no_such_picture
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text, from_fact, to_fact
from shared.auth.roles import Caller
from shared.contracts.commissions import MessageSent, MessagesRead
from shared.contracts.fact import Fact
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.ids import Ids
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


@dataclass(frozen=True)
class NewMessage:
    """What somebody wants to write. `pictures` come with it, `kept` are pictures that were sent before and wait."""

    words: str
    pictures: Sequence[StoredPicture] = ()
    kept: Sequence[UUID] = ()

    @property
    def images(self) -> tuple[UUID, ...]:
        """Every picture, in the order in which they are shown."""
        return (*self.kept, *(picture.image for picture in self.pictures))


@dataclass(frozen=True)
class Thread:
    """What was written, oldest first; `earlier` is how many more there were before. `unread`: by the caller."""

    record: CommissionRecord
    messages: tuple[Text, ...]
    earlier: int
    unread: int


async def read(tx: Tx, caller: Caller, commission: UUID) -> Thread:
    """The messages of a commission that the caller takes part in. Raises `not-found`."""
    record = await records.complete(tx, *await records.conversing(tx, caller, commission))
    found = [text for text in record.texts.values() if text.subject is Subject.MESSAGE]
    unread = await store.unread(tx, commission, caller.person)
    return Thread(record, tuple(found[-SHOWN_AT_MOST:]), max(0, len(found) - SHOWN_AT_MOST), unread)


async def mark_read(tx: Tx, caller: Caller, commission: UUID, now: datetime) -> None:
    """The caller has read all that the others wrote so far; published where that is news. Raises `not-found`."""
    await records.confirmed(tx, caller, commission)
    await publish(tx, await _read(tx, caller, commission, now))


async def send(
    tx: Tx, request: RequestKey, caller: Caller, commission: UUID, new: NewMessage, *, new_id: Ids, now: datetime
) -> Answer:
    """Keep a message and publish it; the same request sends it once. Who answers has read what was written before.

    Raises:
        Problem: not-found; validation-failed for too many pictures, or one that is gone; not-signed-in if the person
            is; too-many-requests; idempotency-key-reused.
    """
    await records.confirmed(tx, caller, commission)
    images = check_pictures(new.images)

    async def write() -> Answer:
        lately = await store.written_lately(tx, commission, caller.person, since=now - WITHIN)
        check_may_write(lately=lately)
        text = Text(
            text=new_id(),
            commission=commission,
            author=caller.person,
            author_role=caller.role,
            subject=Subject.MESSAGE,
            body=new.words,
            written_at=now,
            images=images,
        )
        await keep(tx, text, new, now)
        await publish(tx, [to_fact(text), *await _read(tx, caller, commission, now), _sent(text)])
        return Answer(_CREATED, {"message": str(text.text)})

    return await once(tx, request, write)


async def keep(tx: Tx, text: Text, new: NewMessage, now: datetime) -> None:
    """Keep what somebody wrote, with its pictures.

    Raises:
        Problem: validation-failed for a picture that is gone; not-signed-in for who was erased.
    """
    await pictures.check_here(tx, text.author)
    await _attach(tx, text, new, now)
    await store.keep_text(tx, text)
    tx.touch(text.commission)


async def apply_text(tx: Tx, written: TextWritten) -> None:
    """Keep what was written in another service, or here."""
    await store.keep_text(tx, from_fact(written))
    tx.touch(written.commission)


async def erase_text(tx: Tx, text: UUID) -> None:
    """Obey the tombstone: the words and their pictures go for good."""
    commission = await store.erase_text(tx, text)
    if commission:
        tx.touch(commission)


async def _attach(tx: Tx, text: Text, new: NewMessage, now: datetime) -> None:
    """Those that wait come first: a new one may take the place of the oldest that waits."""
    of_text = {"owner": text.author, "commission": text.commission, "message": text.text}
    if set(new.kept) - await store.attach_images(tx, new.kept, **of_text):
        raise no_such_picture("/images")
    for picture in new.pictures:
        await pictures.keep(tx, picture, now)
    await store.attach_images(tx, [picture.image for picture in new.pictures], **of_text)


async def _read(tx: Tx, caller: Caller, commission: UUID, now: datetime) -> list[Fact]:
    until = await store.mark_read(tx, commission, caller.person)
    if until is None:
        return []
    tx.touch(commission)
    return [MessagesRead(at=now, commission=commission, person=caller.person, role=caller.role, until=until)]


def _sent(text: Text) -> MessageSent:
    return MessageSent(
        at=text.written_at,
        commission=text.commission,
        message=text.text,
        author=text.author,
        author_role=text.author_role,
    )
