"""What a quote says, in a reader's language: its lines, terms and variation, by the words of its offering."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_percent

from services.quotes.domain.account import Seller
from services.quotes.domain.quote import FixedLineCode, LineUnit, Quote, QuotedBrief, QuoteLine, Term, TermCode
from services.quotes.domain.terms import Json
from services.quotes.domain.vat import Vat
from services.quotes.labels import codes
from shared.contracts.briefs import BriefAnswer
from shared.i18n import N_, Reader, n_
from shared.i18n.countries import country_name
from shared.kernel.phrases import Param
from shared.offerings.layouts import DrawnWords, drawn_words
from shared.offerings.measures import Quantity
from shared.offerings.model import Offering
from shared.offerings.pricing import LineDetail, PriceLine, Saying
from shared.offerings.spoken import named, spoken
from shared.offerings.words import filled

_ERASED_LINE = N_("Another item")
_NONE = N_("None")
_LAW = N_("%(words)s The legal basis is § 312g (2) 1 BGB and Directive 2011/83/EU, Article 16(c).")
_YEARS = n_("Expected to last %(count)s year", "Expected to last %(count)s years")
_A_YEAR = N_(
    "That is about %(amount)s a year: the price with VAT, divided by these years. It is an estimate from experience "
    "with such pieces, without care and repairs, and no promise."
)
_NO_VAT = N_("We charge no VAT.")
_SMALL_BUSINESS = N_("We charge no VAT: small business, § 19 UStG.")
_VAT = N_("%(percent)s of the sum above")
_VAT_ABROAD = N_("%(percent)s of the sum above: the rate of %(country)s, where it is delivered")
_EXPORT = N_("Export to %(country)s: the delivery is exempt from VAT. Import duty and tax there are not included.")


@dataclass(frozen=True)
class LineWords:
    """A line in words: what it is called, how it is counted, what was counted, and what it pays for."""

    title: str
    count: str
    detail: str
    why: str


@dataclass(frozen=True)
class Clause:
    """One thing that is agreed to besides the price: a heading, and what it says."""

    title: str
    words: str


class QuoteWording:
    """Puts the codes of one quote into words. Where its offering is not here yet, codes are shown."""

    def __init__(self, reader: Reader, offering: Offering | None) -> None:
        self._reader = reader
        self._offering = offering.in_language(reader.language) if offering else None

    @property
    def title(self) -> str:
        """What the offering is called; empty where it is not here."""
        return self._offering.title if self._offering else ""

    def piece(self, answers: Iterable[BriefAnswer]) -> str:
        """What is made, in one line; empty where its offering is not here."""
        return named(self._offering, answers, self._reader) if self._offering else ""

    def answer(self, answer: BriefAnswer) -> tuple[str, str]:
        """What a field of the brief is called, and what was answered."""
        found = self._offering.form.field(answer.field) if self._offering else None
        return found.label if found else answer.field, spoken(self._offering, answer, self._reader)

    def needed_by(self, answers: Iterable[BriefAnswer]) -> date | None:
        """The day by which the customer needs the piece, if the offering asks for it and they have one."""
        field = self._offering.form.needed_by if self._offering else None
        said = next((answer.value for answer in answers if field and answer.field == field.name), None)
        return date.fromisoformat(str(said)) if said else None

    def drawings(self, answers: Iterable[BriefAnswer]) -> tuple[DrawnWords, ...]:
        """The words on the piece, as they will be; none where its offering is not here."""
        return drawn_words(self._offering, answers) if self._offering else ()

    def material(self, name: str) -> str:
        """What a material is called whose price the market makes."""
        priced = self._offering.pricing.commodities if self._offering else ()
        return next((each.title for each in priced if each.name == name), name)

    def line(self, line: QuoteLine) -> LineWords:
        if line.ours:
            title = line.title or self._reader.message(_ERASED_LINE)
            title = self._reader.label(FixedLineCode.DISCOUNT) if line.title is None else title
            return LineWords(title, "", line.adjustment.reason if line.adjustment else "", "")
        if line.code in set(FixedLineCode):
            return self._fixed(line, FixedLineCode(line.code))
        found = self._priced(line.code)
        return LineWords(
            title=found.title if found else line.code,
            count=self.count(line),
            detail=self._detail(line, found) if found else "",
            why=found.why if found else "",
        )

    def count(self, line: QuoteLine) -> str:
        """The quantity with its unit, as in "5.53 g"; empty where nothing is counted."""
        if line.quantity is None or line.unit is None:
            return ""
        if line.unit is LineUnit.PERCENT:
            return percentage(self._reader, line.quantity)
        count = 1 if line.quantity == 1 else 2
        return self._reader.label(line.unit, quantity=self._number(line.quantity), count=count)

    def terms(self, quote: Quote) -> tuple[Clause, ...]:
        """The terms of a quote that was sent, in the order in which they are read."""
        return tuple(map(self._term, quote.offer.terms)) if quote.offer else ()

    def variation(self, quote: Quote) -> tuple[Clause, ...]:
        """How the piece will differ from others."""
        agreed = set(quote.offer.variation) if quote.offer else set()
        listed = self._offering.variation if self._offering else ()
        return tuple(Clause(each.what, f"{each.within} {each.why}") for each in listed if each.id in agreed)

    def materials(self, answers: Iterable[BriefAnswer]) -> tuple[Clause, ...]:
        """What a piece of these answers is made of, and where that comes from."""
        given = {each.field: str(each.value) for each in answers}
        listed = self._offering.materials if self._offering else ()
        return tuple(Clause(each.title, f"{each.composition} {each.origin}") for each in listed if each.applies(given))

    def life(self, quote: Quote) -> Clause | None:
        """How long it should serve, and what that is a year: an estimate with its basis. None without its offering."""
        if self._offering is None:
            return None
        life = self._offering.life
        a_year = quote.price.total.times(Decimal(1) / life.expected_years)
        said = self._reader.message(_A_YEAR, amount=a_year)
        return Clause(self._reader.message(_YEARS, count=life.expected_years), f"{life.use} {said}")

    def contract(self, quote: Quote, brief: QuotedBrief | None) -> Json:
        """All that the customer reads and agrees to."""
        answers = [(each.field, *self.answer(each)) for each in (brief.answers if brief else ())]
        lines = [(line, self.line(line)) for line in (*quote.price.lines, quote.price.vat)]
        return {
            "title": self.title,
            "ordered": [{"field": field, "label": label, "said": said} for field, label, said in answers],
            "lines": [
                {"code": line.code, "title": said.title, "count": said.count, "detail": said.detail, "why": said.why}
                for line, said in lines
            ],
            "terms": [[each.title, each.words] for each in self.terms(quote)],
            "variation": [[each.title, each.words] for each in self.variation(quote)],
        }

    def _priced(self, code: str) -> PriceLine | None:
        lines = self._offering.pricing.lines if self._offering else ()
        return next((each for each in lines if each.code == code), None)

    def _fixed(self, line: QuoteLine, code: FixedLineCode) -> LineWords:
        title, why = self._reader.label(code), self._reader.remedy(code)
        if code is FixedLineCode.VAT:
            return self._vat(line, title, why)
        return LineWords(title, "", "", self._offering.pricing.minimum_why if self._offering else why)

    def _vat(self, line: QuoteLine, title: str, why: str) -> LineWords:
        vat = Vat.of_line(line)
        if vat.exported:
            return LineWords(title, self.count(line), "", export_note(self._reader, vat))
        if not vat.percent:
            return LineWords(title, self.count(line), "", self._reader.message(_NO_VAT))
        given = {"percent": percentage(self._reader, vat.percent), "country": country_name(self._reader, vat.country)}
        detail = self._reader.message(_VAT_ABROAD if vat.country else _VAT, **given)
        return LineWords(title, self.count(line), detail, why)

    def _detail(self, line: QuoteLine, priced: PriceLine) -> str:
        said = priced.said(line, self._offering) if self._offering else ()
        if not said and not line.amount.minor and not line.adjustment:
            return self._reader.gettext(_NONE)
        return "; ".join(each if isinstance(each, str) else self._said(each) for each in said)

    def _said(self, saying: Saying) -> str:
        figures = {name: self._figure(value) for name, value in saying.figures.items()}
        if isinstance(saying.words, LineDetail):
            return self._reader.label(saying.words, **figures)
        return filled(saying.words, figures)

    def _figure(self, value: str | Quantity | date) -> str:
        """A figure as this language writes it; a percentage with its sign, other units are in the words around it."""
        if isinstance(value, Quantity):
            return percentage(self._reader, value.value) if value.unit == "percent" else self._number(value.value)
        return self._reader.written(value)

    def _term(self, term: Term) -> Clause:
        given = self._given(term)
        label = codes.TERMS[term.code]
        if term.code is TermCode.WITHDRAWAL and (words := self._withdrawal()):
            return Clause(self._reader.message(label.message), self._reader.message(_LAW, words=words))
        return Clause(self._reader.message(label.message, **given), self._reader.message(label.remedy, **given))

    def _withdrawal(self) -> str:
        """What the offering says about the right of withdrawal."""
        says = self._offering.label.says if self._offering else ()
        return " ".join(each.says for each in says if each.at == "quote")

    def _given(self, term: Term) -> Mapping[str, Param]:
        gates = self._offering.gates if self._offering else ()
        gate = next((each for each in gates if each.id == term.gate), None)
        given: dict[str, Param] = {"gate": gate.title if gate else "", "why": gate.cancel_why if gate else ""}
        given |= {"percent": self._reader.percent(term.percent)} if term.percent is not None else {}
        given |= {"days": term.days} if term.days is not None else {}
        given |= {"count": term.months} if term.months is not None else {}
        return given | ({"day": term.day} if term.day is not None else {})

    def _number(self, number: Decimal) -> str:
        return self._reader.number(plain(number))


def contract_words(reader: Reader) -> Callable[[Quote, Offering | None, QuotedBrief | None], Json]:
    """Says all that a customer agrees to, in this reader's language."""
    return lambda quote, offering, brief: QuoteWording(reader, offering).contract(quote, brief)


def export_note(reader: Reader, vat: Vat) -> str:
    """Why a delivery that leaves the country has no VAT."""
    return reader.message(_EXPORT, country=country_name(reader, vat.country))


def no_vat_note(reader: Reader, seller: Seller) -> str:
    """Why no VAT is charged, as papers have to say: in the studio's words, else by the law of its country."""
    return seller.vat_note or reader.message(_SMALL_BUSINESS if seller.country == "DE" else _NO_VAT)


def percentage(reader: Reader, number: Decimal) -> str:
    """A percentage as this language writes it, as in "8.1%"."""
    return format_percent(number / 100, locale=reader.locale, decimal_quantization=False)


def plain(number: Decimal) -> Decimal:
    """A number without trailing zeros, and without an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
