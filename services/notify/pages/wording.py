"""How the log of mails reads: states, outcomes and intents in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.notify.domain import Delivery, Ending, Mail, MailState, Reader
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

READERS: Final[Mapping[Reader, str]] = {Reader.CUSTOMER: "The customer", Reader.MAKER: "The maker"}

_CODES: Final[Mapping[Intent, str]] = {
    Intent.QUOTE_ACCEPTED: "Invoice",
    Intent.DEPOSIT_REMINDER: "Invoice",
    Intent.PARCEL_SENT: "Tracking number",
    Intent.CERTIFICATE_READY: "Serial of the certificate",
}
_ANY_CODE: Final = "Reference"

ENDINGS: Final[Mapping[Ending, str]] = {
    Ending.UNDER_WAY: "Under way",
    Ending.ACCEPTED: "The mail server took it",
    Ending.REFUSED: "Refused for good",
    Ending.UNWRITABLE: "No mail can be sent to this address",
    Ending.POSTPONED: "The mail server asked us to come back later",
    Ending.UNREACHABLE: "The mail server did not answer",
    Ending.INTERRUPTED: "Broken off; the mail server may have taken it",
}


@dataclass(frozen=True)
class Standing:
    """How a mail stands: a word or two, the colour that repeats it, and what follows or what to do."""

    words: str
    tone: str
    says: str


@dataclass(frozen=True)
class Attempted:
    at: datetime
    address: str
    ending: str


@dataclass(frozen=True)
class Letter:
    """One mail as the page shows it. `told` is what its letter says, by label; `next_at` when it is tried, if it is."""

    id: str
    title: str
    reader: str
    standing: Standing
    told: tuple[tuple[str, date | Money | str], ...]
    asked_at: datetime
    next_at: datetime | None
    attempts: tuple[Attempted, ...]


_STANDINGS: Final[Mapping[MailState, Standing]] = {
    MailState.WAITING: Standing("Waiting", "attention", "It is tried again by itself."),
    MailState.TAKEN: Standing("Being sent", "", "A mailer has it in hand."),
    MailState.SENT: Standing("Sent", "good", ""),
    MailState.REFUSED: Standing(
        "Refused", "wrong", "It will not arrive. Reach the customer another way, and ask for an address that works."
    ),
    MailState.GIVEN_UP: Standing(
        "Given up", "wrong", "It was tried for as long as we are patient. Reach the customer another way."
    ),
    MailState.REDACTED: Standing("Not sent", "", "The person was erased before it was sent."),
}
_AT_THE_BENCH: Final[Mapping[MailState, Standing]] = {
    MailState.REFUSED: Standing("Refused", "wrong", "It will not arrive. Ask the maker for an address that works."),
    MailState.GIVEN_UP: Standing(
        "Given up", "wrong", "It was tried for as long as we are patient. Reach the maker another way."
    ),
}
_NO_ADDRESS: Final = Standing("Waiting for an address", "attention", "It is sent as soon as the person is known here.")
_ABOUT_TO: Final = Standing("About to be sent", "", "")
_HELD: Final = Standing("Held back a little", "", "So that messages which are written together become one mail.")
_NOBODY: Final = Standing("Waiting for a maker", "attention", "It is sent as soon as a maker is named.")
_NEVER_NAMED: Final = Standing("Given up", "wrong", "No maker was named in all the time that we are patient.")


def letter(mail: Mail) -> Letter:
    standing = _standing(mail)
    tried_again = mail.state is MailState.WAITING and mail.address_known and bool(mail.deliveries)
    return Letter(
        id=str(mail.mail),
        title=INTENTS[mail.intent],
        reader=READERS[mail.reader],
        standing=standing,
        told=_told(mail),
        asked_at=mail.asked_at,
        next_at=mail.due_at if tried_again or standing is _HELD else None,
        attempts=tuple(_attempted(delivery) for delivery in mail.deliveries),
    )


def _told(mail: Mail) -> tuple[tuple[str, date | Money | str], ...]:
    said = mail.said
    everything = (
        ("Day", said.day),
        ("Amount", said.amount),
        (_CODES.get(mail.intent, _ANY_CODE), said.code),
    )
    return tuple((label, value) for label, value in everything if value is not None)


def _standing(mail: Mail) -> Standing:
    match mail.state:
        case MailState.WAITING if mail.person is None:
            return _NOBODY
        case MailState.WAITING if not mail.address_known:
            return _NO_ADDRESS
        case MailState.WAITING if not mail.deliveries:
            return _HELD if mail.held_until else _ABOUT_TO
        case MailState.GIVEN_UP if mail.person is None:
            return _NEVER_NAMED
        case MailState.REFUSED | MailState.GIVEN_UP if mail.reader is Reader.MAKER:
            return _AT_THE_BENCH[mail.state]
        case state:
            return _STANDINGS[state]


def _attempted(delivery: Delivery) -> Attempted:
    code = f" ({delivery.smtp_code})" if delivery.smtp_code else ""
    return Attempted(
        at=delivery.begun_at,
        address=delivery.address or "erased",
        ending=f"{ENDINGS[delivery.ending]}{code}",
    )
