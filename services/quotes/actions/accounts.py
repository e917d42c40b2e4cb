"""The money of a commission: how it stands, and the bookings that invoices and payments share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.quotes.domain.ledger import Account, Entry, JournalKind
from services.quotes.domain.money import Refund, Seller, Standing, covered
from services.quotes.settings import Settings
from services.quotes.store import money
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.payments import InvoiceKind, InvoicePaid, RefundDue, RefundReason
from shared.kernel.calendar import day_of
from shared.kernel.ids import Ids
from shared.kernel.money import Money
from shared.postgres.database import Tx

_DAY = timedelta(days=1)
_PAID_AT: Final[Mapping[Phase, InvoiceKind]] = {
    Phase.DEPOSIT: InvoiceKind.DEPOSIT,
    Phase.BALANCE: InvoiceKind.BALANCE,
}


@dataclass(frozen=True)
class Books:
    """What booking needs besides the transaction: the studio's settings, ids, and the instant."""

    settings: Settings
    new_id: Ids
    at: datetime

    @property
    def today(self) -> date:
        """The day that it is at the studio."""
        return day_of(self.at, ZoneInfo(self.settings.studio_zone))

    def in_days(self, days: int) -> date:
        return self.today + days * _DAY

    @property
    def seller(self) -> Seller:
        """What invoices say of the studio."""
        return seller_of(self.settings)


def seller_of(settings: Settings) -> Seller:
    """Who the studio is and where money is sent, as the settings have it now."""
    return Seller(
        name=settings.studio_name,
        address=settings.studio_address,
        tax_number=settings.tax_number,
        bank_holder=settings.bank_holder,
        bank_iban=settings.bank_iban,
        bank_name=settings.bank_name,
    )


async def standing(tx: Tx, commission: UUID, currency: str) -> Standing | None:
    """How the money of a commission stands; None where nothing was agreed and nothing came in."""
    contract = await money.contract(tx, commission)
    payments = await money.payments(tx, commission)
    if contract is None and not payments:
        return None
    return Standing(
        reference=contract.reference if contract else "",
        left=await left(tx, commission, currency),
        invoices=await money.invoices(tx, commission),
        payments=payments,
        refunds=await money.refunds(tx, commission),
        settled=await money.settlement(tx, commission),
    )


async def give_time(tx: Tx, stage: PhaseEntered, zone: ZoneInfo) -> None:
    """Heed the clock: where it rings later than an invoice says, the customer has each day that is whole before."""
    kind = _PAID_AT.get(stage.phase)
    if kind is None or stage.holder is not Holder.CUSTOMER or stage.due is None:
        return
    if await money.extend_invoice(tx, stage.commission, kind, day_of(stage.due, zone) - _DAY):
        tx.touch(stage.commission)


async def left(tx: Tx, commission: UUID, currency: str) -> Money:
    """What is still to be paid of all that was asked for."""
    return Money(minor=await money.balance(tx, commission, Account.RECEIVABLE), currency=currency)


async def book(
    tx: Tx, books: Books, commission: UUID, kind: JournalKind, *, about: UUID, entries: Sequence[Entry]
) -> None:
    """Book what happened; entries that come to nothing are no journal."""
    if entries:
        await money.book(tx, books.new_id(), commission, kind, about=about, at=books.at, entries=tuple(entries))
    tx.touch(commission)


async def cover(tx: Tx, books: Books, commission: UUID, currency: str) -> list[InvoicePaid]:
    """Write down which invoices are paid in full by now; the facts to tell."""
    stood = await standing(tx, commission, currency)
    paid = covered(stood.open_invoices, stood.left) if stood else ()
    for invoice in paid:
        await money.mark_paid(tx, invoice.invoice, books.at)
    return [
        InvoicePaid(at=books.at, commission=commission, invoice=invoice.invoice, kind=invoice.kind) for invoice in paid
    ]


async def owe_back(tx: Tx, books: Books, commission: UUID, amount: Money, reason: RefundReason) -> RefundDue:
    """Keep that so much goes back to the customer; the fact to tell."""
    refund = Refund(books.new_id(), commission, amount, reason, books.at)
    await money.owe_back(tx, refund)
    return RefundDue(at=books.at, commission=commission, refund=refund.refund, amount=amount, reason=reason)
