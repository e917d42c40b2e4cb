"""The documents of a commission: what each of them is made from."""

from dataclasses import dataclass

from services.quotes.domain.account import Invoice, Payment, Seller
from services.quotes.domain.quote import Quote
from shared.offerings.model import Offering


@dataclass(frozen=True)
class InvoiceDocument:
    """An invoice as it was issued, in the contract's language. `deducted` are the invoices whose amounts it deducts."""

    invoice: Invoice
    offering: Offering | None
    reference: str
    customer_name: str
    deducted: tuple[Invoice, ...]
    quote: Quote
    language: str


@dataclass(frozen=True)
class ReceiptDocument:
    """A payment with what is left after it."""

    payment: Payment
    offering: Offering | None
    reference: str
    customer_name: str
    seller: Seller
    language: str | None
    """The contract's; None where there is none."""


@dataclass(frozen=True)
class QuoteDocument:
    """A version of a quote that was sent."""

    quote: Quote
    offering: Offering | None
    customer_name: str
    seller: Seller
    language: str | None
    """The contract's, once it is accepted; None before."""
