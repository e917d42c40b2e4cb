"""Commands that notify carries out."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Result
from shared.contracts.notifications import Intent
from shared.kernel.money import Money


class MailAccepted(Result):
    mail: UUID


class SendNow(Command[MailAccepted]):
    """Write one mail of this intent to this person, once; its outcome comes as a fact.

    `about` tells two mails of one intent apart; `day`, `amount` and `code` are what the mail says: see `Intent`.
    """

    service: ClassVar[str] = "notify"

    person: UUID
    intent: Intent
    about: UUID | None = None
    day: date | None = None
    amount: Money | None = None
    code: str | None = None
