"""The documents of a commission: where its quote, its invoices and its certificate are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from types import MappingProxyType

from services.intake.domain.next_action import is_paid
from services.intake.domain.record import CommissionRecord
from shared.contracts.payments import InvoiceIssued, InvoiceKind, PaymentReceived, PaymentReversed
from shared.contracts.production import CertificateIssued
from shared.contracts.quotes import QuoteAccepted, QuoteSent
from shared.kernel.money import Money


class DocumentCode(StrEnum):
    QUOTE = auto()
    ACCEPTED_QUOTE = auto()
    DEPOSIT_INVOICE = auto()
    TOP_UP_INVOICE = auto()
    BALANCE_INVOICE = auto()
    CANCELLATION_INVOICE = auto()
    RECEIPT = auto()
    CERTIFICATE = auto()


_INVOICES: Mapping[InvoiceKind, DocumentCode] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: DocumentCode.DEPOSIT_INVOICE,
        InvoiceKind.TOP_UP: DocumentCode.TOP_UP_INVOICE,
        InvoiceKind.BALANCE: DocumentCode.BALANCE_INVOICE,
        InvoiceKind.CANCELLATION: DocumentCode.CANCELLATION_INVOICE,
    }
)


@dataclass(frozen=True)
class DocumentLink:
    """One document, at the address of the service that keeps it, with its number if it has one."""

    code: DocumentCode
    address: str
    at: datetime
    number: str = ""
    paid: bool = False
    amount: Money | None = None


def documents(record: CommissionRecord) -> tuple[DocumentLink, ...]:
    """Every document there is for the customer, oldest first."""
    found = [*_quote(record), *_invoices(record), *_receipts(record), *_certificate(record)]
    return tuple(sorted(found, key=lambda each: each.at))


def _quote(record: CommissionRecord) -> list[DocumentLink]:
    sent, accepted = record.last(QuoteSent), record.last(QuoteAccepted)
    newest = accepted or sent
    if newest is None:
        return []
    code = DocumentCode.ACCEPTED_QUOTE if accepted else DocumentCode.QUOTE
    return [DocumentLink(code, f"/quotes/{record.commission.commission}", newest.at, amount=newest.total)]


def _invoices(record: CommissionRecord) -> list[DocumentLink]:
    root = f"/quotes/{record.commission.commission}/invoices"
    return [
        DocumentLink(
            _INVOICES[fact.kind],
            f"{root}/{fact.invoice}",
            fact.at,
            number=fact.number,
            paid=is_paid(record, fact.invoice),
            amount=fact.total,
        )
        for fact in record.all(InvoiceIssued)
    ]


def _receipts(record: CommissionRecord) -> list[DocumentLink]:
    root = f"/quotes/{record.commission.commission}/payments"
    undone = {fact.payment for fact in record.all(PaymentReversed)}
    return [
        DocumentLink(DocumentCode.RECEIPT, f"{root}/{fact.payment}", fact.at, amount=fact.amount)
        for fact in record.all(PaymentReceived)
        if fact.payment not in undone
    ]


def _certificate(record: CommissionRecord) -> list[DocumentLink]:
    issued = record.last(CertificateIssued)
    if issued is None:
        return []
    return [DocumentLink(DocumentCode.CERTIFICATE, f"/c/{issued.serial}", issued.at, number=issued.serial)]
