"""How the log of mails reads: states, outcomes and intents in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notify.domain import Delivery, Ending, Mail, MailState
from shared.contracts.notifications import Intent

INTENTS: Final[Mapping[Intent, str]] = {
    Intent.REQUEST_RECEIVED: "The request has arrived",
    Intent.QUOTE_DRAFTED: "A quote is on the desk",
    Intent.COMMISSION_ENDED: "The commission has ended",
}

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
    """One mail as the page shows it. `next_at` is when it is tried next, if it is."""

    id: str
    title: str
    standing: Standing
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
_NO_ADDRESS: Final = Standing("Waiting for an address", "attention", "It is sent as soon as the person is known here.")
_ABOUT_TO: Final = Standing("About to be sent", "", "")


def letter(mail: Mail) -> Letter:
    tried_again = mail.state is MailState.WAITING and mail.address_known and bool(mail.deliveries)
    return Letter(
        id=str(mail.mail),
        title=INTENTS[mail.intent],
        standing=_standing(mail),
        asked_at=mail.asked_at,
        next_at=mail.due_at if tried_again else None,
        attempts=tuple(_attempted(delivery) for delivery in mail.deliveries),
    )


def _standing(mail: Mail) -> Standing:
    if mail.state is MailState.WAITING and not mail.address_known:
        return _NO_ADDRESS
    if mail.state is MailState.WAITING and not mail.deliveries:
        return _ABOUT_TO
    return _STANDINGS[mail.state]


def _attempted(delivery: Delivery) -> Attempted:
    code = f" ({delivery.smtp_code})" if delivery.smtp_code else ""
    return Attempted(
        at=delivery.begun_at,
        address=delivery.address or "erased",
        ending=f"{ENDINGS[delivery.ending]}{code}",
    )
