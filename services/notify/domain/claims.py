"""Something is wrong with a piece that has arrived: what the customer and the studio are told of it.

The studio is told at once, when half of its time has passed, and when all of it has; not any more once it has answered.
"""

from datetime import datetime
from typing import Final

from services.notify.domain.known import Known
from services.notify.domain.mails import Addressee, MailDetails
from services.notify.domain.rules import MailRule, Rule
from shared.contracts.commissions import ClaimMade, ContractWithdrawn
from shared.contracts.fact import CommissionFact
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


def _to_the_studio(_fact: CommissionFact) -> Addressee:
    return Addressee.STUDIO


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
        reader=_to_the_studio,
        says=_how_far,
        page="/ops/commissions/{commission}",
        in_order=False,
    ),
    MailRule(
        ClaimMade,
        Intent.STUDIO_CLAIM,
        about=lambda made: made.claim,
        reader=_to_the_studio,
        says=_last_day,
        untrue=_is_answered,
        page=_CLAIM,
        in_order=False,
    ),
    MailRule(
        ClaimMade,
        Intent.STUDIO_CLAIM_WAITS,
        about=lambda made: made.claim,
        reader=_to_the_studio,
        says=_last_day,
        untrue=_is_answered,
        not_before=_half_time,
        page=_CLAIM,
        in_order=False,
    ),
    MailRule(
        ClaimMade,
        Intent.STUDIO_CLAIM_LATE,
        about=lambda made: made.claim,
        reader=_to_the_studio,
        says=_last_day,
        untrue=_is_answered,
        not_before=lambda made: made.answer_by,
        page=_CLAIM,
        in_order=False,
    ),
)
