"""Commands that notify carries out."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Result
from shared.contracts.notifications import Intent
from shared.kernel.money import Money


class MailAccepted(Result):
    mail: UUID


class SendNow(Command):
    """Write one mail of this intent to this person, once; its outcome comes as a fact.

    `about` tells two mails of one intent apart: the approval, the question, the cancellation that it is about, or the
    command's own id for a reminder. `day`, `amount` and `code` are what the mail says, by intent:

    | intent | day | amount | code |
    |---|---|---|---|
    | quote_ready, quote_reminder | the last day to accept | the total | |
    | quote_accepted, deposit_reminder | the last day to pay | what is left of the deposit | the transfer's reference |
    | making_begins, piece_delayed | ready by | | |
    | balance_due, balance_reminder | | what is left | the transfer's reference |
    | parcel_sent | | | the tracking number |
    | certificate_ready | | | the serial |
    | commission_cancelled | | what goes back | |
    """

    service: ClassVar[str] = "notify"
    result: ClassVar[type[Result]] = MailAccepted

    person: UUID
    intent: Intent
    about: UUID | None = None
    day: date | None = None
    amount: Money | None = None
    code: str | None = None
