"""The documents of a commission: what each of them is made from, and the papers that are issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.quotes.domain.account import Amendment, Credit, Invoice, Payment, Seller
from services.quotes.domain.quote import Quote, QuotedBrief
from shared.contracts.documents import BankAccount
from shared.offerings.model import Offering

Says = Mapping[str, object]
"""All words and figures of a document, as JSON; nothing of how it is set."""


@dataclass(frozen=True)
class OrderedAnswer:
    """One answer of a brief in the words of a contract: the field, what it is called, and what was answered."""

    field: str
    label: str
    said: str


@dataclass(frozen=True)
class AgreedOrder:
    """What a contract says that is ordered: the version of the brief with its day, and its answers in words."""

    version: int
    written_at: datetime
    answers: tuple[OrderedAnswer, ...]


@dataclass(frozen=True)
class InvoiceDocument:
    """An invoice that is issued, in the contract's language. `deducted` are the invoices whose amounts it deducts."""

    invoice: Invoice
    offering: Offering | None
    reference: str
    deducted: tuple[Invoice, ...]
    credited: tuple[Credit, ...]
    """The credit notes by which those are smaller than they were issued."""
    quote: Quote
    language: str
    ordered: AgreedOrder | None
    """None where the contract has no brief, since it was erased before."""


@dataclass(frozen=True)
class CreditNoteDocument:
    """A credit note in the contract's language, with the invoice that it corrects."""

    credit: Credit
    invoice: Invoice
    offering: Offering | None
    seller: Seller
    language: str


@dataclass(frozen=True)
class ReceiptDocument:
    """A payment with what is left after it."""

    payment: Payment
    offering: Offering | None
    reference: str
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
    brief: QuotedBrief | None
    """What is ordered; None once it was erased."""


@dataclass(frozen=True)
class ContractDocument:
    """What is agreed, in the language in which it was accepted; `address` is the customer's, as they gave it."""

    amendment: Amendment
    quote: Quote
    offering: Offering | None
    seller: Seller
    address: str
    brief: QuotedBrief | None


class PaperWording(Protocol):
    """Says what a paper says, but for the name of whom it is for: on the day on which it is issued."""

    def invoice(self, document: InvoiceDocument) -> Says: ...

    def receipt(self, document: ReceiptDocument) -> Says: ...

    def contract(self, document: ContractDocument) -> Says: ...

    def credit_note(self, document: CreditNoteDocument) -> Says: ...


class PaperKind(StrEnum):
    CONTRACT = "contract"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


class FiledKind(StrEnum):
    """What a customer can take along."""

    QUOTE = "quote"
    CONTRACT = "contract"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class FiledPaper:
    """Where a paper is, or the quote of a commission; `named` says that its customer's name is known here."""

    commission: UUID
    kind: FiledKind
    paper: UUID
    named: bool


LARGEST_PDF = 512_000
"""Bytes; a long invoice has some 40,000."""


@dataclass(frozen=True)
class Paper:
    """A contract, an invoice or a receipt as it was issued, with its PDF if somebody has asked for it before.

    `customer_name` is None until intake has published who that is.
    """

    paper: UUID
    file_name: str
    customer_name: str | None
    says: Says
    pdf: bytes | None


@dataclass(frozen=True)
class PaperToAttach(Paper):
    """A paper for its mail. `account` is where an invoice is paid, `reference` what the transfer says."""

    commission: UUID
    customer: UUID
    kind: PaperKind
    account: BankAccount | None
    reference: str
