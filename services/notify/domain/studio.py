"""What the studio is told: which fact becomes which mail to each of its people, as each of them wishes."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.notify.domain.claims import STUDIO_CLAIM_MAILS
from services.notify.domain.known import Known
from services.notify.domain.mails import MailDetails
from services.notify.domain.preferences import OPTIONAL
from services.notify.domain.proposals import STUDIO_PROPOSAL_MAILS
from services.notify.domain.rules import MailRule, Rule, to_the_studio
from shared.contracts.commissions import CommissionConfirmed, CommissionWithdrawn, MessageSent, MessagesRead
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEscalated, Holder, Phase, PhaseEntered
from shared.contracts.notifications import Intent, MailFailed
from shared.contracts.people import Role
from shared.contracts.quotes import QuestionAnswered, QuestionAsked

_NUMBERED: Final = UUID("7c1f64c2-7b0e-5a44-9d62-0a5c1d0b7f3e")

_COMMISSION: Final = "/ops/commissions/{commission}"
_INBOX: Final = "/ops/inbox"
_QUOTE: Final = "/quotes/{commission}"

ENDS_BY_SILENCE: Final = frozenset({Phase.DESK, Phase.OFFERED})
"""Where a commission that waits for the studio lapses or expires if nobody acts."""
WARN_BEFORE: Final = timedelta(days=1)
"""So long before the end somebody is told; where there is less time than twice that, half of it."""

STUDIO_INTENTS: Final = frozenset(OPTIONAL[Role.OPS])
"""Of these no fact is published: they concern nobody but who gets them."""


def _counted(what: str, number: int | None) -> UUID:
    return uuid5(_NUMBERED, f"{what} {number}")


def _warn_at(entered: PhaseEntered) -> datetime | None:
    if entered.due is None:
        return None
    return max(entered.due - WARN_BEFORE, entered.since + (entered.due - entered.since) / 2)


def _ends_by_silence(entered: PhaseEntered) -> bool:
    return entered.holder is Holder.STUDIO and entered.phase in ENDS_BY_SILENCE and not entered.paused


def _all_answered(sent: MessageSent, known: Known) -> bool:
    """It is answered, and so is each message that has come since: the mail tells of them too."""
    told = (each for each in known.all(MessageSent) if each.author_role is not Role.OPS and each.at >= sent.at)
    return all(_answered(each, known) for each in told)


def _answered(sent: MessageSent, known: Known) -> bool:
    """Somebody of the studio has read it, or the maker or the studio has written since."""
    written = any(each.at > sent.at and each.author_role is not Role.CUSTOMER for each in known.all(MessageSent))
    return written or any(each.role is Role.OPS and each.until >= sent.at for each in known.all(MessagesRead))


def _once_confirmed(_sent: MessageSent, known: Known) -> MailDetails | None:
    """Nobody's time is taken by a request whose address nobody has confirmed."""
    return MailDetails() if known.has(CommissionConfirmed) else None


def _question_answered(asked: QuestionAsked, known: Known) -> bool:
    return known.over or any(each.question == asked.question for each in known.all(QuestionAnswered))


def _went_on(entered: PhaseEntered, known: Known) -> bool:
    return known.over or any(each.number > entered.number for each in known.all(PhaseEntered))


def _due(entered: PhaseEntered, known: Known) -> MailDetails:
    return MailDetails(day=known.last_day(entered.due, entered.at)) if entered.due else MailDetails()


STUDIO_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        CommissionConfirmed,
        Intent.STUDIO_REQUEST,
        reader=to_the_studio,
        untrue=lambda _confirmed, known: known.over or known.has(CommissionWithdrawn),
        page=_COMMISSION,
        in_order=False,
    ),
    MailRule(
        QuestionAsked,
        Intent.STUDIO_QUESTION,
        about=lambda asked: asked.question,
        reader=to_the_studio,
        untrue=_question_answered,
        page=_QUOTE,
        in_order=False,
    ),
    MailRule(
        MessageSent,
        Intent.STUDIO_MESSAGE,
        when=lambda sent: sent.author_role is not Role.OPS,
        about=lambda sent: sent.message,
        reader=to_the_studio,
        says=_once_confirmed,
        untrue=_all_answered,
        page=_INBOX,
        gathered=True,
        in_order=False,
    ),
    MailRule(
        PhaseEntered,
        Intent.STUDIO_LAPSING,
        when=_ends_by_silence,
        about=lambda entered: _counted("phase", entered.number),
        reader=to_the_studio,
        says=_due,
        untrue=_went_on,
        not_before=_warn_at,
        page=_QUOTE,
        in_order=False,
    ),
    MailRule(
        CommissionEscalated,
        Intent.STUDIO_ESCALATION,
        about=lambda escalated: _counted(escalated.reason, escalated.number),
        reader=to_the_studio,
        untrue=lambda _escalated, known: known.over,
        page=_COMMISSION,
        in_order=False,
    ),
    *STUDIO_CLAIM_MAILS,
    *STUDIO_PROPOSAL_MAILS,
    MailRule(
        MailFailed,
        Intent.STUDIO_MAIL_FAILED,
        when=lambda failed: failed.intent not in STUDIO_INTENTS,
        about=lambda failed: failed.mail,
        reader=to_the_studio,
        page="/mails/{commission}",
        in_order=False,
    ),
)

STUDIO_FACTS: Final[frozenset[type[CommissionFact]]] = frozenset({MessagesRead, QuestionAnswered, PhaseEntered})
"""What is known besides, for these to be dropped where they are no longer true."""
