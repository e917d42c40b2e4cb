"""What a customer and the studio may do with a version of a quote at this moment, and what they are told if not."""

from datetime import datetime

from services.quotes.domain.quote import Quote, QuoteHead, QuoteState
from shared.contracts.quotes import QuoteEnd
from shared.kernel.problems import Problem, ProblemType

_SEE = "Load the page again: it shows how things stand."

_ENDED = {
    QuoteEnd.LAPSED: "This quote has lapsed.",
    QuoteEnd.WITHDRAWN: "You have taken this commission back, so its quote has ended.",
    QuoteEnd.DECLINED: "You have declined this quote.",
    QuoteEnd.EXPIRED: "This quote has expired.",
    QuoteEnd.CANCELLED: "This commission was cancelled.",
}


def check_acceptable(head: QuoteHead, quote: Quote, now: datetime) -> None:
    """Let pass what can be accepted, and what this customer accepted before.

    Raises:
        Problem: conflict, with the reason.
    """
    if head.accepted is not None and head.accepted != quote.version:
        raise Problem(ProblemType.CONFLICT, f"You have accepted version {head.accepted} of this quote.", remedy=_SEE)
    if quote.state is not QuoteState.ACCEPTED:
        check_answerable(quote, now)


def check_answerable(quote: Quote, now: datetime) -> None:
    """Let pass what is with the customer now and can be accepted, declined or asked about.

    Raises:
        Problem: conflict, with the reason.
    """
    if quote.state is QuoteState.ACCEPTED:
        raise Problem(ProblemType.CONFLICT, "You have accepted this quote.", remedy=_SEE)
    if quote.state is QuoteState.REPLACED:
        remedy = "Look at the newer one, and decide on that."
        raise Problem(ProblemType.CONFLICT, "A newer version of this quote has come meanwhile.", remedy=remedy)
    if quote.end_reason:
        raise Problem(ProblemType.CONFLICT, _ENDED[quote.end_reason], remedy="You may ask anew at any time.")
    if quote.expired_at(now):
        remedy = "Write to the studio if you would still like it; prices and hours may have changed."
        raise Problem(ProblemType.CONFLICT, "This quote has expired: its last day has gone by.", remedy=remedy)


def check_changeable(quote: Quote, version: int) -> None:
    """Let pass what the studio may still change: the newest version, as long as the customer has not decided.

    Raises:
        Problem: conflict, with the reason.
    """
    if quote.state is QuoteState.ACCEPTED:
        raise Problem(ProblemType.CONFLICT, "The customer has accepted this quote; it never changes.", remedy=_SEE)
    if not quote.state.open:
        raise Problem(ProblemType.CONFLICT, "This quote has ended.", remedy=_SEE)
    if quote.version != version:
        detail = f"Version {quote.version} is the newest one; you were looking at version {version}."
        raise Problem(ProblemType.CONFLICT, detail, remedy="Load the page again, and look at what has changed.")
