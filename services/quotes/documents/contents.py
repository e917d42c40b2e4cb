"""What each paper says, in words and figures for people; nothing here knows how it is set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.quotes.documents.pdf import Pdf, render_pdf
from services.quotes.domain.account import Invoice, Seller
from services.quotes.domain.documents import InvoiceDocument, QuoteDocument, ReceiptDocument
from services.quotes.domain.quote import Clause, Line, Quote, plain_number
from services.quotes.domain.references import grouped_reference
from services.quotes.domain.terms import last_day
from shared.contracts.payments import InvoiceKind
from shared.kernel.money import Money
from shared.web.dates import Wording

_TITLES = {
    InvoiceKind.DEPOSIT: "Deposit invoice",
    InvoiceKind.BALANCE: "Final invoice",
    InvoiceKind.CANCELLATION: "Cancellation invoice",
}
_Row = tuple[str, str]


class DocumentWriter:
    """Writes the papers of one studio, dates as in its zone (an IANA name)."""

    def __init__(self, zone: str) -> None:
        self._wording = Wording(ZoneInfo(zone))

    async def invoice(self, paper: InvoiceDocument) -> Pdf:
        """An invoice with what § 14 (4) UStG wants on it. Raises what `render_pdf` does."""
        invoice = paper.invoice
        said = self._said(
            invoice.details.seller,
            _TITLES[invoice.kind],
            number=invoice.number,
            to=(paper.customer_name, *invoice.details.address.splitlines()),
            facts=self._facts(paper),
            intro=f"For your commission: {paper.title}.",
            lines=[(line.title, [line.detail], line.amount) for line in invoice.details.lines],
            sums=self._sums(paper),
            pay=self._pay(paper),
            notes=_notes(invoice),
        )
        return await render_pdf(f"invoice-{invoice.number}", said)

    async def receipt(self, paper: ReceiptDocument) -> Pdf:
        """A receipt for a payment. Raises what `render_pdf` does."""
        payment = paper.payment
        sums = [
            ("PaymentCreate", self._money(payment.amount), True),
            ("Of it, for your commission", self._money(payment.applied), False),
        ]
        if payment.back.minor:
            sums.append(("Of it, goes back to you", self._money(payment.back), False))
        sums.append(("Left to be paid of all that was asked for", self._money(payment.left), False))
        said = self._said(
            paper.seller,
            "Receipt",
            to=(paper.customer_name,),
            facts=[
                ("PaymentCreate on", self._wording.short_day(payment.received_on)),
                ("Reference", grouped_reference(paper.reference)),
            ],
            intro=f"We have received your transfer for {paper.title}. Thank you.",
            sums=sums,
            notes=[Clause("", "This is a receipt, not an invoice: VAT is stated on the invoices.")],
        )
        return await render_pdf(f"receipt-{payment.received_on.isoformat()}", said)

    async def quote(self, paper: QuoteDocument) -> Pdf:
        """A quote with its terms and its variation. Raises what `render_pdf` does."""
        quote, offer = paper.quote, paper.quote.offer
        facts = [("Version", str(quote.version))]
        if offer:
            facts.append(("Valid until", self.until(offer.valid_until)))
        if quote.ready_by:
            facts.append(("Ready by", self._wording.short_day(quote.ready_by)))
        said = self._said(
            paper.seller,
            "Quote",
            to=(paper.customer_name,),
            facts=facts,
            intro=f"For your commission: {paper.title}. Every line says what it pays for.",
            lines=[(line.title, _explained(line), line.amount) for line in quote.price.lines],
            sums=self._quoted(quote),
            notes=[*offer.terms, *_differs(offer.variation)] if offer else [],
        )
        return await render_pdf(f"quote-version-{quote.version}", said)

    def until(self, instant: datetime) -> str:
        """The last moment before this instant, as people say it: a day, and the hour where it is not the day's end."""
        day = last_day(instant, self._wording.zone)
        return self._wording.short_day(day) if day else self._wording.moment(instant)

    def _said(
        self,
        seller: Seller,
        title: str,
        *,
        number: str = "",
        to: Iterable[str],
        facts: Sequence[_Row],
        intro: str,
        lines: Iterable[tuple[str, list[str], Money]] = (),
        sums: Sequence[tuple[str, str, bool]],
        pay: Mapping[str, Any] | None = None,
        notes: Iterable[Clause] = (),
    ) -> Mapping[str, Any]:
        return {
            "seller": asdict(seller),
            "title": title,
            "number": number,
            "to": [line for line in to if line],
            "facts": [row for row in facts if row[1]],
            "intro": intro,
            "column": "Without VAT",
            "lines": [
                {"title": name, "detail": [part for part in detail if part], "amount": self._money(amount)}
                for name, detail, amount in lines
            ],
            "sums": sums,
            "pay": pay,
            "notes": [asdict(note) for note in notes],
        }

    def _facts(self, paper: InvoiceDocument) -> list[_Row]:
        invoice = paper.invoice
        facts = [("Number", invoice.number), ("Date", self._wording.short_day(invoice.issued_on))]
        if invoice.kind is InvoiceKind.BALANCE:
            facts.append(("Supply", "on shipping"))
        if invoice.due_on:
            facts.append(("Due on", self._wording.short_day(invoice.due_on)))
        return [*facts, ("Reference", grouped_reference(paper.reference))]

    def _sums(self, paper: InvoiceDocument) -> list[tuple[str, str, bool]]:
        invoice = paper.invoice
        percent = f"VAT, {plain_number(invoice.vat_percent)} percent"
        sums = [
            ("Without VAT", self._money(invoice.amounts.net), False),
            (percent, self._money(invoice.amounts.vat), False),
            ("With VAT", self._money(invoice.amounts.gross), True),
        ]
        for deposit in paper.deducted:
            of = f"{deposit.number} of {self._wording.short_day(deposit.issued_on)}"
            less = Money(minor=-deposit.amounts.gross.minor, currency=deposit.amounts.gross.currency)
            sums.append((f"Deposit, invoice {of}", self._money(less), False))
            sums.append((f"of which VAT {self._money(deposit.amounts.vat)}", "", False))
        if paper.deducted:
            sums.append(("Left to be paid by this invoice", self._money(invoice.total), True))
        return sums

    def _pay(self, paper: InvoiceDocument) -> Mapping[str, Any] | None:
        invoice, seller = paper.invoice, paper.invoice.details.seller
        if invoice.due_on is None or invoice.total.minor <= 0:
            return None
        return {
            "title": f"Please transfer {self._money(invoice.total)} by {self._wording.short_day(invoice.due_on)}"
            if invoice.kind is not InvoiceKind.CANCELLATION
            else f"Please transfer what is left of it by {self._wording.short_day(invoice.due_on)}",
            "rows": [
                ("To", seller.bank_holder),
                ("IBAN", seller.bank_iban),
                ("Bank", seller.bank_name),
                ("Reference", grouped_reference(paper.reference)),
            ],
        }

    def _quoted(self, quote: Quote) -> list[tuple[str, str, bool]]:
        sums = [
            ("Without VAT", self._money(quote.price.net), False),
            (f"VAT, {quote.price.vat.count}", self._money(quote.price.vat.amount), False),
            ("What you pay", self._money(quote.price.total), True),
        ]
        if quote.offer and quote.balance:
            sums.append(("Of it, deposit upon acceptance", self._money(quote.offer.deposit), False))
            sums.append(("Of it, balance before shipping", self._money(quote.balance), False))
        return sums

    def _money(self, amount: Money) -> str:
        return self._wording.money(amount)


def _explained(line: Line) -> list[str]:
    reason = f"Set by the studio: {line.adjustment.reason}" if line.adjustment else ""
    return [line.detail, reason, line.why]


def _differs(variation: Sequence[Clause]) -> list[Clause]:
    return [Clause(f"It will differ: {each.title}", each.words) for each in variation]


def _notes(invoice: Invoice) -> list[Clause]:
    notes = [Clause("", invoice.details.note)] if invoice.details.note else []
    if invoice.details.replaces:
        void = ", ".join(invoice.details.replaces)
        notes.append(Clause("", f"This invoice replaces: {void}. VAT that was stated there is corrected by it."))
    if invoice.kind is InvoiceKind.DEPOSIT:
        notes.append(Clause("", "The piece is still to be made; the final invoice takes this deposit off its price."))
    return notes
