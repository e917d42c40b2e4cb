"""The papers of a commission: where its quote, its invoices and its certificate are kept."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.record import CommissionRecord
from shared.contracts.payments import InvoiceIssued, InvoiceKind, InvoicePaid, PaymentReceived
from shared.contracts.production import CertificateIssued
from shared.contracts.quotes import QuoteAccepted, QuoteSent
from shared.kernel.money import Money

_INVOICES = {
    InvoiceKind.DEPOSIT: "Invoice for the deposit",
    InvoiceKind.BALANCE: "Final invoice",
    InvoiceKind.CANCELLATION: "Invoice after the cancellation",
}


@dataclass(frozen=True)
class DocumentLink:
    """One paper, at the address of the service that keeps it."""

    title: str
    address: str
    note: str
    at: datetime
    amount: Money | None = None


def documents(record: CommissionRecord) -> tuple[DocumentLink, ...]:
    """Every paper there is for the customer, oldest first."""
    found = [*_quote(record), *_invoices(record), *_receipts(record), *_certificate(record)]
    return tuple(sorted(found, key=lambda paper: paper.at))


def _quote(record: CommissionRecord) -> list[DocumentLink]:
    sent, accepted = record.last(QuoteSent), record.last(QuoteAccepted)
    newest = accepted or sent
    if newest is None:
        return []
    note = "as you accepted it" if accepted else "as it was sent to you"
    address = f"/quotes/{record.commission.commission}"
    return [DocumentLink("Quote", address, note, newest.at, newest.total)]


def _invoices(record: CommissionRecord) -> list[DocumentLink]:
    paid = {fact.invoice for fact in record.all(InvoicePaid)}
    root = f"/quotes/{record.commission.commission}/invoices"
    return [
        DocumentLink(
            _INVOICES[fact.kind],
            f"{root}/{fact.invoice}",
            f"{fact.number}, paid" if fact.invoice in paid else f"{fact.number}",
            fact.at,
            fact.total,
        )
        for fact in record.all(InvoiceIssued)
    ]


def _receipts(record: CommissionRecord) -> list[DocumentLink]:
    root = f"/quotes/{record.commission.commission}/payments"
    return [
        DocumentLink("Receipt", f"{root}/{fact.payment}", "for your payment", fact.at, fact.amount)
        for fact in record.all(PaymentReceived)
    ]


def _certificate(record: CommissionRecord) -> list[DocumentLink]:
    issued = record.last(CertificateIssued)
    if issued is None:
        return []
    return [DocumentLink("Certificate", f"/c/{issued.serial}", issued.serial, issued.at)]
