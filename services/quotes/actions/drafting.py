"""The studio's side of a quote: drafted from a brief, checked, and changed with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.quotes.actions.accounts import read_account
from services.quotes.actions.changed_request import ChangedRequest, ProposedChange, changed_request, proposed_change
from services.quotes.actions.context import QuotesContext
from services.quotes.domain.account import Account
from services.quotes.domain.adjustments import NoSuchLineError, adjust_line, restore_line
from services.quotes.domain.guards import check_changeable
from services.quotes.domain.price import OldPrice, old_prices, price
from services.quotes.domain.quote import Price, Question, Quote, QuotedBrief, QuoteHead, QuoteState, QuoteSummary
from services.quotes.domain.reasons import QuoteReason
from services.quotes.domain.sending import Sending, SendingState
from services.quotes.domain.vat import Vat, VatRules
from services.quotes.store import change_orders, names, texts
from services.quotes.store import quotes as store
from services.quotes.store.sending import end_sending, sending
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefAnswer
from shared.contracts.commands.quotes import DraftQuote, QuoteDraft
from shared.contracts.quotes import PriceChange, QuoteDrafted, Redraft
from shared.kernel.ids import Ids
from shared.kernel.money import Money, VatRounding
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, NotYet, Problem, ProblemType, invalid, not_found
from shared.offerings.key import OfferingKey, RefersToOffering
from shared.offerings.model import Offering
from shared.offerings.pricing import BriefMismatchError
from shared.offerings.store import kept, kept_exactly
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class StudioQuote:
    """What ops see of one commission: its brief and its quote, either of which may still be on its way.

    `erased_at` is when the brief was erased; there is none any more then. `offered` is the version that the customer
    has while a newer one is still a draft. `account` is its money, once there is any. `change` is what is wished
    otherwise than when it was worked out before, `sending` what is being sent, or was not, `proposal` what is proposed.
    """

    brief: QuotedBrief | None
    erased_at: datetime | None
    quote: Quote | None
    offering: Offering | None
    old_prices: tuple[OldPrice, ...] = ()
    offered: Quote | None = None
    customer_name: str | None = None
    customer_erased: bool = False
    customer_nameless: bool = False
    questions: tuple[Question, ...] = ()
    account: Account | None = None
    change: ChangedRequest | None = None
    sending: Sending | None = None
    proposal: ProposedChange | None = None
    to_change: bool = False
    """Something else than what was accepted is proposed, offered or agreed."""

    @property
    def answers(self) -> Sequence[BriefAnswer]:
        """What the brief says, as far as it is here."""
        return self.brief.answers if self.brief else ()


@dataclass(frozen=True)
class LineAdjustment:
    """A line of the version that somebody looked at, its new amount without VAT, and why, for the customer to read."""

    version: int
    line: str
    amount: Money
    reason: str


@dataclass(frozen=True)
class Drafting:
    """How a version came about: what ops changed, and who of them; nothing of it where the life cycle wants it."""

    redraft: Redraft | None = None
    change: PriceChange | None = None
    by: UUID | None = None


async def draft_quote(
    tx: Tx, command: DraftQuote, *, new_id: Ids, at: datetime, vat: VatRules, rounding: VatRounding
) -> QuoteDraft:
    """Draft a new version of the commission's quote from its newest brief, and publish it.

    Raises:
        NotYet: the brief, its customer, or the document of its offering, is not here yet.
        Problem: conflict, if the brief was erased or does not answer what its price needs, or one is accepted.
    """
    brief = await _brief(tx, command)
    if await store.owner(tx, command.commission) is None:
        raise NotYet(QuoteReason.CUSTOMER_ON_ITS_WAY)
    country = await store.delivery_country(tx, command.commission)
    worked_out = await priced(tx, brief, vat.of(country), rounding)
    await store.make_quote(tx, new_id(), command.commission)
    head = await _head(tx, command.commission)
    if head.accepted is not None:
        raise Problem(ProblemType.CONFLICT, QuoteReason.ACCEPTED_FOR_GOOD)
    await store.preview(tx, head.quote, command)
    quote = Quote(
        quote=head.quote,
        version=head.newest + 1,
        commission=command.commission,
        brief_version=brief.version,
        craft=brief.craft,
        offering=brief.offering,
        offering_version=brief.offering_version,
        state=QuoteState.DRAFTED,
        price=worked_out,
        drafted_at=at,
    )
    await add(tx, quote, Drafting())
    return QuoteDraft(quote=quote.quote, quote_version=quote.version, total=worked_out.total)


async def adjust(
    tx: Tx, caller: Caller, commission: UUID, given: LineAdjustment, *, at: datetime, rounding: VatRounding
) -> Quote:
    """Draft a new version in which one line has another amount, and publish it. A version that was sent stays valid.

    Raises:
        Problem: not-found; validation-failed, if there is no such line; conflict, if somebody was quicker.
    """
    quote, offering = await changeable(tx, caller, commission, given.version)
    if given.amount.currency != quote.price.total.currency:
        currency = quote.price.total.currency
        raise invalid(FieldProblem("amount", Phrase(QuoteReason.CURRENCY, currency=currency)))
    try:
        changed = adjust_line(quote.price, offering, given.line, given.amount, given.reason, rounding=rounding)
    except NoSuchLineError as error:
        raise _no_such_line() from error
    change = _change(quote.price, changed, given.line)
    return await redrafted(tx, quote, changed, at, Drafting(Redraft.PRICE_CHANGED, change, caller.ops))


async def restore(
    tx: Tx, caller: Caller, commission: UUID, version: int, *, line: str, at: datetime, rounding: VatRounding
) -> Quote:
    """Draft a new version in which one line is again what the offering's prices make it, and publish it.

    Raises:
        Problem: not-found; validation-failed, if there is no such adjustment; conflict, if somebody was quicker.
    """
    quote, offering = await changeable(tx, caller, commission, version)
    try:
        changed = restore_line(quote.price, offering, line, rounding=rounding)
    except NoSuchLineError as error:
        raise _no_such_line() from error
    change = _change(quote.price, changed, line)
    return await redrafted(tx, quote, changed, at, Drafting(Redraft.PRICE_RESTORED, change, caller.ops))


async def revise(tx: Tx, caller: Caller, commission: UUID, version: int, *, at: datetime) -> Quote:
    """Draft the version that was sent once more, with the same lines; a draft that is there stays the one there is.

    Raises:
        Problem: not-found; conflict, if the customer has decided or somebody was quicker.
    """
    quote, _ = await changeable(tx, caller, commission, version)
    if quote.state is QuoteState.DRAFTED:
        return quote
    return await redrafted(tx, quote, quote.price, at, Drafting(Redraft.NOTHING, by=caller.ops))


async def read_studio_quote(tx: Tx, caller: Caller, commission: UUID, context: QuotesContext) -> StudioQuote:
    """A commission's brief and quote, for ops, with what should be looked at before it is sent.

    Raises:
        Problem: not-found, where quotes has never heard of the commission.
    """
    brief = await store.brief(tx, commission)
    head = await store.head(tx, commission)
    erased_at = await store.erased_at(tx, commission)
    if caller.role is not Role.OPS or not (brief or head or erased_at):
        raise not_found(QuoteReason.NO_BRIEF)
    quote = await store.version(tx, head.quote, head.accepted or head.newest) if head and head.newest else None
    about = quote or brief
    offering = await kept(tx, OfferingKey.of(about)) if about else None
    undecided = quote is None or quote.state is QuoteState.DRAFTED
    old = (
        old_prices(offering, brief.answers, context.today, context.settings.commodity_days)
        if brief and offering and undecided
        else ()
    )
    named = (await names.names(tx, [commission]))[commission]
    return StudioQuote(
        brief=brief,
        erased_at=erased_at,
        quote=quote,
        offering=offering,
        old_prices=old,
        offered=await _offered(tx, head, quote),
        customer_name=named.customer_name,
        customer_erased=named.customer_erased,
        customer_nameless=named.customer_nameless,
        questions=await texts.questions(tx, commission),
        account=await read_account(tx, commission) if quote else None,
        change=await changed_request(tx, quote, brief) if quote else None,
        sending=await sending(tx, head.quote) if head else None,
        proposal=await proposed_change(tx, commission, brief) if quote and quote.state.open else None,
        to_change=bool(head and head.accepted) and await change_orders.any_to_change(tx, commission),
    )


async def list_quotes(
    tx: Tx,
    caller: Caller,
    *,
    state: QuoteState | None = None,
    among: Sequence[UUID] | None = None,
    before: tuple[datetime, UUID] | None = None,
    at_most: int,
) -> list[QuoteSummary]:
    """Every quote by its accepted or newest version, newest first, for ops; `before` is the last one that was read.

    `among` are the only commissions whose quotes are wanted, where there are such.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    at, quote = before or (None, None)
    return await store.newest(tx, state=state, among=among, before=at, before_quote=quote, at_most=at_most)


async def offerings_of(tx: Tx, made: Iterable[RefersToOffering]) -> Mapping[OfferingKey, Offering]:
    """The offerings that these refer to, each read once, as far as they are kept here."""
    found = {key: await kept(tx, key) for key in {OfferingKey.of(each) for each in made}}
    return {key: offering for key, offering in found.items() if offering}


async def quote_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever a page about the quote of this commission does."""
    return await store.revision(tx, commission)


async def _brief(tx: Tx, command: DraftQuote) -> QuotedBrief:
    brief = await store.brief(tx, command.commission)
    if await store.erased_at(tx, command.commission):
        raise Problem(ProblemType.CONFLICT, QuoteReason.BRIEF_ERASED)
    if brief is None or brief.version < command.brief_version:
        raise NotYet(Phrase(QuoteReason.BRIEF_ON_ITS_WAY, version=command.brief_version))
    return brief


async def priced(tx: Tx, brief: QuotedBrief, vat: Vat, rounding: VatRounding) -> Price:
    """What this brief costs. Raises NotYet without its offering, conflict where it lacks what a line needs."""
    offering = await kept_exactly(tx, OfferingKey.of(brief), brief.offering_sha256)
    if offering is None:
        raise _on_its_way(OfferingKey.of(brief))
    try:
        return price(offering, brief.answers, vat, rounding)
    except BriefMismatchError as error:
        raise Problem(ProblemType.CONFLICT, error.reason) from error


async def _head(tx: Tx, commission: UUID) -> QuoteHead:
    head = await store.lock_head(tx, commission)
    if head is None:
        raise not_found()
    return head


async def _offered(tx: Tx, head: QuoteHead | None, shown: Quote | None) -> Quote | None:
    """What the customer has, where it is another version than the one that ops see."""
    if head is None or head.offered is None or shown is None or head.offered == shown.version:
        return None
    found = await store.version(tx, head.quote, head.offered)
    return found if found.state is QuoteState.SENT else None


async def changeable(tx: Tx, caller: Caller, commission: UUID, version: int) -> tuple[Quote, Offering]:
    """The newest version, which the studio may still change, with its lock until the commit.

    Raises:
        NotYet: the document of its offering is not here yet.
        Problem: not-found; conflict, if the customer has decided or somebody was quicker.
    """
    head = await store.lock_head(tx, commission) if caller.role is Role.OPS else None
    if head is None or not head.newest:
        raise not_found(QuoteReason.NO_QUOTE_YET)
    quote = await store.version(tx, head.quote, head.accepted or head.newest)
    check_changeable(quote, version)
    return quote, await offering_of(tx, quote)


async def offering_of(tx: Tx, made: RefersToOffering) -> Offering:
    """The offering in the version that this is of. Raises NotYet where its document is not here yet."""
    offering = await kept(tx, OfferingKey.of(made))
    if offering is None:
        raise _on_its_way(OfferingKey.of(made))
    return offering


async def redrafted(tx: Tx, quote: Quote, changed: Price, at: datetime, drafting: Drafting) -> Quote:
    """Add the next version, with another price, and publish it."""
    newer = replace(
        quote, version=quote.version + 1, state=QuoteState.DRAFTED, price=changed, drafted_at=at, offer=None
    )
    await add(tx, newer, drafting)
    return newer


def _change(before: Price, after: Price, code: str) -> PriceChange | None:
    """The line as it was and as it is; None where it is gone, because the sum no longer needs the minimum."""
    was, now = before.line(code), after.line(code)
    return PriceChange(line=code, before=was.amount, amount=now.amount) if was and now else None


async def add(tx: Tx, quote: Quote, drafting: Drafting) -> None:
    """Add a drafted version, and publish how it came about."""
    await store.add_version(tx, quote)
    await end_sending(tx, quote.quote, SendingState.WITHDRAWN)
    tx.touch(quote.commission)
    event = QuoteDrafted(
        at=quote.drafted_at,
        commission=quote.commission,
        quote=quote.quote,
        quote_version=quote.version,
        brief_version=quote.brief_version,
        total=quote.price.total,
        redraft=drafting.redraft,
        change=drafting.change,
        by=drafting.by,
    )
    await publish(tx, [event])


def _no_such_line() -> Problem:
    return invalid(FieldProblem("line", QuoteReason.NO_LINE))


def _on_its_way(key: OfferingKey) -> NotYet:
    return NotYet(Phrase(QuoteReason.OFFERING_ON_ITS_WAY, offering=str(key)), retry_after=10)
