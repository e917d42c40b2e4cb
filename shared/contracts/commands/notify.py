"""Commands that notify carries out."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Result
from shared.contracts.notifications import Intent


class MailAccepted(Result):
    mail: UUID


class SendNow(Command):
    """Write one mail of this intent to this person, once; its outcome comes as a fact."""

    service: ClassVar[str] = "notify"
    result: ClassVar[type[Result]] = MailAccepted

    person: UUID
    intent: Intent
