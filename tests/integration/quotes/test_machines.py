"""Quotes and their money, driven every which way by Hypothesis against PostgreSQL.

Whatever happens in whatever order: no state that there is not, an accepted quote never changes, the ledger balances,
and money is conserved: what came in is what counts plus what went back plus what is still to go back.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from services.quotes.domain.account import Account
from services.quotes.domain.ledger import LedgerAccount
from services.quotes.domain.quote import QuoteState
from services.quotes.domain.references import bank_reference_of
from shared.contracts.commands.quotes import QuoteDraft
from shared.contracts.payments import ReversalReason
from shared.contracts.quotes import ClaimRemedy, QuoteEnd
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.machines import Counted, Loop, dropped, explore, made
from tests.support.quote_settings import settings_of
from tests.support.quotes import Quotes, brief, opened

LIVES = 40
LONG = 45
LINES = ("metal", "bench", "finish", "engraving", "hallmark", "delivery", "minimum")
REFUSED = {ProblemType.CONFLICT, ProblemType.NOT_FOUND, ProblemType.VALIDATION_FAILED}
OPEN = {QuoteState.DRAFTED, QuoteState.SENT}
ENDED = {QuoteState.REPLACED, QuoteState.DECLINED, QuoteState.EXPIRED, QuoteState.CANCELLED}
FOLLOWS = {
    QuoteState.DRAFTED: OPEN | ENDED,
    QuoteState.SENT: {QuoteState.SENT, QuoteState.ACCEPTED} | ENDED,
    QuoteState.ACCEPTED: {QuoteState.ACCEPTED, QuoteState.CANCELLED},
    **{state: {state} for state in ENDED},
}
"""Which state of a version may be seen after which."""


class Ground:
    """The loop and the database that all lives of a machine share."""

    loop: Loop
    database: Database


@pytest.fixture(scope="module")
def ground(postgres: str) -> Iterator[None]:
    """A database of their own, on a loop of their own: machines are ordinary functions."""
    with Loop() as loop:
        dsn = loop.run(made(postgres, "quotes_machines"))
        holder = opened(dsn)
        Ground.loop, Ground.database = loop, loop.run(holder.__aenter__())
        yield
        loop.run(holder.__aexit__(None, None, None))
        loop.run(dropped(postgres, dsn))


class Life(Counted):
    """One commission, and what people and the life cycle may do with its quote."""

    def __init__(self) -> None:
        super().__init__()
        self.quotes = Quotes(Ground.database)
        self.quotes.settings = settings_of(forgiven_minor=2)
        self.commission, self.customer = new_id(), new_id()
        self.draft: QuoteDraft | None = None
        self.seen: dict[int, QuoteState] = {}
        self.agreed: tuple[object, ...] | None = None
        self.ever_paid = 0
        self.run(self.quotes.record_person(self.customer))
        self.run(self.quotes.record_brief(brief(self.commission), self.customer))
        self.begin()

    def begin(self) -> None:
        """Where a life starts."""

    def run(self, coroutine: Any) -> Any:
        return Ground.loop.run(coroutine)

    def try_to(self, act: Callable[[], Awaitable[object]]) -> Any:
        """Do it, or be refused in one of the ways that are defined; anything else fails."""
        try:
            return self.run(act())
        except Problem as problem:
            if problem.type not in REFUSED:
                raise
            return None

    def newest(self) -> int:
        return max(self.seen, default=1)

    @invariant()
    def every_state_follows_the_one_before(self) -> None:
        for version, state in self.run(_states(self.commission)).items():
            before = self.seen.get(version)
            assert before is None or state in FOLLOWS[before], f"version {version}: {before} then {state}"
            self.seen[version] = state
        living = [state for state in self.seen.values() if state in {QuoteState.SENT, QuoteState.ACCEPTED}]
        assert len(living) <= 1, "the customer has one quote at most"

    @invariant()
    def what_was_agreed_never_changes(self) -> None:
        agreed = self.run(_agreed(self.commission))
        assert self.agreed is None or agreed == self.agreed
        self.agreed = agreed

    @invariant()
    def the_books_balance_and_money_is_conserved(self) -> None:
        balances = self.run(_balances(self.commission))
        assert sum(balances.values()) == 0
        came, due_back, went_back = self.run(_moved(self.commission))
        asked = self.run(_asked(self.commission))
        assert came == self.ever_paid
        assert balances[LedgerAccount.BANK] == came - went_back
        assert balances[LedgerAccount.REFUNDS_PAYABLE] == -due_back
        left = asked - balances[LedgerAccount.WRITTEN_OFF] - came + due_back + went_back
        assert balances[LedgerAccount.RECEIVABLE] == left
        assert balances[LedgerAccount.RECEIVABLE] >= 0


class QuoteLife(Life):
    """From the draft to whatever comes of it."""

    @rule()
    def drafted(self) -> None:
        self.draft = self.try_to(lambda: self.quotes.draft(self.commission)) or self.draft

    @rule(line=st.sampled_from(LINES), minor=st.sampled_from((0, 1, 5000, 120000)), back=st.integers(0, 1))
    def adjusted(self, line: str, minor: int, back: int) -> None:
        self.try_to(lambda: self.quotes.adjust(self.commission, self.newest() - back, line, minor))

    @rule(line=st.sampled_from(LINES))
    def restored(self, line: str) -> None:
        self.try_to(lambda: self.quotes.restore(self.commission, self.newest(), line))

    @rule(back=st.integers(0, 1))
    def revised(self, back: int) -> None:
        self.try_to(lambda: self.quotes.revise(self.commission, self.newest() - back))

    @rule(back=st.integers(0, 1))
    def sent(self, back: int) -> None:
        self.try_to(lambda: self.quotes.send(self.commission, self.newest() - back))

    @rule()
    def asked(self) -> None:
        self.try_to(lambda: self.quotes.ask(self.customer, self.commission))

    @precondition(lambda self: len(self.seen) > 2)
    @rule(back=st.integers(0, 2), stranger=st.sampled_from((False, False, False, True)))
    def accepted(self, back: int, stranger: bool) -> None:  # noqa: FBT001 (Hypothesis draws it)
        who = new_id() if stranger else self.customer
        version = self.newest() - back
        before = self.seen.get(version)
        quote = self.try_to(lambda: self.quotes.accept(who, self.commission, version))
        assert quote is None or (before in {QuoteState.SENT, QuoteState.ACCEPTED} and not stranger)
        assert quote is None or quote.offer.valid_until > self.quotes.now or before is QuoteState.ACCEPTED

    @precondition(lambda self: len(self.seen) > 3)
    @rule()
    def declined(self) -> None:
        self.try_to(lambda: self.quotes.decline(self.customer, self.commission, self.newest()))

    @precondition(lambda self: self.draft is not None and len(self.seen) > 4)
    @rule(reason=st.sampled_from((QuoteEnd.LAPSED, QuoteEnd.WITHDRAWN, QuoteEnd.EXPIRED)))
    def expired(self, reason: QuoteEnd) -> None:
        assert self.draft is not None
        draft = self.draft
        ending = self.try_to(lambda: self.quotes.expire(self.commission, draft, reason))
        assert ending.accepted == (QuoteState.ACCEPTED in self.seen.values())

    @precondition(lambda self: self.draft is not None)
    @rule(days=st.integers(1, 20))
    def extended(self, days: int) -> None:
        assert self.draft is not None
        draft, until = self.draft, self.quotes.now + timedelta(days=days)
        self.try_to(lambda: self.quotes.extend(self.commission, draft, until))

    @rule(days=st.sampled_from((0, 0, 1, 5)))
    def time_passes(self, days: int) -> None:
        self.quotes.now += timedelta(days=days, hours=1)

    @precondition(lambda self: QuoteState.ACCEPTED in self.seen.values())
    @rule(percent=st.sampled_from((0, 35, 100)))
    def cancelled(self, percent: int) -> None:
        self.try_to(lambda: self.quotes.cancel(self.commission, percent))


class MoneyLife(Life):
    """From the accepted quote to the last refund."""

    def begin(self) -> None:
        self.run(self.quotes.draft(self.commission))
        self.run(self.quotes.send(self.commission))
        self.run(self.quotes.accept(self.customer, self.commission))

    @rule(minor=st.one_of(st.integers(1, 90000), st.sampled_from((57803, 57802, 57804, 115606))))
    def paid(self, minor: int) -> None:
        payment = self.try_to(lambda: self.quotes.pay(self.commission, minor))
        assert payment.applied.minor + payment.back.minor == minor
        self.ever_paid += minor

    @rule(number=st.integers(1, 3), minor=st.integers(1, 2))
    def paid_by_a_transfer_with_an_id(self, number: int, minor: int) -> None:
        bank = f"{self.commission}-{number}"
        known = self.run(_known(bank))
        payment = self.try_to(lambda: self.quotes.pay(self.commission, minor, bank_reference=bank))
        assert known is None or (payment is None) == (known != minor)
        self.ever_paid += 0 if known else minor

    @rule()
    def paid_what_is_left(self) -> None:
        account = self.run(self.quotes.account(self.commission))
        if account.left.minor:
            self.try_to(lambda: self.quotes.pay(self.commission, account.left.minor))
            self.ever_paid += account.left.minor
            assert not self.run(self.quotes.account(self.commission)).open_invoices

    @rule()
    def balance_asked_for(self) -> None:
        self.try_to(lambda: self.quotes.issue_balance(self.commission))

    @rule()
    def sent_back(self) -> None:
        for refund in self.run(self.quotes.account(self.commission)).refunds[-2:]:
            self.try_to(lambda refund=refund: self.quotes.pay_refund(refund.refund))  # type: ignore[misc]  # a default

    @precondition(lambda self: self.ever_paid > 20000)
    @rule(percent=st.sampled_from((0, 35, 65, 95, 100)))
    def cancelled(self, percent: int) -> None:
        settled = self.try_to(lambda: self.quotes.cancel(self.commission, percent))
        assert settled.refund.minor == max(0, settled.paid.minor - settled.owed.minor)
        assert settled.left.minor == max(0, settled.owed.minor - settled.paid.minor)

    @rule(
        remedy=st.sampled_from(ClaimRemedy),
        minor=st.one_of(st.integers(1, 90000), st.sampled_from((1, 2, 57803, 115605))),
    )
    def claimed(self, remedy: ClaimRemedy, minor: int) -> None:
        """What goes back of the price is never more than what was paid and kept."""
        kept = self.run(self.quotes.account(self.commission)).applied.minor
        owed = self.run(_moved(self.commission))[1]
        claim = self.run(self.quotes.claimed(self.commission))
        self.try_to(lambda: self.quotes.answer_claim(claim, remedy, minor))
        assert self.run(_moved(self.commission))[1] - owed <= max(0, kept)

    @rule(days=st.integers(0, 3))
    def time_passes(self, days: int) -> None:
        self.quotes.now += timedelta(days=days)

    @rule(place=st.integers(0, 4), reason=st.sampled_from(ReversalReason))
    def reversed(self, place: int, reason: ReversalReason) -> None:
        payments = self.run(self.quotes.account(self.commission)).payments
        if place < len(payments):
            payment = payments[-1 - place]
            self.ever_paid -= payment.amount.minor if payment.counts else 0
            self.try_to(lambda: self.quotes.reverse(payment.payment, reason))

    @rule(wrong=st.integers(1, 200000), right=st.integers(1, 200000))
    def mistyped_reversed_and_recorded_rightly(self, wrong: int, right: int) -> None:
        """It ends where a right recording ends: both are tried from here, and one of them is undone."""
        before = self.run(self.quotes.account(self.commission))
        rightly = self.run(self.quotes.pay(self.commission, right))
        expected = _position(self.run(self.quotes.account(self.commission)))
        self.run(self.quotes.reverse(rightly.payment))
        assert _position(self.run(self.quotes.account(self.commission))) == _position(before)
        mistyped = self.run(self.quotes.pay(self.commission, wrong))
        self.run(self.quotes.reverse(mistyped.payment))
        self.run(self.quotes.pay(self.commission, right))
        assert _position(self.run(self.quotes.account(self.commission))) == expected
        self.ever_paid += right


@pytest.mark.timeout(300)
@pytest.mark.parametrize("machine", [QuoteLife, MoneyLife])
@pytest.mark.usefixtures("ground")
def test_whatever_happens_in_whatever_order_the_rules_hold(machine: type[Life]) -> None:
    assert explore(machine, lives=LIVES, steps=LONG) >= 1400


def _position(account: Account) -> tuple[object, ...]:
    """Where an account stands: what is left, what goes back, what is forgiven, and which invoices are open."""
    back = sum(each.amount.minor for each in account.open_refunds)
    return account.left, back, account.forgiven_minor, [each.number for each in account.open_invoices]


async def _states(commission: UUID) -> dict[int, QuoteState]:
    rows = await _rows(
        "SELECT v.version, v.state FROM quote_version AS v INNER JOIN quote AS q USING (quote) WHERE q.commission = $1",
        commission,
    )
    return {row["version"]: QuoteState(row["state"]) for row in rows}


async def _agreed(commission: UUID) -> tuple[object, ...] | None:
    """The contract, and the version and the lines it is about, as the database has them."""
    rows = await _rows(
        "SELECT c.*, a.*, v.total_minor, v.net_minor, v.deposit_minor, v.valid_until, v.offer,"
        " (SELECT array_agg(l.* ORDER BY l.place)::text FROM quote_line AS l"
        "  WHERE l.quote = a.quote AND l.version = a.version) AS lines"
        " FROM contract AS c INNER JOIN contract_amendment AS a USING (commission)"
        " INNER JOIN quote_version AS v ON v.quote = a.quote AND v.version = a.version"
        " WHERE c.commission = $1",
        commission,
    )
    return tuple(rows[0].values()) if rows else None


async def _balances(commission: UUID) -> dict[LedgerAccount, int]:
    rows = await _rows(
        "SELECT account, sum(amount_minor)::bigint AS minor FROM ledger_entry WHERE commission = $1 GROUP BY account",
        commission,
    )
    return dict.fromkeys(LedgerAccount, 0) | {LedgerAccount(row["account"]): row["minor"] for row in rows}


async def _moved(commission: UUID) -> tuple[int, int, int]:
    """What came in and counts, what has to go back, and what went back."""
    [row] = await _rows(
        "SELECT (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE commission = $1 AND reversal IS NULL)::bigint"
        " AS came,"
        " (SELECT coalesce(sum(amount_minor), 0) FROM refund"
        " WHERE commission = $1 AND paid_at IS NULL AND withdrawn_at IS NULL)::bigint AS due,"
        " (SELECT coalesce(sum(amount_minor), 0) FROM refund WHERE commission = $1 AND paid_at IS NOT NULL)::bigint"
        " AS went",
        commission,
    )
    return row["came"], row["due"], row["went"]


async def _asked(commission: UUID) -> int:
    """What all invoices together ask for; a cancellation asks for it instead of those before."""
    rows = await _rows(
        "SELECT coalesce(sum(e.amount_minor), 0)::bigint AS asked FROM ledger_entry AS e"
        " INNER JOIN ledger_transaction AS t ON t.transaction = e.transaction"
        " WHERE e.commission = $1 AND t.kind IN ('invoiced', 'credited') AND e.account = 'receivable'",
        commission,
    )
    asked: int = rows[0]["asked"]
    return asked


async def _known(bank_reference: str) -> int | None:
    rows = await _rows(
        "SELECT amount_minor FROM payment WHERE bank_reference = $1 AND reversal IS NULL",
        bank_reference_of(bank_reference),
    )
    return rows[0]["amount_minor"] if rows else None


async def _rows(sql: str, *values: object) -> list[Any]:
    async with Ground.database.statement() as tx:
        return list(await tx.connection.fetch(sql, *values))
