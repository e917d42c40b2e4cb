"""What tests do with the money of a commission, as the doors of quotes would."""

from datetime import timedelta
from uuid import UUID

from services.quotes.actions import claims, drafting, invoices, payments, unmatched
from services.quotes.actions.claims import ClaimAnswer
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.payments import PaymentCreate
from services.quotes.actions.unmatched import UnmatchedCreate
from services.quotes.documents import Papers, papers_of
from services.quotes.domain.account import Account, Payment, Refund
from services.quotes.domain.claims import ReportedClaim
from services.quotes.domain.unmatched import UnmatchedPayment
from shared.auth.roles import Caller, Role
from shared.contracts.commands.quotes import IssueBalance, IssuedInvoice, SettleCancellation, Settlement
from shared.contracts.commissions import ClaimKind, ClaimMade
from shared.contracts.payments import ReversalReason
from shared.contracts.quotes import ClaimRemedy, QuoteEnd
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database, Tx
from shared.temporal.activities import once
from tests.support import web
from tests.support.quote_settings import settings_of

OPS = Caller(new_id(), Role.OPS, new_id())


class QuotesMoney:
    """Invoices, payments, refunds and cancellations. `now` may be moved."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = settings_of()
        self.now = web.NOW

    @property
    def papers(self) -> Papers:
        return papers_of(self.settings)

    @property
    def context(self) -> QuotesContext:
        return QuotesContext(self.settings, new_id, lambda: self.now)

    async def issue_balance(self, commission: UUID) -> IssuedInvoice:
        asked = IssueBalance(id=new_id(), commission=commission)

        async def action(tx: Tx, given: IssueBalance) -> IssuedInvoice:
            return await invoices.issue_balance(tx, given, self.context, self.papers)

        return await once(self.database, asked, action, self.now)

    async def cancel(
        self, commission: UUID, percent: int, reason: QuoteEnd = QuoteEnd.CANCELLED, *, command: UUID | None = None
    ) -> Settlement:
        asked = SettleCancellation(id=command or new_id(), commission=commission, owed_percent=percent, reason=reason)

        async def action(tx: Tx, given: SettleCancellation) -> Settlement:
            return await invoices.settle_cancellation(tx, given, self.context, self.papers)

        return await once(self.database, asked, action, self.now)

    async def pay(
        self,
        commission: UUID,
        minor: int,
        *,
        bank_reference: str | None = None,
        currency: str = "EUR",
        confirmed: bool = True,
        caller: Caller = OPS,
    ) -> Payment:
        """Money came in. That it may not be what is due is confirmed, unless it is said otherwise."""
        amount = Money(minor=minor, currency=currency)
        given = PaymentCreate(amount, self.context.today, bank_reference, confirmed=confirmed)
        async with self.database.transaction() as tx:
            return await payments.receive_payment(
                tx, caller, commission, given, context=self.context, wording=self.papers
            )

    async def keep_unmatched(self, minor: int, said: str, bank: str | None = None) -> UnmatchedPayment:
        """Money came in that matches nothing; this is what the transfer said."""
        paid = PaymentCreate(Money(minor=minor, currency="EUR"), self.context.today, bank)
        async with self.database.transaction() as tx:
            return await unmatched.record_unmatched(tx, OPS, UnmatchedCreate(paid, said), self.context)

    async def reverse(
        self, payment: UUID, reason: ReversalReason = ReversalReason.WRONG_AMOUNT, caller: Caller = OPS
    ) -> Payment:
        async with self.database.transaction() as tx:
            return await payments.reverse_payment(tx, caller, payment, reason, self.context)

    async def pay_refund(self, refund: UUID) -> Refund:
        async with self.database.transaction() as tx:
            return await payments.pay_refund(tx, OPS, refund, self.context.today, self.context)

    async def claimed(self, commission: UUID, kind: ClaimKind = ClaimKind.FIT) -> UUID:
        """The customer says that something is wrong; the claim."""
        made = ClaimMade(
            at=self.now,
            commission=commission,
            customer=new_id(),
            claim=new_id(),
            kind=kind,
            text=new_id(),
            answer_by=self.now + timedelta(days=7),
        )
        async with self.database.transaction() as tx:
            await claims.record_claim(tx, made)
            await claims.record_claim(tx, made)
        return made.claim

    async def answer_claim(
        self, claim: UUID, remedy: ClaimRemedy, minor: int | None = None, *, words: str = "We see it.", by: Caller = OPS
    ) -> ReportedClaim:
        amount = Money(minor=minor, currency="EUR") if minor is not None else None
        async with self.database.transaction() as tx:
            given = ClaimAnswer(remedy, words, amount)
            return await claims.answer(tx, by, claim, given, context=self.context, wording=self.papers)

    async def paid_in_full(self, commission: UUID) -> None:
        """Deposit and balance are here, and the piece may leave."""
        await self.pay(commission, (await self.account(commission)).left.minor)
        balance = await self.issue_balance(commission)
        await self.pay(commission, balance.left.minor)

    async def account(self, commission: UUID) -> Account:
        """The money of a commission that has some."""
        async with self.database.transaction() as tx:
            found = (await drafting.read_studio_quote(tx, OPS, commission, self.context)).account
        assert found is not None
        return found

    async def balances(self, commission: UUID) -> dict[str, int]:
        """The balance of each ledger account for this commission, but for those at zero; debits above zero."""
        async with self.database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT account, sum(amount_minor)::bigint AS minor FROM ledger_entry WHERE commission = $1"
                " GROUP BY account HAVING sum(amount_minor) <> 0",
                commission,
            )
        return {row["account"]: row["minor"] for row in rows}
