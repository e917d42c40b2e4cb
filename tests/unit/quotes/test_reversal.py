"""What was forgiven is covered by money that waits to be sent back, before anybody is asked for it again."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from services.quotes.domain.account import Account, Invoice, InvoiceDetails, Payment, Refund, Seller
from services.quotes.domain.ledger import Amounts
from services.quotes.domain.reversal import Reversal, reverse
from shared.contracts.payments import InvoiceKind, RefundReason, ReversalReason
from shared.kernel.money import Money

NOW, TODAY = datetime(2026, 12, 1, 12, tzinfo=UTC), date(2026, 12, 1)
ONE, TWO, THREE = (UUID(int=each) for each in (1, 2, 3))


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def test_what_a_payment_forgave_is_taken_from_the_refund_of_the_next_one() -> None:
    """97 of 100 came in, 3 were forgiven; then the 100 came in whole, and all of them are to go back."""
    short = Payment(ONE, ONE, euros(97), euros(97), euros(0), TODAY, NOW, ONE, forgiven_minor=3)
    whole = Payment(TWO, ONE, euros(100), euros(0), euros(0), TODAY, NOW, ONE)
    invoice = Invoice(
        ONE,
        "1",
        ONE,
        0,
        InvoiceKind.DEPOSIT,
        TODAY,
        NOW,
        TODAY,
        Decimal(0),
        Amounts(euros(100), euros(0)),
        euros(0),
        InvoiceDetails(Seller("", "", "", "", "", ""), "", ()),
        ONE,
        paid_at=NOW,
    )
    refund = Refund(THREE, ONE, euros(100), RefundReason.OVERPAID, NOW)
    account = Account(ONE, euros(0), forgiven_minor=3, invoices=(invoice,), payments=(short, whole), refunds=(refund,))

    change = reverse(account, short, Reversal(ReversalReason.WRONG_AMOUNT, NOW, ONE, UUID(int=4)))

    after = account.after(change)
    assert (after.left, after.open_refunds, change.invoices_reopened) == (euros(0), (), ())
