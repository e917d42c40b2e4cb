"""What a customer and the studio may do with a version of a quote at this moment, and why not."""

from datetime import datetime
from uuid import UUID

from services.quotes.domain.quote import Quote, QuoteHead, QuoteState
from services.quotes.domain.reasons import EndedReason, QuoteReason
from shared.contracts.briefs import BriefProposal
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType


def check_acceptable(head: QuoteHead, quote: Quote, now: datetime) -> None:
    """Let pass what can be accepted, and what this customer accepted before.

    Raises:
        Problem: conflict, with the reason.
    """
    if head.accepted is not None and head.accepted != quote.version:
        raise Problem(ProblemType.CONFLICT, Phrase(QuoteReason.ACCEPTED_VERSION, version=head.accepted))
    if quote.state is not QuoteState.ACCEPTED:
        check_answerable(quote, now)


def check_answerable(quote: Quote, now: datetime) -> None:
    """Let pass what is with the customer now and can be accepted, declined or asked about.

    Raises:
        Problem: conflict, with the reason.
    """
    if quote.state is QuoteState.ACCEPTED:
        raise Problem(ProblemType.CONFLICT, QuoteReason.ACCEPTED_BY_YOU)
    if quote.state is QuoteState.REPLACED:
        raise Problem(ProblemType.CONFLICT, QuoteReason.NEWER_VERSION)
    if quote.end_reason:
        raise Problem(ProblemType.CONFLICT, EndedReason(quote.end_reason.value))
    if quote.expired_at(now):
        raise Problem(ProblemType.CONFLICT, QuoteReason.EXPIRED)


def check_wished(quote: Quote, brief_version: int) -> None:
    """Let pass what was worked out from what the customer wishes now; 0 where their brief is not here.

    Raises:
        Problem: conflict, in words for the customer.
    """
    if quote.state is not QuoteState.ACCEPTED and brief_version > quote.brief_version:
        raise Problem(ProblemType.CONFLICT, QuoteReason.BRIEF_CHANGED)


def check_nothing_proposed(quote: Quote, commission: UUID, proposal: BriefProposal | None) -> None:
    """Let pass what nobody wishes otherwise: a proposed change is answered or taken back before a quote is accepted.

    Raises:
        Problem: conflict, with the way on.
    """
    if quote.state is not QuoteState.ACCEPTED and proposal is not None:
        address = f"/commissions/{commission}/proposal"
        raise Problem(ProblemType.CONFLICT, Phrase(QuoteReason.CHANGE_PROPOSED, address=address))


def check_is_of_brief(quote: Quote, brief_version: int) -> None:
    """The same, in words for the studio."""
    if brief_version > quote.brief_version:
        raise Problem(
            ProblemType.CONFLICT, Phrase(QuoteReason.BRIEF_NEWER, version=brief_version, quoted=quote.brief_version)
        )


def check_changeable(quote: Quote, version: int) -> None:
    """Let pass what the studio may still change: the newest version, as long as the customer has not decided.

    Raises:
        Problem: conflict, with the reason.
    """
    if quote.state is QuoteState.ACCEPTED:
        raise Problem(ProblemType.CONFLICT, QuoteReason.ACCEPTED_FOR_GOOD)
    if not quote.state.open:
        raise Problem(ProblemType.CONFLICT, QuoteReason.ENDED)
    if quote.version != version:
        raise Problem(ProblemType.CONFLICT, Phrase(QuoteReason.NOT_NEWEST, newest=quote.version, version=version))
