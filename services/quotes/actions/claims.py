"""Something is wrong with a piece: the studio answers, and where the price falls, that is one commit with its money."""

from dataclasses import dataclass
from uuid import UUID

from services.quotes.actions.accounts import issue, next_credit
from services.quotes.actions.context import QuotesContext
from services.quotes.domain import claims
from services.quotes.domain.account import Account
from services.quotes.domain.billing import total_amounts, vat_of
from services.quotes.domain.claims import MONEY, ReportedClaim
from services.quotes.domain.documents import PaperWording
from services.quotes.domain.quote import Quote
from services.quotes.domain.reasons import RemedyReason
from services.quotes.store import claims as store
from services.quotes.store import ledger
from services.quotes.store import quotes as quote_store
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimMade
from shared.contracts.quotes import ClaimAnswered, ClaimRemedy
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class ClaimAnswer:
    """What the studio answers, why, and what the price falls by where it is a reduction."""

    remedy: ClaimRemedy
    words: str
    amount: Money | None = None


@dataclass(frozen=True)
class ClaimOverview:
    """A claim with the money that an answer can move.

    `price` is what the piece costs now, `paid` what was paid and kept, `most` how much of it may go back at most.
    """

    claim: ReportedClaim
    quote: Quote
    account: Account
    price: Money
    paid: Money
    most: Money


async def record_claim(tx: Tx, made: ClaimMade) -> None:
    """Remember that something is wrong with a piece, until the studio has answered."""
    await store.record_claim(tx, made)
    tx.touch(made.commission)


async def read(tx: Tx, caller: Caller, claim: UUID) -> ClaimOverview:
    """A claim with its money, for ops. Raises `not-found`."""
    return await _overview(tx, await _known(tx, caller, claim))


async def answer(
    tx: Tx, caller: Caller, claim: UUID, given: ClaimAnswer, *, context: QuotesContext, wording: PaperWording
) -> ReportedClaim:
    """Answer a claim, with what follows for its money, and publish it. The same answer twice is one.

    Raises:
        Problem: not-found; conflict, if it was answered otherwise, or there is no money that could go back;
            validation-failed for an amount that is missing, or more than was paid.
    """
    known = await _known(tx, caller, claim)
    await quote_store.lock_head(tx, known.commission)
    found = await _overview(tx, await _known(tx, caller, claim))
    if not found.claim.open:
        if _is_same(found.claim, caller, given):
            return found.claim
        raise Problem(ProblemType.CONFLICT, RemedyReason.ANSWERED)
    at, text = context.at, context.new_id()
    amount = _amount(found, given)
    credit = context.new_id()
    written = TextWritten(
        at=at,
        text=text,
        commission=found.claim.commission,
        author=caller.person,
        author_role=caller.role,
        subject=Subject.ANSWER,
        body=given.words,
    )
    answered = ClaimAnswered(
        at=at,
        commission=found.claim.commission,
        claim=claim,
        remedy=given.remedy,
        text=text,
        amount=amount,
        credit_note=credit if amount is not None else None,
        by=caller.ops,
    )
    await store.answer(tx, claim, given.remedy, answer=text, body=given.words, answered_by=caller.person, at=at)
    tx.touch(found.claim.commission)
    await publish(tx, [written, answered])
    if amount is not None:
        agreed = await next_credit(tx, claim, amount, credit=credit, context=context)
        change = claims.credit(found.account, total_amounts(found.quote), vat_of(found.quote).percent, agreed)
        await issue(tx, found.claim.commission, change, context, wording)
    return await _known(tx, caller, claim)


async def _known(tx: Tx, caller: Caller, claim: UUID) -> ReportedClaim:
    found = await store.claim(tx, claim) if caller.role is Role.OPS else None
    if found is None:
        raise not_found()
    return found


async def _overview(tx: Tx, claim: ReportedClaim) -> ClaimOverview:
    account = await ledger.load_account(tx, claim.commission)
    if account is None or account.contract is None:
        raise not_found()
    quote = await quote_store.version(tx, account.contract.current.quote, account.contract.current.version)
    price = total_amounts(quote)
    return ClaimOverview(
        claim,
        quote,
        account,
        claims.price_now(account, price).gross,
        account.applied,
        claims.most(account, price),
    )


def _amount(found: ClaimOverview, given: ClaimAnswer) -> Money | None:
    """What the price falls by; None where it stays."""
    if given.remedy not in MONEY:
        return None
    if not found.most.minor:
        raise Problem(ProblemType.CONFLICT, RemedyReason.NOTHING_PAID)
    if given.remedy is ClaimRemedy.REFUND:
        return claims.refunded(found.account, total_amounts(found.quote))
    if given.amount is None:
        raise invalid(FieldProblem("amount", RemedyReason.AMOUNT_MISSING))
    if given.amount.currency != found.most.currency:
        raise invalid(FieldProblem("amount", Phrase(RemedyReason.CURRENCY, currency=found.most.currency)))
    if not 0 < given.amount.minor < found.most.minor:
        raise invalid(FieldProblem("amount", Phrase(RemedyReason.MORE_THAN_PAID, most=found.most)))
    return given.amount


def _is_same(claim: ReportedClaim, caller: Caller, given: ClaimAnswer) -> bool:
    return (claim.remedy, claim.answered_by, claim.answer_body) == (given.remedy, caller.person, given.words)
