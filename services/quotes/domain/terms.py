"""What is agreed to with a quote: its terms, and how the piece will differ from every other."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.quotes.domain.quote import Clause, Line, Quote
from shared.kernel.calendar import day_of, end_of_day
from shared.offerings.measures import Answers
from shared.offerings.model import Offering

_ON_THE_QUOTE = "On the quote: "


def valid_until(now: datetime, valid_days: int, held_until: datetime | None, zone: ZoneInfo) -> datetime:
    """The end of the offering's last day, in the studio's zone; never beyond the instant that the hours are held to."""
    last = end_of_day(day_of(now, zone) + timedelta(days=valid_days), zone)
    return min(last, held_until) if held_until else last


def last_day(until: datetime, zone: ZoneInfo) -> date | None:
    """The day at whose end this instant is, in the studio's zone; None where it is within a day."""
    day = day_of(until, zone) - timedelta(days=1)
    return day if end_of_day(day, zone) == until else None


def terms(offering: Offering, *, deposit_percent: int, deposit_days: int, ready_by: date | None) -> tuple[Clause, ...]:
    """The terms of a quote, one after the other, in plain words."""
    return tuple(_terms(offering, deposit_percent, deposit_days, ready_by))


def variation(offering: Offering, answers: Answers) -> tuple[Clause, ...]:
    """What will differ in a piece of this brief, within what, and why."""
    differing = (each for each in offering.variation if each.applies(answers))
    return tuple(Clause(each.what, f"{each.within} {each.why}") for each in differing)


def _terms(offering: Offering, deposit_percent: int, deposit_days: int, ready_by: date | None) -> Iterator[Clause]:
    yield Clause(
        "The deposit",
        f"{deposit_percent} percent of the price is due within {deposit_days} days of accepting, by bank transfer. The "
        "making begins when it is here. If it does not come, the commission ends, and nothing is owed.",
    )
    yield Clause(
        "The balance",
        "The rest is due when the piece is made and checked. It is shipped when the balance is here. If more comes in "
        "than we have asked for, what is too much goes back to you; we do not keep it for later.",
    )
    if ready_by:
        yield Clause(
            "Ready by",
            f"{ready_by.day} {ready_by:%B %Y}. Hours at the bench are held for it. If something goes wrong there, we "
            "tell you the new day and why.",
        )
    yield Clause("Made to your wishes", _withdrawal(offering))
    yield Clause("If you cancel before the work begins", "Nothing is owed, and what you paid goes back.")
    for gate in offering.gates:
        percent = f"{gate.cancel_percent} percent of the price is owed"
        yield Clause(f"If you cancel after this: {gate.title.lower()}", f"{percent}. {gate.cancel_why}")
    if offering.gates:
        yield Clause("If we cancel", "Nothing is owed, and what you paid goes back, all of it.")


def _withdrawal(offering: Offering) -> str:
    words = " ".join(each.says for each in offering.label.says if each.at == "quote")
    if words:
        return f"{words} The law behind it is Directive 2011/83/EU, Article 16(c)."
    return (
        "The piece is made to your own specification, so that the right to withdraw within 14 days does not apply "
        "(Directive 2011/83/EU, Article 16(c))."
    )


def contract_document(quote: Quote, language: str) -> tuple[str, str]:
    """What exactly is agreed to with this version: JSON with sorted keys and no extra white space, and its SHA-256."""
    if quote.offer is None:
        raise ValueError("a version that was never sent cannot be agreed to")
    document = json.dumps(
        {**_agreed(quote), "language": language}, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return document, hashlib.sha256(document.encode()).hexdigest()


def _agreed(quote: Quote) -> Mapping[str, Any]:
    offer = quote.offer
    return {
        "quote": quote.quote,
        "version": quote.version,
        "commission": quote.commission,
        "brief_version": quote.brief_version,
        "craft": quote.craft,
        "offering": quote.offering,
        "offering_version": quote.offering_version,
        "lines": [_line(line) for line in (*quote.price.lines, quote.price.vat)],
        "currency": quote.price.total.currency,
        "net": quote.price.net.minor,
        "total": quote.price.total.minor,
        "deposit": offer.deposit.minor if offer else None,
        "valid_until": offer.valid_until if offer else None,
        "ready_by": quote.ready_by,
        "terms": [[said.title, said.words] for said in offer.terms] if offer else [],
        "variation": [[said.title, said.words] for said in offer.variation] if offer else [],
    }


def _line(line: Line) -> Mapping[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "why": line.why,
        "detail": line.detail,
        "count": line.count,
        "amount": line.amount.minor,
        "reason": line.adjustment.reason if line.adjustment else None,
    }
