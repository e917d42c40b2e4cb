"""Change orders: asked for by the studio, agreed to by the customer, and counted once the bench has applied them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.quotes.actions.acceptance import QuoteAcceptance
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.drafting import offering_of
from services.quotes.domain import change_orders
from services.quotes.domain.change_orders import ChangeOrder, ChangeOrderState
from services.quotes.domain.quote import Quote, QuotedBrief, QuoteHead
from services.quotes.domain.reasons import ChangeOrderReason
from services.quotes.domain.terms import contract_document, variation, without_prose
from services.quotes.store import change_orders as store
from services.quotes.store import quotes as quote_store
from services.quotes.store.proposals import proposal as proposal_of
from shared.auth.roles import Caller, Role, only_owner
from shared.contracts.briefs import BriefAnswer, BriefProposal
from shared.contracts.commands.quotes import (
    ChangeOrderEnding,
    EndChangeOrder,
    OfferChangeOrder,
    OfferedChangeOrder,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderEnd,
    ChangeOrderEnded,
    ChangeOrderOffered,
    ChangeRefusal,
)
from shared.kernel.problems import not_found
from shared.offerings.changes import AnswerChange, changed_answers
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class ChangeOrderView:
    """A change order with what it changes, for its page; or what is proposed, while there is none for it.

    `brief` is what is in force, `accepted` what was agreed until now, `changed` what it would be.
    """

    commission: UUID
    order: ChangeOrder | None
    proposal: BriefProposal | None
    brief: QuotedBrief | None
    accepted: Quote
    changed: Quote | None
    offering: Offering
    answers: tuple[AnswerChange, ...]

    @property
    def may_be_offered(self) -> bool:
        """Whether a proposal waits that no open change order is for."""
        return self.proposal is not None and (self.order is None or not self.order.state.open)


async def read(tx: Tx, caller: Caller, commission: UUID) -> ChangeOrderView | None:
    """The newest change order of a commission, for its customer and ops; None where nothing is to be changed.

    Raises:
        Problem: not-found, for what is somebody else's too.
    """
    owner = await quote_store.owner(tx, commission)
    if owner is None:
        raise not_found()
    if caller.role is not Role.OPS:
        only_owner(caller, owner)
    head = await quote_store.head(tx, commission)
    if head is None or head.accepted is None:
        return None
    orders = await store.change_orders(tx, commission)
    order = orders[-1] if orders else None
    if caller.role is not Role.OPS:
        order = await store.newest_offered(tx, commission)
    proposal = await proposal_of(tx, commission) if caller.role is Role.OPS else None
    if order is None and proposal is None:
        return None
    brief = await quote_store.brief(tx, commission)
    shown = order if order is not None and (order.state.open or proposal is None) else None
    before = await quote_store.version(tx, head.quote, shown.before if shown else head.accepted)
    wished = shown.answers if shown else proposal.answers if proposal else None
    return ChangeOrderView(
        commission=commission,
        order=order,
        proposal=proposal,
        brief=brief,
        accepted=before,
        changed=await quote_store.version(tx, head.quote, shown.version) if shown else None,
        offering=await offering_of(tx, before),
        answers=changed_answers(await _answers_before(tx, before, brief), wished) if wished else (),
    )


async def offer(tx: Tx, command: OfferChangeOrder, context: QuotesContext) -> OfferedChangeOrder:
    """Put it before the customer, and publish it, unless the studio does not want that any more."""
    head, order = await locked(tx, command.commission, command.change_order)
    if order.state is not ChangeOrderState.ASKED:
        return OfferedChangeOrder(offered=order.state is ChangeOrderState.OFFERED)
    before = await quote_store.version(tx, head.quote, order.before)
    quote = await quote_store.version(tx, head.quote, order.version)
    offering = await offering_of(tx, quote)
    values = {each.field: str(each.value) for each in order.answers or ()}
    said = change_orders.offer_of(before, order, variation(offering, values), command.ready_by, context.at)
    await quote_store.send_as(
        tx, quote.quote, quote.version, said, ready_by=command.ready_by, ready_by_p50=command.ready_by
    )
    await store.offer(tx, order.change_order, command.before, command.gates)
    tx.touch(command.commission)
    offered = ChangeOrderOffered(
        at=context.at,
        commission=command.commission,
        change_order=order.change_order,
        number=order.number,
        total=quote.price.total,
        difference=quote.price.total.less(before.price.total),
        until=order.valid_until,
        ready_by=command.ready_by,
        before=command.before,
    )
    await publish(tx, [offered])
    return OfferedChangeOrder(offered=True)


async def agree(
    tx: Tx, caller: Caller, commission: UUID, change_order: UUID, given: QuoteAcceptance, *, context: QuotesContext
) -> ChangeOrder:
    """The customer's yes, in the words that they read; it counts once the bench has applied it. Twice is once.

    Raises:
        Problem: not-found; conflict, if it is not with them any more, or has expired.
    """
    head, order = await _own(tx, caller, commission, change_order)
    if order.state is ChangeOrderState.AGREED:
        return order
    change_orders.check_answerable(order, context.at)
    quote = replace(await quote_store.version(tx, head.quote, order.version), accepted_at=context.at)
    brief, offering = await quote_store.brief(tx, commission), await offering_of(tx, quote)
    ordered = ordered_by(brief, order, offering, context.at)
    words = given.wording(quote, offering, ordered)
    document, digest = contract_document(quote, ordered, given.language, words)
    await store.agree(tx, change_order, language=given.language, document=document, sha256=digest, at=context.at)
    tx.touch(commission)
    agreed = ChangeOrderAgreed(
        at=context.at,
        commission=commission,
        change_order=change_order,
        number=order.number,
        at_latest=quote.ready_by or context.today,
        by=caller.witness,
    )
    await publish(tx, [agreed])
    return await _order(tx, commission, change_order)


async def decline(tx: Tx, caller: Caller, commission: UUID, change_order: UUID, context: QuotesContext) -> ChangeOrder:
    """The customer's no: what was agreed before stands. Raises `not-found` and `conflict`."""
    _, order = await _own(tx, caller, commission, change_order)
    if order.end_reason is ChangeOrderEnd.DECLINED:
        return order
    change_orders.check_answerable(order, context.at)
    return await _end(tx, order, ChangeOrderEnd.DECLINED, at=context.at, by=caller.witness)


async def withdraw(tx: Tx, caller: Caller, commission: UUID, change_order: UUID, context: QuotesContext) -> ChangeOrder:
    """The studio takes it back, while nobody has agreed. Raises `not-found` and `conflict`."""
    if caller.role is not Role.OPS:
        raise not_found()
    _, order = await locked(tx, commission, change_order)
    if order.end_reason is ChangeOrderEnd.WITHDRAWN:
        return order
    if order.state is not ChangeOrderState.ASKED:
        change_orders.check_answerable(order, order.asked_at)
    return await _end(tx, order, ChangeOrderEnd.WITHDRAWN, at=context.at, by=caller.ops)


async def end(tx: Tx, command: EndChangeOrder, context: QuotesContext) -> ChangeOrderEnding:
    """End it by its last moment, or since the bench does not apply it; a yes that came first stays a yes."""
    _, order = await locked(tx, command.commission, command.change_order)
    if command.end is ChangeOrderEnd.LAPSED and order.state is ChangeOrderState.AGREED:
        return ChangeOrderEnding(agreed=True)
    if order.state.open:
        await _end(tx, order, command.end, at=context.at, refusal=command.refusal)
    return ChangeOrderEnding()


async def end_with_its_commission(tx: Tx, commission: UUID, at: datetime) -> None:
    """The commission is cancelled: what is open comes to nothing, whatever was agreed."""
    for order in await store.change_orders(tx, commission):
        if order.state.open:
            await _end(tx, order, ChangeOrderEnd.CANCELLED, at=at)


async def follow_proposal(tx: Tx, commission: UUID, at: datetime) -> None:
    """What is offered for a proposal that is not wished any more is withdrawn; a yes stays."""
    proposal = await proposal_of(tx, commission)
    for order in await store.change_orders(tx, commission):
        open_ = order.state in {ChangeOrderState.ASKED, ChangeOrderState.OFFERED}
        if open_ and (proposal is None or proposal.proposal != order.proposal):
            await _end(tx, order, ChangeOrderEnd.WITHDRAWN, at=at)


def ordered_by(brief: QuotedBrief | None, order: ChangeOrder, offering: Offering, at: datetime) -> QuotedBrief | None:
    """What is ordered with the change; None where it was erased."""
    if brief is None or order.answers is None:
        return None
    version = brief.version if brief.answers == order.answers else brief.version + 1
    return without_prose(replace(brief, version=version, answers=order.answers, written_at=at), offering)


async def _answers_before(tx: Tx, accepted: Quote, brief: QuotedBrief | None) -> Sequence[BriefAnswer]:
    """What was ordered when this version was agreed; what is in force, where that is not here."""
    earlier = await quote_store.earlier_answers(tx, accepted.commission, accepted.brief_version)
    return earlier if earlier is not None else brief.answers if brief else ()


async def _end(
    tx: Tx,
    order: ChangeOrder,
    end: ChangeOrderEnd,
    *,
    at: datetime,
    refusal: ChangeRefusal | None = None,
    by: UUID | None = None,
) -> ChangeOrder:
    await store.end(tx, order.change_order, end, refusal, at)
    tx.touch(order.commission)
    ended = ChangeOrderEnded(
        at=at,
        commission=order.commission,
        change_order=order.change_order,
        number=order.number,
        end=end,
        offered=order.state is not ChangeOrderState.ASKED,
        refusal=refusal,
        by=by,
    )
    await publish(tx, [ended])
    return await _order(tx, order.commission, order.change_order)


async def _own(tx: Tx, caller: Caller, commission: UUID, change_order: UUID) -> tuple[QuoteHead, ChangeOrder]:
    head, order = await locked(tx, commission, change_order)
    if caller.role is not Role.CUSTOMER or head.customer != caller.person or order.state is ChangeOrderState.ASKED:
        raise not_found()
    return head, order


async def locked(tx: Tx, commission: UUID, change_order: UUID) -> tuple[QuoteHead, ChangeOrder]:
    head = await quote_store.lock_head(tx, commission)
    if head is None:
        raise not_found()
    return head, await _order(tx, commission, change_order)


async def _order(tx: Tx, commission: UUID, change_order: UUID) -> ChangeOrder:
    orders = await store.change_orders(tx, commission)
    found = next((each for each in orders if each.change_order == change_order), None)
    if found is None:
        raise not_found(ChangeOrderReason.NOTHING)
    return found
