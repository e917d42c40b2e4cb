"""What intake tells of messages, for the services that show them."""

from datetime import datetime
from uuid import UUID

from shared.auth.roles import Caller, Role
from shared.contracts.commissions import MessagesRead
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.ids import new_id


def message(
    commission: UUID, words: str, *, at: datetime, by: Caller | None = None, images: tuple[UUID, ...] = ()
) -> TextWritten:
    """A message; from the customer unless somebody is named."""
    return TextWritten(
        at=at,
        text=new_id(),
        commission=commission,
        author=by.person if by else new_id(),
        author_role=by.role if by else Role.CUSTOMER,
        subject=Subject.MESSAGE,
        body=words,
        images=images,
    )


def messages_read(commission: UUID, by: Caller, until: datetime) -> MessagesRead:
    """Somebody has read what the others wrote up to then."""
    return MessagesRead(at=until, commission=commission, person=by.person, role=by.role, until=until)
