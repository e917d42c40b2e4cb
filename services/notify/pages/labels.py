"""How the log of mails reads: states, outcomes and intents in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.notify.domain import Addressee, AttemptOutcome, Delivery, Mail, MailState
from shared.contracts.notifications import Intent
from shared.kernel.money import Money

INTENTS: Final[Mapping[Intent, str]] = {
    Intent.REQUEST_RECEIVED: "The request has arrived",
    Intent.QUOTE_DRAFTED: "A quote is on the desk",
    Intent.QUOTE_READY: "The quote can be read",
    Intent.QUOTE_REMINDER: "A reminder of the quote",
    Intent.QUESTION_ANSWERED: "A question is answered",
    Intent.QUOTE_ACCEPTED: "Thanks for the yes, and how the deposit is paid",
    Intent.DEPOSIT_REMINDER: "A reminder of the deposit",
    Intent.MAKING_BEGINS: "The making begins",
    Intent.APPROVAL_ASKED: "An approval is asked for",
    Intent.APPROVAL_REMINDER: "A reminder of the approval",
    Intent.PIECE_DELAYED: "The piece needs longer",
    Intent.BALANCE_DUE: "The piece is made, and how the balance is paid",
    Intent.BALANCE_REMINDER: "A reminder of the balance",
    Intent.PARCEL_SENT: "The parcel is on its way",
    Intent.CERTIFICATE_READY: "The certificate can be read",
    Intent.MESSAGE_RECEIVED: "A message waits",
    Intent.SIGN_IN_ASKED: "A link to sign in by",
    Intent.MAKER_REMINDER: "A reminder of a piece that waits",
    Intent.CANCELLATION_REFUSED: "The cancellation came too late",
    Intent.COMMISSION_CANCELLED: "The commission is cancelled",
    Intent.COMMISSION_ENDED: "The commission has ended",
}

ADDRESSEES: Final[Mapping[Addressee, str]] = {Addressee.CUSTOMER: "The customer", Addressee.MAKER: "The maker"}

_CODES: Final[Mapping[Intent, str]] = {
    Intent.QUOTE_ACCEPTED: "Invoice",
    Intent.DEPOSIT_REMINDER: "Invoice",
    Intent.PARCEL_SENT: "Tracking number",
    Intent.CERTIFICATE_READY: "Serial of the certificate",
}
_ANY_CODE: Final = "Reference"

OUTCOMES: Final[Mapping[AttemptOutcome, str]] = {
    AttemptOutcome.UNDER_WAY: "Under way",
    AttemptOutcome.ACCEPTED: "The mail server took it",
    AttemptOutcome.REFUSED: "Refused for good",
    AttemptOutcome.UNWRITABLE: "No mail can be sent to this address",
    AttemptOutcome.POSTPONED: "The mail server asked us to come back later",
    AttemptOutcome.UNREACHABLE: "The mail server did not answer",
    AttemptOutcome.INTERRUPTED: "Broken off; the mail server may have taken it",
}


@dataclass(frozen=True)
class Status:
    """How a mail stands: a word or two, the colour that repeats it, and what follows or what to do."""

    words: str
    tone: str
    says: str


@dataclass(frozen=True)
class Attempted:
    at: datetime
    address: str
    outcome: str


@dataclass(frozen=True)
class MailEntry:
    """One mail as the page shows it. `details` is what it says, by label; `next_at` when it is tried, if it is."""

    id: str
    title: str
    addressee: str
    status: Status
    details: tuple[tuple[str, date | Money | str], ...]
    requested_at: datetime
    next_at: datetime | None
    attempts: tuple[Attempted, ...]


_STATUSES: Final[Mapping[MailState, Status]] = {
    MailState.WAITING: Status("Waiting", "attention", "It is tried again by itself."),
    MailState.SENDING: Status("Being sent", "", "A mailer has it in hand."),
    MailState.SENT: Status("Sent", "good", ""),
    MailState.REFUSED: Status(
        "Refused", "wrong", "It will not arrive. Reach the customer another way, and ask for an address that works."
    ),
    MailState.GIVEN_UP: Status(
        "Given up", "wrong", "It was tried for as long as we are patient. Reach the customer another way."
    ),
    MailState.REDACTED: Status("Not sent", "", "The person was erased before it was sent."),
}
_AT_THE_BENCH: Final[Mapping[MailState, Status]] = {
    MailState.REFUSED: Status("Refused", "wrong", "It will not arrive. Ask the maker for an address that works."),
    MailState.GIVEN_UP: Status(
        "Given up", "wrong", "It was tried for as long as we are patient. Reach the maker another way."
    ),
}
_NO_ADDRESS: Final = Status("Waiting for an address", "attention", "It is sent as soon as the person is known here.")
_ABOUT_TO: Final = Status("About to be sent", "", "")
_HELD: Final = Status("Held back a little", "", "So that messages which are written together become one mail.")
_NOBODY: Final = Status("Waiting for a maker", "attention", "It is sent as soon as a maker is named.")
_NEVER_NAMED: Final = Status("Given up", "wrong", "No maker was named in all the time that we are patient.")


def entry(mail: Mail) -> MailEntry:
    status = _status(mail)
    tried_again = mail.state is MailState.WAITING and mail.address_known and bool(mail.deliveries)
    return MailEntry(
        id=str(mail.mail),
        title=INTENTS[mail.intent],
        addressee=ADDRESSEES[mail.addressee],
        status=status,
        details=_details(mail),
        requested_at=mail.requested_at,
        next_at=mail.due_at if tried_again or status is _HELD else None,
        attempts=tuple(_attempted(delivery) for delivery in mail.deliveries),
    )


def _details(mail: Mail) -> tuple[tuple[str, date | Money | str], ...]:
    details = mail.details
    everything = (
        ("Day", details.day),
        ("Amount", details.amount),
        (_CODES.get(mail.intent, _ANY_CODE), details.code),
    )
    return tuple((label, value) for label, value in everything if value is not None)


def _status(mail: Mail) -> Status:
    match mail.state:
        case MailState.WAITING if mail.person is None:
            return _NOBODY
        case MailState.WAITING if not mail.address_known:
            return _NO_ADDRESS
        case MailState.WAITING if not mail.deliveries:
            return _HELD if mail.held_until else _ABOUT_TO
        case MailState.GIVEN_UP if mail.person is None:
            return _NEVER_NAMED
        case MailState.REFUSED | MailState.GIVEN_UP if mail.addressee is Addressee.MAKER:
            return _AT_THE_BENCH[mail.state]
        case state:
            return _STATUSES[state]


def _attempted(delivery: Delivery) -> Attempted:
    code = f" ({delivery.smtp_code})" if delivery.smtp_code else ""
    return Attempted(
        at=delivery.begun_at,
        address=delivery.address or "erased",
        outcome=f"{OUTCOMES[delivery.outcome]}{code}",
    )
