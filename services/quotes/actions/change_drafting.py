"""A change order is drafted from a proposal, and offered as soon as the bench has said by which day."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.actions.drafting import offering_of, priced
from services.quotes.domain import change_orders, desk
from services.quotes.domain.adjustments import keep_adjustments
from services.quotes.domain.change_orders import ChangeOrder
from services.quotes.domain.quote import Price, Quote, QuotedBrief, QuoteState
from services.quotes.domain.reasons import ChangeOrderReason
from services.quotes.domain.terms import valid_until
from services.quotes.domain.vat import Vat
from services.quotes.store import change_orders as store
from services.quotes.store import ledger
from services.quotes.store import quotes as quote_store
from services.quotes.store.proposals import proposal as proposal_of
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefProposal
from shared.contracts.quotes import ChangeOrderAsked
from shared.kernel.money import Money
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class ChangeOrderDraft:
    """What the studio offers for a proposal: from which step on it changes something, and what is sunk, with its name.

    `until` is when it can be agreed to, where that is to be sooner than usual.
    """

    proposal: UUID
    from_stage: str
    sunk: Money | None = None
    sunk_title: str = ""
    sunk_reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class ChangeBase:
    """What a change order is drafted from: what was accepted, and what is wished instead of the brief in force."""

    accepted: Quote
    offering: Offering
    brief: QuotedBrief
    proposal: BriefProposal


async def ask_to_offer(
    tx: Tx, caller: Caller, commission: UUID, given: ChangeOrderDraft, context: QuotesContext
) -> ChangeOrder:
    """Have a change offered as soon as the bench has said by which day; asked twice for one proposal is asked once.

    Raises:
        NotYet: the document of the offering is not here yet.
        Problem: not-found; validation-failed; conflict, if nothing can be changed, another one is open, or something
            else is proposed by now.
    """
    head = await quote_store.lock_head(tx, commission) if caller.role is Role.OPS else None
    if head is None or head.accepted is None:
        raise not_found(ChangeOrderReason.NOTHING)
    orders = await store.change_orders(tx, commission)
    if is_open := next((each for each in orders if each.state.open), None):
        if is_open.proposal == given.proposal:
            return is_open
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.OPEN_ALREADY)
    change_orders.check_can_be_offered(await ledger.load_account(tx, commission))
    proposal = await proposal_of(tx, commission)
    brief = await quote_store.brief(tx, commission)
    if proposal is None or brief is None or proposal.proposal != given.proposal:
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.PROPOSAL_CHANGED)
    accepted = await quote_store.version(tx, head.quote, head.accepted)
    offering = await offering_of(tx, accepted)
    quote = await _quoted(tx, head.newest + 1, ChangeBase(accepted, offering, brief, proposal), given, context)
    await quote_store.add_version(tx, quote)
    days = quote.conditions.valid_days or offering.pricing.valid_days
    until = valid_until(context.at, days, None, context.zone)
    order = await store.add(
        tx,
        context.new_id(),
        quote,
        proposal,
        before=accepted.version,
        from_stage=given.from_stage,
        at=context.at,
        by=caller.ops,
        until=min(until, given.until or until),
    )
    tx.touch(commission)
    asked = ChangeOrderAsked(
        at=context.at,
        commission=commission,
        change_order=order.change_order,
        number=order.number,
        proposal=order.proposal,
        from_stage=order.from_stage,
        until=order.valid_until,
        by=caller.ops,
    )
    await publish(tx, [asked])
    return order


async def _quoted(tx: Tx, version: int, base: ChangeBase, given: ChangeOrderDraft, context: QuotesContext) -> Quote:
    """The next version: the lines of what is proposed, as the studio had set those that stay, and what is sunk."""
    accepted, offering, brief, proposal = base.accepted, base.offering, base.brief, base.proposal
    if offering.making.stage(given.from_stage) is None:
        raise invalid(FieldProblem("from_stage", ChangeOrderReason.NO_STAGE))
    rounding = context.settings.vat_rounding
    wished = replace(brief, answers=proposal.answers, images=proposal.images, version=brief.version + 1)
    worked_out = await priced(tx, wished, Vat.of_line(accepted.price.vat), rounding)
    price = _with_sunk(
        keep_adjustments(worked_out, offering, accepted.price, rounding=rounding), offering, given, context
    )
    if price.total.minor <= 0:
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.ZERO)
    return replace(
        accepted,
        version=version,
        brief_version=wished.version,
        state=QuoteState.DRAFTED,
        price=price,
        drafted_at=context.at,
        offer=None,
        accepted_at=None,
    )


def _with_sunk(price: Price, offering: Offering, given: ChangeOrderDraft, context: QuotesContext) -> Price:
    if given.sunk is None or not given.sunk.minor:
        return price
    if given.sunk.currency != price.total.currency:
        raise invalid(FieldProblem("sunk", ChangeOrderReason.CURRENCY))
    if not given.sunk_title:
        raise invalid(FieldProblem("sunk_title", ChangeOrderReason.NO_TITLE))
    line = desk.added_line(price, given.sunk_title, given.sunk, given.sunk_reason)
    return desk.add_line(price, offering, line, rounding=context.settings.vat_rounding)
