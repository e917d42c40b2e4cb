"""The customer's side of a quote: what is offered, accepting it, and declining it."""

from dataclasses import dataclass
from uuid import UUID

from services.quotes.actions.accounts import Books, seller_of, standing
from services.quotes.actions.invoices import ask_for_deposit
from services.quotes.domain.answers import check_acceptable, check_answerable
from services.quotes.domain.money import Contract, Seller, Standing
from services.quotes.domain.quote import Decline, Head, Question, Quote, QuoteState
from services.quotes.domain.terms import contract as agreed
from services.quotes.domain.typed import reference
from services.quotes.settings import Settings
from services.quotes.store import money, texts
from services.quotes.store import quotes as store
from shared.auth.roles import Caller, Role, only_owner
from shared.contracts.fact import Fact
from shared.contracts.people import Role as AuthorRole
from shared.contracts.quotes import DeclineReason, QuoteAccepted, QuoteDeclined, QuoteEnd
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.clock import Clock
from shared.kernel.ids import Ids
from shared.kernel.problems import not_found
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Offered:
    """What a customer sees of their quote: nothing yet, or the version that was sent last, or the one they accepted."""

    commission: UUID
    quote: Quote | None
    craft: Offering | None
    questions: tuple[Question, ...]
    account: Standing | None
    seller: Seller


@dataclass(frozen=True)
class Bench:
    """What an answer of the customer needs besides the transaction.

    `clock` is asked once the quote is locked: whoever waited for the lock may have waited beyond the last day.
    """

    settings: Settings
    new_id: Ids
    clock: Clock

    def books(self) -> Books:
        return Books(self.settings, self.new_id, self.clock())


async def read_offer(tx: Tx, caller: Caller, commission: UUID, settings: Settings) -> Offered:
    """A customer's own quote. Raises `not-found`, for what is somebody else's too."""
    only_owner(caller, await store.owner(tx, commission))
    head = await store.head(tx, commission)
    shown = (head.accepted or head.offered) if head else None
    quote = await store.version(tx, head.quote, shown) if head and shown else None
    return Offered(
        commission=commission,
        quote=quote,
        craft=await _craft(tx, commission, quote),
        questions=await texts.questions(tx, commission),
        account=await standing(tx, commission, quote.price.total.currency) if quote else None,
        seller=seller_of(settings),
    )


async def accept(tx: Tx, caller: Caller, commission: UUID, version: int, *, address: str, bench: Bench) -> Quote:
    """Agree to a version: the contract, the deposit's invoice and its booking, and what is told, all in one.

    Accepting again what was accepted changes nothing and has the same answer.

    Raises:
        Problem: not-found; conflict, if it has expired, was replaced, declined or ended.
    """
    head, quote = await _own(tx, caller, commission, version)
    books = bench.books()
    check_acceptable(head, quote, books.at)
    if quote.state is QuoteState.ACCEPTED or quote.offer is None:
        return quote
    document, digest = agreed(quote)
    contract = Contract(
        commission=commission,
        quote=quote.quote,
        version=version,
        customer=caller.person,
        document=document,
        sha256=digest,
        reference=reference(commission),
        address=address,
        accepted_at=books.at,
    )
    await store.accept(tx, quote.quote, version, books.at)
    await money.agree(tx, contract)
    invoiced = await ask_for_deposit(tx, books, contract, quote, quote.offer.deposit)
    told = QuoteAccepted(
        at=books.at,
        commission=commission,
        quote=quote.quote,
        quote_version=version,
        total=quote.price.total,
        deposit=quote.offer.deposit,
        deposit_due_on=invoiced.due_on,
    )
    await publish(tx, [told, invoiced])
    return await store.version(tx, quote.quote, version)


async def decline(
    tx: Tx, caller: Caller, commission: UUID, version: int, *, reason: DeclineReason, words: str, bench: Bench
) -> Quote:
    """Say no, with a reason and words if there are any; a quote that was declined stays as it is.

    Raises:
        Problem: not-found; conflict, if it has expired, was replaced, accepted or ended.
    """
    head, quote = await _own(tx, caller, commission, version)
    if quote.decline is not None:
        return quote
    books = bench.books()
    check_answerable(quote, books.at)
    said = Decline(reason, books.new_id() if words else None, words or None)
    await store.end_open(tx, head.quote, at=books.at, reason=QuoteEnd.DECLINED)
    await store.decline(tx, head.quote, version, said)
    tx.touch(commission)
    told: list[Fact] = [_written(books, caller, commission, said.text, words)] if said.text else []
    declined = QuoteDeclined(
        at=books.at, commission=commission, quote=quote.quote, quote_version=version, reason=reason, text=said.text
    )
    await publish(tx, [*told, declined])
    return await store.version(tx, quote.quote, version)


async def _own(tx: Tx, caller: Caller, commission: UUID, version: int) -> tuple[Head, Quote]:
    """The caller's own quote, nobody else's to change until the commit, and one version of it that was sent."""
    head = await store.lock_head(tx, commission)
    if head is None or caller.role is not Role.CUSTOMER or head.customer != caller.person:
        raise not_found()
    if not 0 < version <= head.newest:
        raise not_found("This quote has no such version.")
    quote = await store.version(tx, head.quote, version)
    if quote.offer is None:
        raise not_found("This quote has no such version.")
    return head, quote


async def _craft(tx: Tx, commission: UUID, quote: Quote | None) -> Offering | None:
    about = quote or await store.brief(tx, commission)
    return await kept(tx, about.craft, about.craft_version) if about else None


def _written(books: Books, caller: Caller, commission: UUID, text: UUID, words: str) -> TextWritten:
    return TextWritten(
        at=books.at,
        text=text,
        commission=commission,
        author=caller.person,
        author_role=AuthorRole.CUSTOMER,
        subject=Subject.REASON,
        body=words,
    )
