"""Contracts, invoices, payments, refunds, and the ledger."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.quotes.domain.account import (
    CancellationSettlement,
    Contract,
    Invoice,
    InvoiceDetails,
    OpenInvoice,
    OpenRefund,
    Payment,
    Refund,
)
from services.quotes.domain.ledger import Amounts, Entry, LedgerAccount, TransactionKind
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "ledger.sql")
_DETAILS = TypeAdapter(InvoiceDetails)


async def agree(tx: Tx, contract: Contract) -> None:
    said = asdict(contract)
    at = said.pop("accepted_at")
    await _QUERIES.agree(tx.connection, **said, at=at)


async def contract(tx: Tx, commission: UUID) -> Contract | None:
    row = await _QUERIES.contract(tx.connection, commission=commission)
    return Contract(**row) if row else None


async def by_reference(tx: Tx, reference: str) -> UUID | None:
    """The commission whose transfers say this."""
    commission: UUID | None = await _QUERIES.by_reference(tx.connection, reference=reference)
    return commission


async def next_number(tx: Tx, year: int) -> int:
    """The next invoice number of this year; whoever takes it holds the year until the commit."""
    number: int = await _QUERIES.next_number(tx.connection, year=year)
    return number


async def lock_person(tx: Tx, person: UUID) -> None:
    """Nobody else learns who this is, or issues them an invoice, until the commit: none is left without its name."""
    await _QUERIES.lock_person(tx.connection, person=person)


async def issue(tx: Tx, invoice: Invoice) -> None:
    """Issue an invoice under the customer's name, if that is known here already; else `record_person` seals it."""
    await lock_person(tx, invoice.customer)
    await _QUERIES.issue(
        tx.connection,
        invoice=invoice.invoice,
        number=invoice.number,
        commission=invoice.commission,
        kind=invoice.kind,
        issued_on=invoice.issued_on,
        issued_at=invoice.issued_at,
        due_on=invoice.due_on,
        currency=invoice.deducted.currency,
        vat_percent=invoice.vat_percent,
        net=invoice.amounts.net.minor,
        vat=invoice.amounts.vat.minor,
        total=invoice.amounts.gross.minor,
        deducted=invoice.deducted.minor,
        details=_DETAILS.dump_json(invoice.details).decode(),
        customer=invoice.customer,
    )


async def invoices(tx: Tx, commission: UUID) -> tuple[Invoice, ...]:
    """In the order they were issued."""
    return tuple([_invoice(row) async for row in _QUERIES.invoices(tx.connection, commission=commission)])


async def extend_invoice(tx: Tx, commission: UUID, kind: InvoiceKind, until_day: date) -> bool:
    """Whether that is more time than the customer had."""
    extended: bool | None = await _QUERIES.extend_invoice(
        tx.connection, commission=commission, kind=kind, until_day=until_day
    )
    return bool(extended)


async def mark_paid(tx: Tx, invoice: UUID, at: datetime) -> None:
    await _QUERIES.mark_paid(tx.connection, invoice=invoice, at=at)


async def add_payment(tx: Tx, payment: Payment, by: UUID) -> None:
    await _QUERIES.add_payment(
        tx.connection,
        payment=payment.payment,
        commission=payment.commission,
        currency=payment.amount.currency,
        amount=payment.amount.minor,
        applied=payment.applied.minor,
        left=payment.left.minor,
        received_on=payment.received_on,
        at=payment.recorded_at,
        by=by,
        bank_reference=payment.bank_reference,
    )


async def payments(tx: Tx, commission: UUID) -> tuple[Payment, ...]:
    """Oldest first."""
    return tuple([_payment(row) async for row in _QUERIES.payments(tx.connection, commission=commission)])


async def payment_by_bank_reference(tx: Tx, bank_reference: str) -> Payment | None:
    """The payment of this transfer; whoever asks holds its name until the commit, so that it is entered once."""
    await _QUERIES.lock_bank_reference(tx.connection, bank_reference=bank_reference)
    row = await _QUERIES.payment_by_bank_reference(tx.connection, bank_reference=bank_reference)
    return _payment(row) if row else None


async def add_refund(tx: Tx, refund: Refund) -> None:
    await _QUERIES.add_refund(
        tx.connection,
        refund=refund.refund,
        commission=refund.commission,
        currency=refund.amount.currency,
        amount=refund.amount.minor,
        reason=refund.reason,
        at=refund.due_at,
    )


async def pay_refund(tx: Tx, refund: UUID, *, paid_on: date, at: datetime, by: UUID) -> None:
    await _QUERIES.pay_refund(tx.connection, refund=refund, paid_on=paid_on, at=at, by=by)


async def refund(tx: Tx, refund: UUID) -> Refund | None:
    row = await _QUERIES.refund(tx.connection, refund=refund)
    return _refund(row) if row else None


async def refunds(tx: Tx, commission: UUID) -> tuple[Refund, ...]:
    """Oldest first."""
    return tuple([_refund(row) async for row in _QUERIES.refunds(tx.connection, commission=commission)])


async def settle(tx: Tx, commission: UUID, settled: CancellationSettlement) -> None:
    await _QUERIES.settle(
        tx.connection,
        commission=commission,
        percent=settled.percent,
        reason=settled.reason,
        currency=settled.owed.currency,
        owed=settled.owed.minor,
        paid=settled.paid.minor,
        refund=settled.refund.minor,
        left=settled.left.minor,
        at=settled.settled_at,
    )


async def settlement(tx: Tx, commission: UUID) -> CancellationSettlement | None:
    row = await _QUERIES.settlement(tx.connection, commission=commission)
    if row is None:
        return None
    return CancellationSettlement(
        percent=row["percent"],
        reason=QuoteEnd(row["reason"]),
        owed=_money(row, "owed_minor"),
        paid=_money(row, "paid_minor"),
        refund=_money(row, "refund_minor"),
        left=_money(row, "left_minor"),
        settled_at=row["settled_at"],
    )


async def book(
    tx: Tx,
    transaction: UUID,
    commission: UUID,
    kind: TransactionKind,
    *,
    about: UUID,
    at: datetime,
    entries: tuple[Entry, ...],
) -> None:
    """Book these entries. The database refuses what is not balanced, at the commit."""
    rows = [
        {
            "place": place,
            "account": entry.account,
            "currency": entry.amount.currency,
            "amount_minor": entry.amount.minor,
        }
        for place, entry in enumerate(entries, start=1)
    ]
    await _QUERIES.book(
        tx.connection,
        transaction=transaction,
        commission=commission,
        kind=kind,
        about=about,
        at=at,
        entries=json.dumps(rows),
    )


async def balance(tx: Tx, commission: UUID, account: LedgerAccount) -> int:
    """What stands on an account for this commission, in minor units; debits above zero."""
    minor: int = await _QUERIES.balance(tx.connection, commission=commission, account=account)
    return minor


async def entries_of_invoice(tx: Tx, invoice: UUID) -> tuple[Entry, ...]:
    """The entries that were balanced_entries when this invoice was issued."""
    rows = _QUERIES.entries_of_invoice(tx.connection, about=invoice)
    return tuple([Entry(LedgerAccount(row["account"]), _money(row, "amount_minor")) async for row in rows])


async def open_invoices(
    tx: Tx, *, before: datetime | None, before_invoice: UUID | None, at_most: int
) -> list[OpenInvoice]:
    """The invoices that wait for money, newest first."""
    rows = _QUERIES.open_invoices(tx.connection, before=before, before_invoice=before_invoice, at_most=at_most)
    return [
        OpenInvoice(
            invoice=row["invoice"],
            number=row["number"],
            commission=row["commission"],
            title=row["title"],
            kind=InvoiceKind(row["kind"]),
            total=_money(row, "total_minor"),
            left=_money(row, "left_minor"),
            issued_on=row["issued_on"],
            issued_at=row["issued_at"],
            due_on=row["due_on"],
            extended_to=row["extended_to"],
            reference=row["reference"],
        )
        async for row in rows
    ]


async def open_refunds(tx: Tx, at_most: int) -> list[OpenRefund]:
    """The refunds that wait to be transferred, oldest first."""
    return [
        OpenRefund(
            refund=row["refund"],
            commission=row["commission"],
            title=row["title"],
            amount=_money(row, "amount_minor"),
            reason=RefundReason(row["reason"]),
            due_at=row["due_at"],
        )
        async for row in _QUERIES.open_refunds(tx.connection, at_most=at_most)
    ]


def _money(row: Any, column: str) -> Money:
    return Money(minor=row[column], currency=row["currency"])


def _invoice(row: Any) -> Invoice:
    return Invoice(
        invoice=row["invoice"],
        number=row["number"],
        commission=row["commission"],
        kind=InvoiceKind(row["kind"]),
        issued_on=row["issued_on"],
        issued_at=row["issued_at"],
        due_on=row["due_on"],
        vat_percent=row["vat_percent"],
        amounts=Amounts(net=_money(row, "net_minor"), vat=_money(row, "vat_minor")),
        deducted=_money(row, "deducted_minor"),
        details=_DETAILS.validate_json(row["details"]),
        customer=row["customer"],
        customer_name=row["customer_name"],
        paid_at=row["paid_at"],
        extended_to=row["extended_to"],
    )


def _payment(row: Any) -> Payment:
    return Payment(
        payment=row["payment"],
        commission=row["commission"],
        amount=_money(row, "amount_minor"),
        applied=_money(row, "applied_minor"),
        left=_money(row, "left_minor"),
        received_on=row["received_on"],
        recorded_at=row["recorded_at"],
        bank_reference=row["bank_reference"],
    )


def _refund(row: Any) -> Refund:
    return Refund(
        refund=row["refund"],
        commission=row["commission"],
        amount=_money(row, "amount_minor"),
        reason=RefundReason(row["reason"]),
        due_at=row["due_at"],
        paid_on=row["paid_on"],
    )
