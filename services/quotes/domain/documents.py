"""Papers of a commission: what each of them is made from."""

from dataclasses import dataclass

from services.quotes.domain.account import Invoice, Payment, Seller
from services.quotes.domain.quote import Quote


@dataclass(frozen=True)
class InvoiceDocument:
    """An invoice as it was issued. `deposit` is the invoice whose amount it deducts, if it does."""

    invoice: Invoice
    title: str
    reference: str
    customer_name: str
    deposit: Invoice | None


@dataclass(frozen=True)
class ReceiptDocument:
    """A payment with what is left after it."""

    payment: Payment
    title: str
    reference: str
    customer_name: str
    seller: Seller


@dataclass(frozen=True)
class QuoteDocument:
    """A version of a quote that was sent."""

    quote: Quote
    title: str
    customer_name: str
    seller: Seller
