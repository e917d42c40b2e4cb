"""A change that is proposed while a quote is offered: what the customer and the studio are told of it."""

from typing import Final

from services.notify.domain.known import Known
from services.notify.domain.mails import Addressee
from services.notify.domain.rules import MailRule, Rule
from shared.contracts.commissions import ChangeProposalClosed, ChangeProposed, ProposalOutcome
from shared.contracts.fact import CommissionFact
from shared.contracts.notifications import Intent

_PROPOSAL: Final = "/commissions/{commission}/proposal"


def _is_closed(proposed: ChangeProposed, known: Known) -> bool:
    return known.over or any(each.proposal == proposed.proposal for each in known.all(ChangeProposalClosed))


def _to_the_studio(_fact: CommissionFact) -> Addressee:
    return Addressee.STUDIO


PROPOSAL_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        ChangeProposalClosed,
        Intent.CHANGE_REFUSED,
        when=lambda closed: closed.outcome is ProposalOutcome.REFUSED,
        about=lambda closed: closed.proposal,
        untrue=lambda _closed, known: known.over,
        quotes=lambda closed: closed.text,
        page=_PROPOSAL,
    ),
)

STUDIO_PROPOSAL_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        ChangeProposed,
        Intent.STUDIO_PROPOSAL,
        when=lambda proposed: proposed.way is None,
        about=lambda proposed: proposed.proposal,
        reader=_to_the_studio,
        untrue=_is_closed,
        page=_PROPOSAL,
        in_order=False,
    ),
)
