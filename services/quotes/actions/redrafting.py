"""What is wished has changed: a new draft from the newer brief, in which lines that ops had set are set as before."""

from dataclasses import replace

from services.quotes.actions import drafting
from services.quotes.actions.change_orders import follow_proposal
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.drafting import Drafting
from services.quotes.domain.adjustments import keep_adjustments
from services.quotes.domain.quote import Quote, QuotedBrief, QuoteState
from services.quotes.store import quotes as store
from services.quotes.store.proposals import keep_proposal
from shared.contracts.briefs import BriefWritten
from shared.contracts.quotes import Redraft
from shared.kernel.problems import Problem
from shared.offerings.key import OfferingKey
from shared.offerings.store import kept
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)


async def keep_brief(tx: Tx, brief: BriefWritten, context: QuotesContext) -> None:
    """Keep a brief; where an older one is quoted already and nobody has accepted, draft the quote again and publish it.

    What was sent in the same moment is withdrawn: it is not what is wished any more. One that cannot be worked out by
    itself stays as it is, and can be neither sent nor accepted.
    """
    head = await store.lock_head(tx, brief.commission)
    await store.keep_brief(tx, brief)
    await keep_proposal(tx, brief.commission, brief.proposal)
    await follow_proposal(tx, brief.commission, context.at)
    tx.touch(brief.commission)
    known = await store.brief(tx, brief.commission)
    if head is None or not head.newest or head.accepted is not None or known is None:
        return
    newest = await store.version(tx, head.quote, head.newest)
    if newest.state.open and newest.brief_version < known.version:
        await _draft_again(tx, newest, known, context)


async def _draft_again(tx: Tx, newest: Quote, brief: QuotedBrief, context: QuotesContext) -> None:
    rounding = context.settings.vat_rounding
    country = await store.delivery_country(tx, brief.commission)
    try:
        priced = await drafting.priced(tx, brief, context.vat_rules.of(country), rounding)
    except Problem as problem:
        log.warning("quote_not_drafted_again", commission=str(brief.commission), problem=problem.type.slug)
        return
    if offering := await kept(tx, OfferingKey.of(brief)):
        priced = keep_adjustments(priced, offering, newest.price, rounding=rounding)
    await store.withdraw_offer(tx, newest.quote, context.at)
    again = replace(
        newest,
        version=newest.version + 1,
        brief_version=brief.version,
        state=QuoteState.DRAFTED,
        price=priced,
        drafted_at=context.at,
        offer=None,
    )
    await drafting.add(tx, again, Drafting(Redraft.BRIEF_CHANGED))
