"""A commission's papers, as the facts name them: what the studio prints for a customer who is at the counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.fact import Fact
from shared.contracts.notifications import Intent, MailOmitted
from shared.contracts.payments import InvoiceIssued, InvoiceKind, PaymentReceived, PaymentReversed
from shared.contracts.production import CertificateIssued
from shared.contracts.quotes import ChangeOrderApplied, ClaimAnswered, QuoteAccepted, QuoteSent


class PrintableKind(StrEnum):
    """What a paper is."""

    QUOTE = "quote"
    CONTRACT = "contract"
    DEPOSIT_INVOICE = "deposit_invoice"
    TOP_UP_INVOICE = "top_up_invoice"
    BALANCE_INVOICE = "balance_invoice"
    CANCELLATION_INVOICE = "cancellation_invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    CERTIFICATE = "certificate"


_INVOICES: Final[Mapping[InvoiceKind, PrintableKind]] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: PrintableKind.DEPOSIT_INVOICE,
        InvoiceKind.TOP_UP: PrintableKind.TOP_UP_INVOICE,
        InvoiceKind.BALANCE: PrintableKind.BALANCE_INVOICE,
        InvoiceKind.CANCELLATION: PrintableKind.CANCELLATION_INVOICE,
    }
)


@dataclass(frozen=True)
class Printable:
    """One paper, at the address of the service that keeps it, with its number if it has one."""

    kind: PrintableKind
    address: str
    at: datetime
    number: str = ""


@dataclass(frozen=True)
class OmittedMail:
    """A mail that was not written for want of an address: what it would have said, somebody says to the customer."""

    intent: Intent
    at: datetime


def papers_of(commission: UUID, facts: Sequence[Fact]) -> Sequence[Printable]:
    """The papers that there are, oldest first; of the quote, the newest, which is the contract once it is accepted."""
    of = f"/quotes/{commission}"
    quotes = [each for each in facts if isinstance(each, QuoteSent | QuoteAccepted)]
    undone = {each.payment for each in facts if isinstance(each, PaymentReversed)}
    found = [_quote(quotes, of)] if quotes else []
    for fact in facts:
        match fact:
            case InvoiceIssued():
                found.append(Printable(_INVOICES[fact.kind], f"{of}/invoices/{fact.invoice}", fact.at, fact.number))
            case PaymentReceived() if fact.payment not in undone:
                found.append(Printable(PrintableKind.RECEIPT, f"{of}/payments/{fact.payment}", fact.at))
            case ClaimAnswered(credit_note=UUID() as note) | ChangeOrderApplied(credit_note=UUID() as note):
                found.append(Printable(PrintableKind.CREDIT_NOTE, f"{of}/credit-notes/{note}", fact.at))
            case CertificateIssued():
                found.append(Printable(PrintableKind.CERTIFICATE, f"/c/{fact.serial}", fact.at, fact.serial))
            case _:
                pass
    return sorted(found, key=lambda paper: paper.at)


def omitted_mails(facts: Sequence[Fact]) -> Sequence[OmittedMail]:
    """What mails would have said, newest first."""
    return [OmittedMail(fact.intent, fact.at) for fact in reversed(facts) if isinstance(fact, MailOmitted)]


def _quote(quotes: Sequence[QuoteSent | QuoteAccepted], of: str) -> Printable:
    accepted = next((each for each in quotes if isinstance(each, QuoteAccepted)), None)
    if accepted:
        return Printable(PrintableKind.CONTRACT, f"{of}/contract.pdf", accepted.at)
    return Printable(PrintableKind.QUOTE, f"{of}/quote.pdf", quotes[-1].at)
