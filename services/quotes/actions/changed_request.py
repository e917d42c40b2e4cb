"""What the desk sees of a request that has changed since its quote was worked out before."""

from dataclasses import dataclass
from uuid import UUID

from services.quotes.domain.adjustments import kept_lines
from services.quotes.domain.quote import Quote, QuotedBrief, QuoteState
from services.quotes.store import quotes as store
from services.quotes.store.proposals import proposal
from shared.contracts.briefs import BriefProposal
from shared.offerings.changes import AnswerChange, changed_answers
from shared.postgres.database import Tx


@dataclass(frozen=True)
class ChangedRequest:
    """What differs in the brief of a draft from the one that was quoted before, of which version that was.

    `answers` is None where that version did not come here. `kept` are the lines that ops had set, by their codes.
    """

    before: int
    answers: tuple[AnswerChange, ...] | None
    kept: frozenset[str]


async def changed_request(tx: Tx, quote: Quote, brief: QuotedBrief | None) -> ChangedRequest | None:
    """What has changed since the quote was worked out before; None where nothing has, or nobody needs to look."""
    if brief is not None and brief.version < quote.brief_version:  # the change came while this was read
        brief = await store.brief(tx, quote.commission)
    if quote.state is not QuoteState.DRAFTED or brief is None or brief.version != quote.brief_version:
        return None
    found = await store.quoted_before(tx, quote)
    if found is None:
        return None
    number, version = found
    before = await store.version(tx, quote.quote, number)
    answers = await store.earlier_answers(tx, quote.commission, version)
    changes = changed_answers(answers, brief.answers) if answers is not None else None
    return ChangedRequest(version, changes, kept_lines(quote.price, before.price))


@dataclass(frozen=True)
class ProposedChange:
    """What is proposed and not answered yet, and which answers differ in it."""

    proposal: BriefProposal
    answers: tuple[AnswerChange, ...]
    pictures_changed: bool


async def proposed_change(tx: Tx, commission: UUID, brief: QuotedBrief | None) -> ProposedChange | None:
    """What is proposed beside the brief in force."""
    found = await proposal(tx, commission)
    if found is None or brief is None:
        return None
    return ProposedChange(found, changed_answers(brief.answers, found.answers), found.images != brief.images)
