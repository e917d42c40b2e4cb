"""Something is wrong with a piece that has arrived: what the customer and the studio are told of it.

The studio is told at once, when half of its time has passed, and when all of it has; not any more once it has answered.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from services.notify.domain.known import Known
from services.notify.domain.mails import MailDetails
from services.notify.domain.rules import MailRule, Rule, to_the_studio
from shared.contracts.commissions import ClaimMade, ContractWithdrawn
from shared.contracts.notifications import Intent
from shared.contracts.quotes import ClaimAnswered

_CLAIM: Final = "/commissions/{commission}/claim"


def _last_day(made: ClaimMade, known: Known) -> MailDetails:
    return MailDetails(day=known.last_day(made.answer_by, made.at), reason=made.kind.value)


def _how_far(withdrawn: ContractWithdrawn, _known: Known) -> MailDetails:
    return MailDetails(reason="arrived" if withdrawn.arrived else "before")


def _is_answered(made: ClaimMade, known: Known) -> bool:
    return any(each.claim == made.claim for each in known.all(ClaimAnswered))


def _half_time(made: ClaimMade) -> datetime:
    return made.at + (made.answer_by - made.at) / 2


_TOLD_UNTIL_ANSWERED: Final[tuple[tuple[Intent, Callable[[ClaimMade], datetime | None]], ...]] = (
    (Intent.STUDIO_CLAIM, lambda _made: None),
    (Intent.STUDIO_CLAIM_WAITS, _half_time),
    (Intent.STUDIO_CLAIM_LATE, lambda made: made.answer_by),
)


def _unanswered(intent: Intent, not_before: Callable[[ClaimMade], datetime | None]) -> Rule:
    """The studio is told of a claim, unless it has answered it by then."""
    return MailRule(
        ClaimMade,
        intent,
        about=lambda made: made.claim,
        reader=to_the_studio,
        says=_last_day,
        untrue=_is_answered,
        not_before=not_before,
        page=_CLAIM,
        in_order=False,
    )


CLAIM_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        ClaimMade,
        Intent.CLAIM_RECEIVED,
        about=lambda made: made.claim,
        says=_last_day,
        untrue=_is_answered,
        page=_CLAIM,
    ),
    MailRule(
        ClaimAnswered,
        Intent.CLAIM_ANSWERED,
        about=lambda answered: answered.claim,
        says=lambda answered, _known: MailDetails(amount=answered.amount, reason=answered.remedy.value),
        quotes=lambda answered: answered.text,
        page=_CLAIM,
        papers=lambda answered, _known: (answered.credit_note,) if answered.credit_note else (),
    ),
    MailRule(ContractWithdrawn, Intent.CONTRACT_WITHDRAWN, says=_how_far, in_order=False),
)

STUDIO_CLAIM_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        ContractWithdrawn,
        Intent.STUDIO_WITHDRAWN,
        reader=to_the_studio,
        says=_how_far,
        page="/ops/commissions/{commission}",
        in_order=False,
    ),
    *(_unanswered(intent, not_before) for intent, not_before in _TOLD_UNTIL_ANSWERED),
)
