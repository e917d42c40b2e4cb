"""The customer's side of a quote: what is offered, accepting it, and declining it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.quotes.actions.accounts import issue, next_invoice, read_account
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.documents import issue_contract
from services.quotes.domain import billing
from services.quotes.domain.account import Account, Amendment, Contract, Seller
from services.quotes.domain.change_orders import ChangeOrder
from services.quotes.domain.documents import ContractDocument, PaperWording
from services.quotes.domain.guards import check_acceptable, check_answerable, check_nothing_proposed, check_wished
from services.quotes.domain.quote import Decline, Question, Quote, QuotedBrief, QuoteHead, QuoteState
from services.quotes.domain.reasons import QuoteReason
from services.quotes.domain.references import reference_of
from services.quotes.domain.terms import Json, contract_document, guarantee_months, withdrawal_days, without_prose
from services.quotes.store import ledger, texts
from services.quotes.store import quotes as store
from services.quotes.store.change_orders import newest_offered
from services.quotes.store.proposals import proposal
from shared.auth.roles import Caller, Role, only_owner
from shared.contracts.briefs import BriefProposal
from shared.contracts.fact import Fact
from shared.contracts.people import Role as AuthorRole
from shared.contracts.quotes import DeclineReason, QuoteAccepted, QuoteDeclined, QuoteEnd
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class CustomerQuote:
    """What a customer sees of their quote: nothing yet, or the version that was sent last, or the one they accepted.

    `brief` is what they wish, as it is in force; None until it is here, and once it was erased. `proposal` is what they
    wish instead, while the studio has not answered.
    """

    commission: UUID
    quote: Quote | None
    offering: Offering | None
    questions: tuple[Question, ...]
    account: Account | None
    seller: Seller
    brief: QuotedBrief | None = None
    proposal: BriefProposal | None = None
    change: ChangeOrder | None = None
    """The newest change order that they have had."""


Wording = Callable[[Quote, Offering | None, QuotedBrief | None], Json]
"""Says what a quote says, and what it is for, in the language of its reader."""


@dataclass(frozen=True)
class QuoteAcceptance:
    """The version that the customer agrees to, in the language (ISO 639) in which they read it.

    `wording` says what the customer reads; the contract keeps it. `papers` says what the deposit's invoice says.
    `address` is for the invoices; it may be empty.
    """

    version: int
    language: str
    wording: Wording
    papers: PaperWording
    address: str = ""


async def read_customer_quote(tx: Tx, caller: Caller, commission: UUID, context: QuotesContext) -> CustomerQuote:
    """A customer's own quote. Raises `not-found`, for what is somebody else's too."""
    only_owner(caller, await store.owner(tx, commission))
    head = await store.head(tx, commission)
    shown = (head.accepted or head.offered) if head else None
    quote = await store.version(tx, head.quote, shown) if head and shown else None
    return CustomerQuote(
        commission=commission,
        quote=quote,
        offering=await _offering(tx, commission, quote),
        questions=await texts.questions(tx, commission),
        account=await read_account(tx, commission) if quote else None,
        seller=context.seller,
        brief=await store.brief(tx, commission),
        proposal=await proposal(tx, commission),
        change=await newest_offered(tx, commission),
    )


async def accept(tx: Tx, caller: Caller, commission: UUID, given: QuoteAcceptance, context: QuotesContext) -> Quote:
    """Agree to a version: the contract, the deposit's invoice and its posting, and what is published, all in one.

    Accepting again what was accepted changes nothing and has the same answer.

    Raises:
        Problem: not-found; conflict, if it has expired, was replaced, declined or ended, or something else is wished.
    """
    head, quote = await _own_quote(tx, caller, commission, given.version)
    brief = await store.brief(tx, commission)
    if head.accepted is None:
        check_wished(quote, brief.version if brief else 0)
        check_nothing_proposed(quote, commission, await proposal(tx, commission))
    check_acceptable(head, quote, context.at)
    account = await ledger.load_account(tx, commission)
    if quote.state is QuoteState.ACCEPTED or quote.offer is None or account is None:
        return quote
    accepted = replace(quote, state=QuoteState.ACCEPTED, accepted_at=context.at)
    offering = await _offering(tx, commission, quote)
    ordered = without_prose(brief, offering) if brief else None
    contract = _contract(
        accepted, ordered, caller.person, given, given.wording(accepted, offering, ordered), at=context.at
    )
    invoice = await next_invoice(tx, context, days=quote.offer.deposit_days or context.settings.deposit_days)
    change = billing.issue_deposit(account, contract, accepted, quote.offer.deposit, invoice)
    event = QuoteAccepted(
        at=context.at,
        commission=commission,
        quote=quote.quote,
        quote_version=quote.version,
        total=quote.price.total,
        deposit=quote.offer.deposit,
        deposit_due_on=invoice.due_on,
        amendment=contract.current.number,
        guarantee_months=guarantee_months(quote.offer.terms),
        withdrawal_days=withdrawal_days(quote.offer.terms),
        by=caller.witness,
    )
    await store.accept(tx, quote.quote, quote.version, context.at)
    await ledger.add_contract(tx, contract)
    await publish(tx, [event])
    agreed = ContractDocument(contract.current, accepted, offering, context.seller, contract.address, ordered)
    paper = await issue_contract(tx, contract, agreed, context, given.papers)
    await issue(tx, commission, billing.with_contract(change, paper), context, given.papers)
    return accepted


async def decline(
    tx: Tx, caller: Caller, commission: UUID, version: int, *, reason: DeclineReason, words: str, context: QuotesContext
) -> Quote:
    """Say no, with a reason and words if there are any; a quote that was declined stays as it is.

    Raises:
        Problem: not-found; conflict, if it has expired, was replaced, accepted or ended.
    """
    head, quote = await _own_quote(tx, caller, commission, version)
    if quote.decline is not None:
        return quote
    check_answerable(quote, context.at)
    said = Decline(reason, context.new_id() if words else None, words or None)
    await store.end_open(tx, head.quote, at=context.at, reason=QuoteEnd.DECLINED)
    await store.decline(tx, head.quote, version, said)
    tx.touch(commission)
    written: list[Fact] = [_text_written(context, caller, commission, said.text, words)] if said.text else []
    declined = QuoteDeclined(
        at=context.at,
        commission=commission,
        quote=quote.quote,
        quote_version=version,
        reason=reason,
        text=said.text,
        by=caller.witness,
    )
    await publish(tx, [*written, declined])
    return replace(quote, state=QuoteState.DECLINED, decline=said, ended_at=context.at, end_reason=QuoteEnd.DECLINED)


async def _own_quote(tx: Tx, caller: Caller, commission: UUID, version: int) -> tuple[QuoteHead, Quote]:
    """The caller's own quote, nobody else's to change until the commit, and one version of it that was sent."""
    head = await store.lock_head(tx, commission)
    if head is None or caller.role is not Role.CUSTOMER or head.customer != caller.person:
        raise not_found()
    if not 0 < version <= head.newest:
        raise not_found(QuoteReason.NO_VERSION)
    quote = await store.version(tx, head.quote, version)
    if quote.offer is None:
        raise not_found(QuoteReason.NO_VERSION)
    return head, quote


async def _offering(tx: Tx, commission: UUID, quote: Quote | None) -> Offering | None:
    about = quote or await store.brief(tx, commission)
    return await kept(tx, OfferingKey.of(about)) if about else None


def _contract(
    quote: Quote, brief: QuotedBrief | None, customer: UUID, given: QuoteAcceptance, words: Json, *, at: datetime
) -> Contract:
    """What is agreed with this version, as amendment 0."""
    document, digest = contract_document(quote, brief, given.language, words)
    amendment = Amendment(
        number=0,
        quote=quote.quote,
        version=quote.version,
        language=given.language,
        document=document,
        sha256=digest,
        accepted_at=at,
    )
    return Contract(quote.commission, customer, reference_of(quote.commission), given.address, (amendment,))


def _text_written(context: QuotesContext, caller: Caller, commission: UUID, text: UUID, words: str) -> TextWritten:
    return TextWritten(
        at=context.at,
        text=text,
        commission=commission,
        author=caller.person,
        author_role=AuthorRole.CUSTOMER,
        subject=Subject.REASON,
        body=words,
    )
