"""Contracts, invoices, payments, refunds, and the ledger."""

import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from services.quotes.domain.account import (
    Account,
    Amendment,
    CancellationSettlement,
    Change,
    Contract,
    Invoice,
    InvoiceDetails,
    Payment,
    Refund,
)
from services.quotes.domain.awaited import OpenInvoice, OpenRefund
from services.quotes.domain.documents import FiledPaper, Paper, PaperKind, Says
from services.quotes.domain.ledger import Transaction
from shared.contracts.payments import InvoiceKind
from shared.kernel.ids import Ids
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "ledger.sql")
_ACCOUNT = TypeAdapter(Account)
_DETAILS = TypeAdapter(InvoiceDetails)


async def load_account(tx: Tx, commission: UUID) -> Account | None:
    """All of a commission's money; None where there is no quote. To change it, hold the lock of its quote."""
    found = await _QUERIES.account.value_or_none(tx, str, commission=commission)
    return _ACCOUNT.validate_json(found) if found else None


async def save(tx: Tx, commission: UUID, change: Change, *, new_id: Ids, at: datetime) -> None:
    """All that one decision adds to an account. The database refuses what is not balanced, at the commit."""
    for invoice in change.invoices:
        await _add_invoice(tx, invoice)
    for payment in change.payments:
        await _add_payment(tx, payment)
    for refund in change.refunds:
        await _add_refund(tx, refund)
    await _undo(tx, change)
    for refund in change.refunds_paid:
        await _QUERIES.pay_refund.run(
            tx, refund=refund.refund, paid_on=refund.paid_on, paid_at=refund.paid_at, paid_by=refund.paid_by
        )
    for credit in change.credits:
        await _QUERIES.add_credit.run(
            tx,
            credit=credit.credit,
            commission=commission,
            claim=credit.claim,
            currency=credit.amounts.net.currency,
            net=credit.amounts.net.minor,
            vat=credit.amounts.vat.minor,
            at=credit.credited_at,
            number=credit.number,
            invoice=credit.invoice,
            issued_on=credit.issued_on,
        )
    if change.settlement:
        await _add_settlement(tx, commission, change.settlement)
    for transaction in change.transactions:
        await _add_transaction(tx, new_id(), commission, transaction, at)
    for invoice in change.invoices_paid:
        await _QUERIES.mark_paid.run(tx, invoice=invoice.invoice, at=invoice.paid_at)


async def add_contract(tx: Tx, contract: Contract) -> None:
    """Keep a contract with its amendments; nothing of it ever changes."""
    await _QUERIES.add_contract.run(
        tx,
        commission=contract.commission,
        customer=contract.customer,
        reference=contract.reference,
        address=contract.address,
    )
    for amendment in contract.amendments:
        await _add_amendment(tx, contract.commission, amendment)


async def amend(tx: Tx, contract: Contract) -> None:
    """Keep what was agreed last, in a contract that there is."""
    await _add_amendment(tx, contract.commission, contract.current)


async def add_paper(
    tx: Tx, paper: UUID, commission: UUID, kind: PaperKind, *, file_name: str, says: Says, customer: UUID | None
) -> None:
    """Under the customer's name, if that is known here already; else `record_person` seals it."""
    if customer:
        await lock_person(tx, customer)
    await _QUERIES.add_paper.run(
        tx,
        paper=paper,
        commission=commission,
        kind=kind,
        file_name=file_name,
        says=json.dumps(says),
        customer=customer,
    )


async def paper(tx: Tx, commission: UUID, kind: PaperKind, paper: UUID) -> Paper | None:
    """A paper of this commission; its `customer_name` is None until intake has published who that is."""
    row = await _QUERIES.paper.row_or_none(tx, Row, commission=commission, kind=kind, paper=paper)
    return made(Paper, opened(row, "says")) if row else None


async def contract_paper(tx: Tx, commission: UUID) -> UUID | None:
    """The paper of the contract in force."""
    return await _QUERIES.contract_paper.value_or_none(tx, UUID, commission=commission)


async def papers_of(tx: Tx, person: UUID) -> list[FiledPaper]:
    """Where the papers of somebody's commissions are, by commission."""
    return await _QUERIES.papers_of.rows(tx, FiledPaper, person=person)


async def keep_pdf(tx: Tx, paper: UUID, pdf: bytes) -> bytes:
    """Keep a paper's PDF, if it has none yet; the one that is kept."""
    await _QUERIES.keep_pdf.run(tx, paper=paper, pdf=pdf)
    return await _QUERIES.pdf.value(tx, bytes, paper=paper)


async def by_reference(tx: Tx, reference: str) -> UUID | None:
    """The commission whose transfers say this."""
    return await _QUERIES.by_reference.value_or_none(tx, UUID, reference=reference)


async def next_number(tx: Tx, year: int) -> int:
    """The next invoice number of this year; the transaction that takes it holds the year until the commit."""
    return await _QUERIES.next_number.value(tx, int, year=year)


async def next_credit_number(tx: Tx, year: int) -> int:
    """The next number of a credit note of this year; who takes it holds the year until the commit."""
    return await _QUERIES.next_credit_number.value(tx, int, year=year)


async def lock_person(tx: Tx, person: UUID) -> None:
    """Nobody else learns who this is, or issues them an invoice, until the commit: none is left without its name."""
    await _QUERIES.lock_person.run(tx, person=person)


async def extend_invoice(tx: Tx, commission: UUID, kind: InvoiceKind, until_day: date) -> bool:
    """Whether that is more time than the customer had."""
    extended = await _QUERIES.extend_invoice.value_or_none(
        tx, bool, commission=commission, kind=kind, until_day=until_day
    )
    return bool(extended)


async def payment_by_bank_reference(tx: Tx, bank_reference: str) -> Payment | None:
    """The payment of this transfer; the transaction that asks holds its id until the commit: it is entered once."""
    await _QUERIES.lock_bank_reference.run(tx, bank_reference=bank_reference)
    row = await _QUERIES.payment_by_bank_reference.row_or_none(tx, Row, bank_reference=bank_reference)
    return made(Payment, _with_money(row, "amount", "applied", "left")) if row else None


async def commission_of_payment(tx: Tx, payment: UUID) -> UUID | None:
    """The commission that a payment is for."""
    return await _QUERIES.commission_of_payment.value_or_none(tx, UUID, payment=payment)


async def commission_of_refund(tx: Tx, refund: UUID) -> UUID | None:
    """The commission whose refund this is."""
    return await _QUERIES.commission_of_refund.value_or_none(tx, UUID, refund=refund)


async def open_invoices(
    tx: Tx, *, before: datetime | None, before_invoice: UUID | None, at_most: int
) -> list[OpenInvoice]:
    """The invoices that wait for money, newest first."""
    rows = await _QUERIES.open_invoices.rows(tx, Row, before=before, before_invoice=before_invoice, at_most=at_most)
    return [made(OpenInvoice, _with_money(row, "total", "left")) for row in rows]


async def open_refunds(tx: Tx, at_most: int) -> list[OpenRefund]:
    """The refunds that wait to be transferred, oldest first."""
    rows = await _QUERIES.open_refunds.rows(tx, Row, at_most=at_most)
    return [made(OpenRefund, _with_money(row, "amount")) for row in rows]


async def _undo(tx: Tx, change: Change) -> None:
    """What does not count any more: payments, and what followed from them."""
    for payment in change.payments_reversed:
        await _QUERIES.reverse_payment.run(
            tx,
            payment=payment.payment,
            reversal=payment.reversal,
            reversed_at=payment.reversed_at,
            reversed_by=payment.reversed_by,
        )
    for refund in change.refunds_withdrawn:
        await _QUERIES.withdraw_refund.run(tx, refund=refund.refund, withdrawn_at=refund.withdrawn_at)
    for invoice in change.invoices_reopened:
        await _QUERIES.reopen.run(tx, invoice=invoice.invoice)


async def _add_amendment(tx: Tx, commission: UUID, amendment: Amendment) -> None:
    await _QUERIES.add_amendment.run(
        tx,
        commission=commission,
        number=amendment.number,
        quote=amendment.quote,
        version=amendment.version,
        language=amendment.language,
        document=amendment.document,
        sha256=amendment.sha256,
        accepted_at=amendment.accepted_at,
    )


async def _add_invoice(tx: Tx, invoice: Invoice) -> None:
    """Under the customer's name, if that is known here already; else `record_person` seals it."""
    await lock_person(tx, invoice.customer)
    await _QUERIES.add_invoice.run(
        tx,
        invoice=invoice.invoice,
        number=invoice.number,
        commission=invoice.commission,
        amendment=invoice.amendment,
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


async def _add_payment(tx: Tx, payment: Payment) -> None:
    await _QUERIES.add_payment.run(
        tx,
        payment=payment.payment,
        commission=payment.commission,
        method=payment.method,
        currency=payment.amount.currency,
        amount=payment.amount.minor,
        applied=payment.applied.minor,
        left=payment.left.minor,
        forgiven=payment.forgiven_minor,
        received_on=payment.received_on,
        recorded_at=payment.recorded_at,
        recorded_by=payment.recorded_by,
        bank_reference=payment.bank_reference,
    )


async def _add_refund(tx: Tx, refund: Refund) -> None:
    await _QUERIES.add_refund.run(
        tx,
        refund=refund.refund,
        commission=refund.commission,
        currency=refund.amount.currency,
        amount=refund.amount.minor,
        reason=refund.reason,
        at=refund.due_at,
    )


async def _add_settlement(tx: Tx, commission: UUID, settlement: CancellationSettlement) -> None:
    await _QUERIES.add_settlement.run(
        tx,
        commission=commission,
        percent=settlement.percent,
        reason=settlement.reason,
        currency=settlement.owed.currency,
        owed=settlement.owed.minor,
        paid=settlement.paid.minor,
        refund=settlement.refund.minor,
        left=settlement.left.minor,
        at=settlement.settled_at,
    )


async def _add_transaction(tx: Tx, new: UUID, commission: UUID, transaction: Transaction, at: datetime) -> None:
    """A transaction whose entries come to nothing is none."""
    if not transaction.entries:
        return
    rows = [
        {"place": place, "account": each.account, "currency": each.amount.currency, "amount_minor": each.amount.minor}
        for place, each in enumerate(transaction.entries, start=1)
    ]
    await _QUERIES.add_transaction.run(
        tx,
        transaction=new,
        commission=commission,
        kind=transaction.kind,
        about=transaction.about,
        at=at,
        entries=json.dumps(rows),
    )


def _with_money(row: Row, *names: str) -> Row:
    """A row whose amounts are in `<name>_minor` and `currency`."""
    return {**row, **{name: {"minor": row[f"{name}_minor"], "currency": row["currency"]} for name in names}}
