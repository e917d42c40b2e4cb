"""What each document says, in the words of its language; nothing here knows how it is set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Final

from services.quotes.documents.ordered import OrderedSays, commission_number, ordered_in_full, ordered_in_short
from services.quotes.domain.account import Invoice, InvoiceLine, InvoiceLineCode, InvoiceNote, Seller
from services.quotes.domain.documents import (
    ContractDocument,
    CreditNoteDocument,
    InvoiceDocument,
    QuoteDocument,
    ReceiptDocument,
    Says,
)
from services.quotes.domain.epc import epc_data
from services.quotes.domain.quote import Quote, QuotedBrief, QuoteLine
from services.quotes.domain.references import grouped_reference
from services.quotes.domain.vat import Vat
from services.quotes.labels.wording import Clause, QuoteWording, export_note, no_vat_note, percentage
from shared.contracts.payments import InvoiceKind
from shared.i18n import N_, Label, Reader
from shared.i18n.countries import country_name
from shared.kernel.calendar import last_day
from shared.kernel.money import Money
from shared.web.qr import qr_drawing

LINES: Final[Mapping[InvoiceLineCode, Label]] = {
    InvoiceLineCode.DEPOSIT: Label(
        N_("Deposit"), N_("For a piece made to order, as agreed in version %(version)s of the quote.")
    ),
    InvoiceLineCode.TOP_UP: Label(
        N_("Change of the order"), N_("What the piece costs more by the change, as agreed in version %(version)s.")
    ),
    InvoiceLineCode.CANCELLATION: Label(
        N_("Cancellation"), N_("%(percent)s of the price, for the work done until the cancellation.")
    ),
}
"""A line's title; the remedy is what it explains. A line of the quote has the words of its offering."""
NOTES: Final[Mapping[InvoiceNote, str]] = {
    InvoiceNote.SHIPPED_WHEN_PAID: N_("We ship the piece when the balance has arrived."),
    InvoiceNote.REST_REFUNDED: N_("We refund what you have paid beyond this amount."),
}
_Row = tuple[str, str]
_Sum = tuple[str, str, bool]

_HASHED: Final = N_(
    "It is the hash of the contract as a file of data, which the page of the quote offers. "
    "A single changed character would change it."
)
_CORRECTS: Final[Mapping[InvoiceKind, str]] = {
    InvoiceKind.DEPOSIT: N_("On deposit invoice %(number)s of %(day)s"),
    InvoiceKind.TOP_UP: N_("On top-up invoice %(number)s of %(day)s"),
    InvoiceKind.BALANCE: N_("On final invoice %(number)s of %(day)s"),
}
_DEDUCTED: Final[Mapping[InvoiceKind, str]] = {
    InvoiceKind.DEPOSIT: N_("Deposit invoice %(number)s of %(day)s, including %(vat)s VAT"),
    InvoiceKind.TOP_UP: N_("Top-up invoice %(number)s of %(day)s, including %(vat)s VAT"),
}
_CREDITED: Final = N_(
    "It is deducted from what is still to be paid on this invoice. We refund what is beyond that and has been paid."
)
EXAMPLE_DATA: Final = N_(
    "Example data, no real account: the studio has not set its address, tax number and bank account yet."
)


class DocumentWords:
    """One document in one language."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._ = reader.message

    def invoice(self, document: InvoiceDocument) -> Says:
        invoice = document.invoice
        wording = QuoteWording(self._reader, document.offering)
        return self._said(
            invoice.details.seller,
            self._reader.label(invoice.kind),
            number=invoice.number,
            to=invoice.details.address.splitlines(),
            facts=self._facts(document),
            intro=self._(N_("Your commission: %(title)s"), title=wording.title),
            ordered=self._ordered(document),
            lines=[self._line(each, document, wording) for each in invoice.details.lines],
            sums=self._sums(document),
            pay=self._pay(document),
            notes=list(self._notes(invoice)),
        )

    def credit_note(self, document: CreditNoteDocument) -> Says:
        credit, invoice = document.credit, document.invoice
        percent = percentage(self._reader, invoice.vat_percent)
        net, vat, gross = credit.amounts.net, credit.amounts.vat, credit.amounts.gross
        of = self._(_CORRECTS[invoice.kind], number=invoice.number, day=invoice.issued_on)
        taxed = self._(N_("VAT %(percent)s of it: %(vat)s"), percent=percent, vat=_less(vat))
        return self._said(
            document.seller,
            self._(N_("Credit note")),
            number=credit.number,
            to=invoice.details.address.splitlines(),
            facts=[
                (self._(N_("Credit note number")), credit.number),
                (self._(N_("Date")), self._reader.short_day(credit.issued_on)),
                (self._(N_("Corrects invoice")), invoice.number),
            ],
            intro=self._(N_("Your commission: %(title)s"), title=QuoteWording(self._reader, document.offering).title),
            lines=[(self._(N_("Reduction of the price")), [of, taxed], _less(net))],
            sums=[
                (self._(N_("Total without VAT")), self._money(_less(net)), False),
                (self._(N_("VAT %(percent)s"), percent=percent), self._money(_less(vat)), False),
                (self._(N_("Total with VAT")), self._money(_less(gross)), True),
            ],
            notes=[
                *self._no_vat(Vat(invoice.vat_percent, invoice.details.vat_country), document.seller),
                Clause("", self._(_CREDITED)),
            ],
        )

    def receipt(self, document: ReceiptDocument) -> Says:
        payment = document.payment
        title = QuoteWording(self._reader, document.offering).title
        sums: list[_Sum] = [
            (self._(N_("Amount received")), self._money(payment.amount), True),
            (self._(N_("For your invoices")), self._money(payment.applied), False),
        ]
        if payment.back.minor:
            sums.append((self._(N_("To be refunded")), self._money(payment.back), False))
        if payment.forgiven.minor:
            sums.append((self._(N_("Missing, and not asked for")), self._money(payment.forgiven), False))
        sums.append((self._(N_("Still to be paid on all invoices")), self._money(payment.left), False))
        return self._said(
            document.seller,
            self._(N_("Receipt")),
            to=(),
            facts=[
                (self._(N_("Received on")), self._reader.short_day(payment.received_on)),
                (self._(N_("Way of payment")), self._reader.label(payment.method)),
                (self._(N_("Payment reference")), grouped_reference(document.reference)),
            ],
            intro=self._(N_("Thank you. We have received your payment for: %(title)s"), title=title),
            sums=sums,
            notes=[Clause("", self._(N_("This is a receipt, not an invoice. VAT is stated on the invoices.")))],
        )

    def quote(self, document: QuoteDocument) -> Says:
        quote, offer = document.quote, document.quote.offer
        wording = QuoteWording(self._reader, document.offering)
        facts = [self._commission(quote), (self._(N_("Version")), str(quote.version))]
        if offer:
            facts.append((self._(N_("Valid until")), self._until(quote)))
        if quote.ready_by:
            facts.append((self._(N_("Ready by")), self._reader.short_day(quote.ready_by)))
        return self._said(
            document.seller,
            self._(N_("Quote")),
            to=(document.customer_name,),
            facts=facts,
            intro=self._(N_("Your commission: %(title)s"), title=wording.title),
            ordered=self._ordered_in_full(quote, document.brief, wording),
            lines=[self._quoted(line, wording) for line in quote.price.lines],
            sums=self._quoted_sums(quote),
            notes=[*self._agreed(quote, document.seller, wording), *self._told(quote, document.brief, wording)],
        )

    def contract(self, document: ContractDocument) -> Says:
        quote, amendment = document.quote, document.amendment
        wording = QuoteWording(self._reader, document.offering)
        facts = [
            self._commission(quote),
            (self._(N_("Version of the quote")), str(quote.version)),
            (self._(N_("Accepted")), self._reader.moment(amendment.accepted_at)),
        ]
        if quote.ready_by:
            facts.append((self._(N_("Ready by")), self._reader.short_day(quote.ready_by)))
        return self._said(
            document.seller,
            self._(N_("Contract")),
            to=document.address.splitlines(),
            facts=facts,
            intro=self._(N_("Your commission: %(title)s"), title=wording.title),
            ordered=self._ordered_in_full(quote, document.brief, wording),
            lines=[self._quoted(line, wording) for line in quote.price.lines],
            sums=self._quoted_sums(quote),
            notes=[
                *self._agreed(quote, document.seller, wording),
                Clause(self._(N_("The hash of this contract (SHA-256)")), amendment.sha256),
                Clause("", self._(_HASHED)),
            ],
        )

    def _commission(self, quote: Quote) -> _Row:
        return self._(N_("Commission")), commission_number(quote.commission)

    def _ordered_in_full(self, quote: Quote, brief: QuotedBrief | None, wording: QuoteWording) -> OrderedSays | None:
        return ordered_in_full(self._reader, wording, quote.commission, brief) if brief else None

    def _ordered(self, document: InvoiceDocument) -> OrderedSays | None:
        if document.ordered is None:
            return None
        return ordered_in_short(self._reader, document.quote.commission, document.ordered)

    def _agreed(self, quote: Quote, seller: Seller, wording: QuoteWording) -> list[Clause]:
        """What is agreed to besides the price."""
        differ = N_("What may differ: %(what)s")
        return [
            *self._no_vat(Vat.of_line(quote.price.vat), seller),
            *wording.terms(quote),
            *(Clause(self._(differ, what=each.title), each.words) for each in wording.variation(quote)),
        ]

    def _told(self, quote: Quote, brief: QuotedBrief | None, wording: QuoteWording) -> list[Clause]:
        """What a quote tells and nobody agrees to: what it is made of, and an estimate of its life."""
        life = wording.life(quote)
        return [*(wording.materials(brief.answers) if brief else ()), *([life] if life else [])]

    def _said(
        self,
        seller: Seller,
        title: str,
        *,
        number: str = "",
        to: Iterable[str],
        facts: Sequence[_Row],
        intro: str,
        ordered: OrderedSays | None = None,
        lines: Iterable[tuple[str, Sequence[str], Money]] = (),
        sums: Sequence[_Sum],
        pay: Mapping[str, object] | None = None,
        notes: Iterable[Clause] = (),
    ) -> Says:
        return {
            "language": self._reader.language,
            "region": self._reader.locale.territory,
            "seller": asdict(seller),
            "warning": self._(EXAMPLE_DATA) if seller.example else "",
            "title": title,
            "number": number,
            "to": [line for line in to if line],
            "facts": [row for row in facts if row[1]],
            "intro": intro,
            "ordered": ordered,
            "labels": {
                "item": self._(N_("Item")),
                "amount": self._(N_("Without VAT")),
                "tax_number": self._(N_("Tax number %(number)s"), number=seller.tax_number),
                "page": self._(N_("Page")),
            },
            "lines": [
                {"title": name, "detail": [part for part in detail if part], "amount": self._money(amount)}
                for name, detail, amount in lines
            ],
            "sums": sums,
            "pay": pay,
            "notes": [asdict(note) for note in notes],
        }

    def _facts(self, document: InvoiceDocument) -> list[_Row]:
        invoice = document.invoice
        facts = [
            (self._(N_("Invoice number")), invoice.number),
            (self._(N_("Invoice date")), self._reader.short_day(invoice.issued_on)),
        ]
        if invoice.kind is InvoiceKind.BALANCE:
            facts.append((self._(N_("Date of supply")), self._(N_("on shipping"))))
        if invoice.due_on:
            facts.append((self._(N_("Due by")), self._reader.short_day(invoice.due_on)))
        return [*facts, (self._(N_("Payment reference")), grouped_reference(document.reference))]

    def _line(
        self, line: InvoiceLine, document: InvoiceDocument, wording: QuoteWording
    ) -> tuple[str, Sequence[str], Money]:
        if line.code is InvoiceLineCode.QUOTE_LINE:
            quoted = next(each for each in document.quote.price.lines if each.code == line.line)
            words = wording.line(quoted)
            return words.title, [words.detail], line.amount
        label = LINES[line.code]
        given = {"version": str(line.version or ""), "percent": self._reader.percent(line.percent or 0)}
        detail = label.remedy if line.percent != 0 else N_("You owe nothing.")
        return self._(label.message), [self._(detail, **given)], line.amount

    def _sums(self, document: InvoiceDocument) -> list[_Sum]:
        invoice = document.invoice
        percent = percentage(self._reader, invoice.vat_percent)
        sums: list[_Sum] = [
            (self._(N_("Total without VAT")), self._money(invoice.amounts.net), False),
            (self._(N_("VAT %(percent)s"), percent=percent), self._money(invoice.amounts.vat), False),
            (self._(N_("Total with VAT")), self._money(invoice.amounts.gross), True),
        ]
        for deposit in document.deducted:
            less = Money(minor=-deposit.amounts.gross.minor, currency=deposit.amounts.gross.currency)
            label = self._(
                _DEDUCTED[deposit.kind], number=deposit.number, day=deposit.issued_on, vat=deposit.amounts.vat
            )
            sums.append((label, self._money(less), False))
        for credit in document.credited:
            label = self._(
                N_("Credit note %(number)s of %(day)s, including %(vat)s VAT"),
                number=credit.number,
                day=credit.issued_on,
                vat=credit.amounts.vat,
            )
            sums.append((label, self._money(credit.amounts.gross), False))
        if document.deducted:
            sums.append((self._(N_("Amount due")), self._money(invoice.total), True))
        return sums

    def _pay(self, document: InvoiceDocument) -> Mapping[str, object] | None:
        invoice, seller = document.invoice, document.invoice.details.seller
        if invoice.due_on is None or invoice.total.minor <= 0:
            return None
        open_amount = invoice.kind is InvoiceKind.CANCELLATION  # what is left of it by then is on the page alone
        data = None if open_amount else epc_data(seller, invoice.total, document.reference)
        title = (
            self._(N_("Please transfer the open amount by %(day)s"), day=invoice.due_on)
            if invoice.kind is InvoiceKind.CANCELLATION
            else self._(N_("Please transfer %(amount)s by %(day)s"), amount=invoice.total, day=invoice.due_on)
        )
        return {
            "title": title,
            "rows": [
                (self._(N_("Payee")), seller.bank_holder),
                (self._(N_("IBAN")), seller.bank_iban),
                *([(self._(N_("BIC")), seller.bank_bic)] if seller.bank_bic else []),
                (self._(N_("Bank")), seller.bank_name),
                (self._(N_("Payment reference")), grouped_reference(document.reference)),
            ],
            "code": qr_drawing(data) if data else "",
            "scan": self._(N_("Scan with your banking app")) if data else "",
        }

    def _quoted(self, line: QuoteLine, wording: QuoteWording) -> tuple[str, Sequence[str], Money]:
        words = wording.line(line)
        reason = (
            self._(N_("Set by us: %(reason)s"), reason=line.adjustment.reason)
            if line.adjustment and not line.ours
            else words.detail
        )
        return words.title, [reason, words.why], line.amount

    def _quoted_sums(self, quote: Quote) -> list[_Sum]:
        percent = percentage(self._reader, quote.price.vat.quantity or Decimal(0))
        sums: list[_Sum] = [
            (self._(N_("Total without VAT")), self._money(quote.price.net), False),
            (self._(N_("VAT %(percent)s"), percent=percent), self._money(quote.price.vat.amount), False),
            (self._(N_("Total with VAT")), self._money(quote.price.total), True),
        ]
        if quote.offer and quote.balance:
            sums.append((self._(N_("Deposit due on acceptance")), self._money(quote.offer.deposit), False))
            sums.append((self._(N_("Balance before shipping")), self._money(quote.balance), False))
        return sums

    def _until(self, quote: Quote) -> str:
        """The last moment before the quote expires: a day, and the hour where it is not the day's end."""
        if quote.offer is None:
            return ""
        until = quote.offer.valid_until
        day = last_day(until, self._reader.zone)
        return self._reader.short_day(day) if day else self._reader.moment(until)

    def _notes(self, invoice: Invoice) -> Iterable[Clause]:
        yield from self._no_vat(Vat(invoice.vat_percent, invoice.details.vat_country), invoice.details.seller)
        if invoice.details.note:
            yield Clause("", self._(NOTES[invoice.details.note]))
        if invoice.details.replaces:
            void = self._reader.listed(invoice.details.replaces)
            said = N_("This invoice replaces %(invoices)s. It also corrects the VAT stated there.")
            yield Clause("", self._(said, invoices=void))
        if invoice.kind is InvoiceKind.DEPOSIT:
            said = N_("The piece is not made yet. The final invoice deducts this deposit from its price.")
            yield Clause("", self._(said))
        if invoice.kind is InvoiceKind.TOP_UP:
            said = N_("The piece is not made yet. The final invoice deducts this amount from its price.")
            yield Clause("", self._(said))

    def _no_vat(self, vat: Vat, seller: Seller) -> Iterable[Clause]:
        """Why no VAT is charged, where it is none; whose rate it is, where it is not the studio's own."""
        if vat.exported:
            yield Clause("", export_note(self._reader, vat))
        elif not vat.percent:
            yield Clause("", no_vat_note(self._reader, seller))
        elif vat.country:
            said = N_("VAT at the rate of %(country)s, where the piece is delivered.")
            yield Clause("", self._(said, country=country_name(self._reader, vat.country)))

    def _money(self, amount: Money) -> str:
        return self._reader.money(amount)


def _less(amount: Money) -> Money:
    return Money.zero(amount.currency).less(amount)
