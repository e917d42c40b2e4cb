"""The papers of a commission: where its quote, its invoices and its certificate are kept."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.life import Life
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
class Paper:
    """One paper, at the address of the service that keeps it."""

    title: str
    address: str
    note: str
    at: datetime
    amount: Money | None = None


def papers(life: Life) -> tuple[Paper, ...]:
    """Every paper there is for the customer, oldest first."""
    found = [*_quote(life), *_invoices(life), *_receipts(life), *_certificate(life)]
    return tuple(sorted(found, key=lambda paper: paper.at))


def _quote(life: Life) -> list[Paper]:
    sent, accepted = life.last(QuoteSent), life.last(QuoteAccepted)
    newest = accepted or sent
    if newest is None:
        return []
    note = "as you accepted it" if accepted else "as it was sent to you"
    address = f"/quotes/{life.commission.commission}"
    return [Paper("Quote", address, note, newest.at, newest.total)]


def _invoices(life: Life) -> list[Paper]:
    paid = {fact.invoice for fact in life.all(InvoicePaid)}
    root = f"/quotes/{life.commission.commission}/invoices"
    return [
        Paper(
            _INVOICES[fact.kind],
            f"{root}/{fact.invoice}",
            f"{fact.number}, paid" if fact.invoice in paid else f"{fact.number}",
            fact.at,
            fact.total,
        )
        for fact in life.all(InvoiceIssued)
    ]


def _receipts(life: Life) -> list[Paper]:
    root = f"/quotes/{life.commission.commission}/payments"
    return [
        Paper("Receipt", f"{root}/{fact.payment}", "for your payment", fact.at, fact.amount)
        for fact in life.all(PaymentReceived)
    ]


def _certificate(life: Life) -> list[Paper]:
    issued = life.last(CertificateIssued)
    if issued is None:
        return []
    return [Paper("Certificate", f"/c/{issued.serial}", issued.serial, issued.at)]
