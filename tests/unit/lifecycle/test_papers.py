"""What the studio prints for a customer at the counter, and what it says where a mail would have gone."""

from datetime import UTC, datetime, timedelta

from services.lifecycle.domain.papers import Printable, PrintableKind, omitted_mails, papers_of
from shared.contracts.notifications import Intent, MailOmitted
from shared.contracts.payments import InvoiceIssued, InvoiceKind, PaymentReceived, PaymentReversed, ReversalReason
from shared.contracts.production import CertificateIssued
from shared.contracts.quotes import ChangeOrderApplied, QuoteAccepted, QuoteSent
from shared.kernel.ids import new_id
from shared.kernel.money import Money

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COMMISSION, QUOTE, INVOICE, PAYMENT, TWICE = new_id(), new_id(), new_id(), new_id(), new_id()
TOTAL, DEPOSIT = Money(minor=171_265, currency="EUR"), Money(minor=51_380, currency="EUR")
HERE = f"/quotes/{COMMISSION}"


def after(days: int) -> datetime:
    return NOW + timedelta(days=days)


def sent(version: int, at: datetime) -> QuoteSent:
    return QuoteSent(
        at=at,
        commission=COMMISSION,
        quote=QUOTE,
        quote_version=version,
        total=TOTAL,
        deposit=DEPOSIT,
        valid_until=after(20),
    )


def omitted(intent: Intent, at: datetime) -> MailOmitted:
    return MailOmitted(at=at, commission=COMMISSION, mail=new_id(), person=new_id(), intent=intent)


def test_there_is_nothing_to_print_before_a_quote_was_sent() -> None:
    assert papers_of(COMMISSION, [omitted(Intent.REQUEST_RECEIVED, NOW)]) == []


def test_of_the_quote_the_newest_version_is_printed() -> None:
    assert papers_of(COMMISSION, [sent(1, NOW), sent(2, after(1))]) == [
        Printable(PrintableKind.QUOTE, f"{HERE}/quote.pdf", after(1))
    ]


def test_an_accepted_quote_is_the_contract_and_each_paper_is_where_its_service_keeps_it() -> None:
    facts = [
        sent(1, NOW),
        QuoteAccepted(
            at=after(2),
            commission=COMMISSION,
            quote=QUOTE,
            quote_version=1,
            total=TOTAL,
            deposit=DEPOSIT,
        ),
        InvoiceIssued(
            at=after(3),
            commission=COMMISSION,
            invoice=INVOICE,
            number="2026-0001",
            kind=InvoiceKind.DEPOSIT,
            total=DEPOSIT,
            left=DEPOSIT,
        ),
        PaymentReceived(at=after(4), commission=COMMISSION, payment=PAYMENT, amount=DEPOSIT, left=DEPOSIT),
        PaymentReceived(at=after(4), commission=COMMISSION, payment=TWICE, amount=DEPOSIT, left=DEPOSIT),
        PaymentReversed(
            at=after(5),
            commission=COMMISSION,
            payment=TWICE,
            amount=DEPOSIT,
            left=DEPOSIT,
            reason=ReversalReason.ENTERED_TWICE,
        ),
        CertificateIssued(at=after(5), commission=COMMISSION, piece=COMMISSION, serial="TM-1"),
    ]

    assert papers_of(COMMISSION, facts) == [
        Printable(PrintableKind.CONTRACT, f"{HERE}/contract.pdf", after(2)),
        Printable(PrintableKind.DEPOSIT_INVOICE, f"{HERE}/invoices/{INVOICE}", after(3), "2026-0001"),
        Printable(PrintableKind.RECEIPT, f"{HERE}/payments/{PAYMENT}", after(4)),
        Printable(PrintableKind.CERTIFICATE, "/c/TM-1", after(5), "TM-1"),
    ]


def test_what_mails_would_have_said_is_listed_newest_first() -> None:
    facts = [omitted(Intent.REQUEST_RECEIVED, NOW), sent(1, NOW), omitted(Intent.QUOTE_READY, after(1))]

    assert [each.intent for each in omitted_mails(facts)] == [Intent.QUOTE_READY, Intent.REQUEST_RECEIVED]


def test_a_change_that_made_it_cheaper_has_a_credit_note_to_print() -> None:
    note = new_id()
    applied = ChangeOrderApplied(
        at=after(3),
        commission=COMMISSION,
        change_order=new_id(),
        number=1,
        amendment=1,
        total=TOTAL,
        difference=Money(minor=-9_500, currency="EUR"),
        ready_by=after(30).date(),
        brief_version=2,
        credit_note=note,
    )

    printed = papers_of(COMMISSION, [applied, applied.model_copy(update={"credit_note": None})])

    assert printed == [Printable(PrintableKind.CREDIT_NOTE, f"{HERE}/credit-notes/{note}", after(3))]
