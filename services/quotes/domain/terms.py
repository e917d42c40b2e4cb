"""What is agreed to with a quote: its terms, and how the piece will differ from every other; as codes."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import rfc8785

from services.quotes.domain.documents import AgreedOrder, OrderedAnswer
from services.quotes.domain.quote import Quote, QuotedBrief, QuoteLine, Term, TermCode
from shared.contracts.quotes import GUARANTEE_MONTHS, WITHDRAWAL_DAYS
from shared.kernel.calendar import day_of, end_of_day
from shared.offerings.form import TextField
from shared.offerings.measures import Answers
from shared.offerings.model import Offering

_ALL = 100

Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None


def valid_until(now: datetime, valid_days: int, held_until: datetime | None, zone: ZoneInfo) -> datetime:
    """The end of the offering's last day, in the studio's zone; never beyond the instant that the hours are held to."""
    last = end_of_day(day_of(now, zone) + timedelta(days=valid_days), zone)
    return min(last, held_until) if held_until else last


@dataclass(frozen=True)
class TermFigures:
    """What the studio's settings and the held hours put into the terms of a quote."""

    deposit_percent: int
    deposit_days: int
    ready_by: date | None = None
    guarantee_months: int = GUARANTEE_MONTHS


def terms(offering: Offering, answers: Answers, given: TermFigures) -> tuple[Term, ...]:
    """The terms of a quote for a piece with these answers, in the order in which they are read."""
    return tuple(_terms(offering, answers, given))


def withdrawal_days(agreed: Iterable[Term]) -> int | None:
    """How long the customer may withdraw from the contract once the piece has arrived; None where they may not."""
    return next((each.days for each in agreed if each.code is TermCode.WITHDRAWAL_RIGHT), None)


def guarantee_months(agreed: Iterable[Term]) -> int:
    """How long the studio answers for the piece, by the terms that were agreed to."""
    return next((each.months for each in agreed if each.months is not None), GUARANTEE_MONTHS)


def variation(offering: Offering, answers: Answers) -> tuple[str, ...]:
    """The ids of what will differ in a piece of this brief."""
    return tuple(each.id for each in offering.variation if each.applies(answers))


def _terms(offering: Offering, answers: Answers, given: TermFigures) -> Iterator[Term]:
    yield Term(TermCode.DEPOSIT, percent=given.deposit_percent, days=given.deposit_days)
    if given.deposit_percent < _ALL:
        yield Term(TermCode.BALANCE)
    if given.ready_by:
        yield Term(TermCode.READY_BY, day=given.ready_by)
    if offering.withdrawal and offering.withdrawal.applies(answers):
        yield Term(TermCode.WITHDRAWAL_RIGHT, days=WITHDRAWAL_DAYS)
    else:
        yield Term(TermCode.WITHDRAWAL)
    yield Term(TermCode.CANCEL_BEFORE_WORK)
    for gate in offering.gates:
        yield Term(TermCode.CANCEL_AFTER_GATE, gate=gate.id, percent=int(gate.cancel_percent))
    if offering.gates:
        yield Term(TermCode.CANCELLED_BY_STUDIO)
    yield Term(TermCode.GUARANTEE, months=given.guarantee_months)


def contract_document(quote: Quote, brief: QuotedBrief | None, language: str, words: Json) -> tuple[str, str]:
    """What exactly is agreed to with this version, as canonical JSON (RFC 8785), and its SHA-256.

    `brief` is what is ordered, `words` what the customer read of all this, in their language.
    """
    if quote.offer is None:
        raise ValueError("a version that was never sent cannot be agreed to")
    document = rfc8785.dumps(
        {**_agreed(quote), "brief": _ordered(brief) if brief else None, "language": language, "words": words}
    )
    return document.decode(), hashlib.sha256(document).hexdigest()


def without_prose(brief: QuotedBrief, offering: Offering | None) -> QuotedBrief:
    """The brief without what its customer wrote about themselves.

    A contract says what is ordered, and is kept for years after its customer was erased.
    """
    fields = offering.form.questions if offering else ()
    kept = {each.name for each in fields if not (isinstance(each, TextField) and each.rule is None)}
    return replace(brief, answers=tuple(each for each in brief.answers if each.field in kept))


def agreed_order(document: str) -> AgreedOrder | None:
    """What a contract's document says that is ordered; None where it does not, or was erased."""
    agreed = json.loads(document) if document else {}
    brief = agreed.get("brief")
    if brief is None:
        return None
    return AgreedOrder(
        version=brief["version"],
        written_at=datetime.fromisoformat(brief["written_at"]),
        answers=tuple(OrderedAnswer(**each) for each in agreed["words"]["ordered"]),
    )


def _ordered(brief: QuotedBrief) -> Json:
    return {
        "version": brief.version,
        "written_at": brief.written_at.isoformat(),
        "answers": [{"field": each.field, "value": each.value, "written": each.written} for each in brief.answers],
        "images": [str(each) for each in brief.images],
    }


def _agreed(quote: Quote) -> dict[str, Json]:
    offer = quote.offer
    return {
        "quote": str(quote.quote),
        "version": quote.version,
        "commission": str(quote.commission),
        "brief_version": quote.brief_version,
        "craft": quote.craft,
        "offering": quote.offering,
        "offering_version": quote.offering_version,
        "lines": [_line(line) for line in (*quote.price.lines, quote.price.vat)],
        "currency": quote.price.total.currency,
        "net": quote.price.net.minor,
        "total": quote.price.total.minor,
        "deposit": offer.deposit.minor if offer else None,
        "valid_until": offer.valid_until.isoformat() if offer else None,
        "ready_by": quote.ready_by.isoformat() if quote.ready_by else None,
        "ready_by_p50": quote.ready_by_p50.isoformat() if quote.ready_by_p50 else None,
        "terms": [_term(each) for each in offer.terms] if offer else [],
        "variation": list(offer.variation) if offer else [],
    }


def _line(line: QuoteLine) -> Json:
    return {
        "code": line.code,
        "title": line.title,
        "option": line.option,
        "measured": str(line.measured) if line.measured is not None else None,
        "quantity": str(line.quantity) if line.quantity is not None else None,
        "unit": line.unit,
        "amount": line.amount.minor,
        "reason": line.adjustment.reason if line.adjustment else None,
    }


def _term(term: Term) -> Json:
    return {
        "code": term.code,
        "percent": term.percent,
        "days": term.days,
        "day": term.day.isoformat() if term.day else None,
        "gate": term.gate,
        "months": term.months,
    }
