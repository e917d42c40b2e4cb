"""Briefs, quotes and their versions."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from services.quotes.domain.quote import (
    Decline,
    Offer,
    Quote,
    QuotedBrief,
    QuoteHead,
    QuoteLine,
    QuoteState,
    QuoteSummary,
    Term,
    ended_as,
)
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.commands.quotes import DraftQuote, SendQuote
from shared.contracts.quotes import QuoteEnd
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])
_OFFER: TypeAdapter[tuple[tuple[Term, ...], tuple[str, ...]]] = TypeAdapter(tuple[tuple[Term, ...], tuple[str, ...]])


async def record_customer(tx: Tx, commission: UUID, customer: UUID, country: str | None) -> None:
    await _QUERIES.record_customer.run(tx, commission=commission, customer=customer, country=country)


async def keep_brief(tx: Tx, brief: BriefWritten) -> None:
    await _QUERIES.keep_brief.run(
        tx,
        commission=brief.commission,
        version=brief.brief_version,
        craft=brief.craft,
        offering=brief.offering,
        offering_version=brief.offering_version,
        offering_sha256=brief.offering_sha256,
        answers=_ANSWERS.dump_json(brief.answers).decode(),
        written_at=brief.at,
        images=list(brief.images),
    )


async def erase_brief(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.erase_brief.run(tx, commission=commission, erased_at=at)


async def brief(tx: Tx, commission: UUID) -> QuotedBrief | None:
    row = await _QUERIES.brief.row_or_none(tx, Row, commission=commission)
    return made(QuotedBrief, opened(row, "answers")) if row else None


async def earlier_answers(tx: Tx, commission: UUID, version: int) -> tuple[BriefAnswer, ...] | None:
    """What an earlier version of the brief answered; None where that version did not come here."""
    found = await _QUERIES.earlier_answers.value_or_none(tx, str, commission=commission, version=version)
    return _ANSWERS.validate_json(found) if found else None


async def quoted_before(tx: Tx, quote: Quote) -> tuple[int, int] | None:
    """The newest version that was made from an older brief than this one, and which version of the brief that was."""
    return await _QUERIES.quoted_before.row_or_none(
        tx, tuple[int, int], quote=quote.quote, brief_version=quote.brief_version
    )


async def withdraw_offer(tx: Tx, quote: UUID, at: datetime) -> int | None:
    """End the version that is with the customer; its number, if there is one."""
    return await _QUERIES.withdraw_offer.value_or_none(tx, int, quote=quote, at=at)


async def erased_at(tx: Tx, commission: UUID) -> datetime | None:
    """When the brief was erased, if it was."""
    return await _QUERIES.erased_at.value_or_none(tx, datetime, commission=commission)


async def make_quote(tx: Tx, quote: UUID, commission: UUID) -> None:
    """Make the commission's quote, without any version, unless it has one."""
    await _QUERIES.make_quote.run(tx, quote=quote, commission=commission)


async def lock_head(tx: Tx, commission: UUID) -> QuoteHead | None:
    """The commission's quote, nobody else's to change until the commit."""
    return await _QUERIES.lock_head.row_or_none(tx, QuoteHead, commission=commission)


async def head(tx: Tx, commission: UUID) -> QuoteHead | None:
    return await _QUERIES.head.row_or_none(tx, QuoteHead, commission=commission)


async def preview(tx: Tx, quote: UUID, command: DraftQuote) -> None:
    """Keep the days that are possible, of which nothing is held; None leaves what is known."""
    await _QUERIES.hold.run(
        tx, quote=quote, held_until=None, ready_by=command.ready_by, ready_by_p50=command.ready_by_p50
    )


async def hold(tx: Tx, quote: UUID, command: SendQuote) -> None:
    """Keep what is held for it."""
    await _QUERIES.hold.run(
        tx,
        quote=quote,
        held_until=command.held_until,
        ready_by=command.ready_by,
        ready_by_p50=command.ready_by_p50,
    )


async def owner(tx: Tx, commission: UUID) -> UUID | None:
    """Whose commission it is; None where nobody has said so here."""
    return await _QUERIES.owner.value_or_none(tx, UUID, commission=commission)


async def delivery_country(tx: Tx, commission: UUID) -> str | None:
    """Where it is delivered, as an ISO 3166 code; None where it is not known."""
    return await _QUERIES.delivery_country.value_or_none(tx, str, commission=commission)


async def add_version(tx: Tx, quote: Quote) -> None:
    """Add a drafted version with its lines; the version that was a draft is replaced."""
    await _QUERIES.replace_draft.run(tx, quote=quote.quote, at=quote.drafted_at)
    price = quote.price
    await _QUERIES.add_version.run(
        tx,
        quote=quote.quote,
        version=quote.version,
        brief_version=quote.brief_version,
        craft=quote.craft,
        offering=quote.offering,
        offering_version=quote.offering_version,
        currency=price.total.currency,
        net=price.net.minor,
        vat=price.vat.amount.minor,
        total=price.total.minor,
        drafted_at=quote.drafted_at,
        conditions=json.dumps(asdict(quote.conditions)),
    )
    rows = [_as_row(quote, place, line) for place, line in enumerate((*price.lines, price.vat), start=1)]
    await _QUERIES.add_lines.run(tx, lines=json.dumps(rows, default=str))


async def end_open(tx: Tx, quote: UUID, *, at: datetime, reason: QuoteEnd) -> tuple[int, ...]:
    """End every version that is not accepted yet; their numbers, in order."""
    ended = await _QUERIES.end_open.column(tx, int, quote=quote, state=ended_as(reason), at=at, reason=reason)
    return tuple(sorted(ended))


async def send(tx: Tx, version: int, offer: Offer, quote: UUID, held: SendQuote) -> None:
    """Put a version before the customer, with the days that are promised."""
    await send_as(tx, quote, version, offer, ready_by=held.ready_by, ready_by_p50=held.ready_by_p50)


async def send_as(tx: Tx, quote: UUID, version: int, offer: Offer, *, ready_by: date, ready_by_p50: date) -> None:
    """The same, by days that no command names."""
    await _QUERIES.send.run(
        tx,
        quote=quote,
        version=version,
        at=offer.sent_at,
        valid_until=offer.valid_until,
        deposit=offer.deposit.minor,
        ready_by=ready_by,
        ready_by_p50=ready_by_p50,
        offer=_OFFER.dump_json((offer.terms, offer.variation)).decode(),
    )


async def accept(tx: Tx, quote: UUID, version: int, at: datetime) -> None:
    await _QUERIES.accept.run(tx, quote=quote, version=version, at=at)


async def cancel_accepted(tx: Tx, quote: UUID, version: int, *, at: datetime, reason: QuoteEnd) -> None:
    await _QUERIES.cancel_accepted.run(tx, quote=quote, version=version, at=at, reason=reason)


async def decline(tx: Tx, quote: UUID, version: int, decline: Decline) -> None:
    await _QUERIES.decline.run(
        tx, quote=quote, version=version, reason=decline.reason, text=decline.text, words=decline.words
    )


async def extend(tx: Tx, quote: UUID, until: datetime) -> datetime | None:
    """Until when the version that was sent can be accepted now; None if none is."""
    await _QUERIES.hold_longer.run(tx, quote=quote, until=until)
    return await _QUERIES.extend.value_or_none(tx, datetime, quote=quote, until=until)


async def version_known(tx: Tx, commission: UUID, quote: UUID, version: int) -> bool:
    return await _QUERIES.version_known.value(tx, bool, commission=commission, quote=quote, version=version)


async def version(tx: Tx, quote: UUID, number: int) -> Quote:
    """One version, which there is."""
    row = await _QUERIES.version.row(tx, Row, quote=quote, version=number)
    currency = row["currency"]
    lines = [_line(line, currency) for line in await _QUERIES.lines.rows(tx, Row, quote=quote, version=number)]
    price = {
        "lines": lines[:-1],
        "vat": lines[-1],
        "net": _money(row["net_minor"], currency),
        "total": _money(row["total_minor"], currency),
    }
    return made(Quote, {**opened(row, "conditions"), "price": price, "offer": _offer(row), "decline": _decline(row)})


async def newest(
    tx: Tx,
    *,
    state: QuoteState | None,
    among: Sequence[UUID] | None,
    before: datetime | None,
    before_quote: UUID | None,
    at_most: int,
) -> list[QuoteSummary]:
    """The accepted or newest versions of all quotes, or of those of these commissions, newest first."""
    rows = await _QUERIES.newest.rows(
        tx, Row, state=state, among=among, before=before, before_quote=before_quote, at_most=at_most
    )
    return [made(QuoteSummary, {**row, "total": _money(row["total_minor"], row["currency"])}) for row in rows]


async def revision(tx: Tx, commission: UUID) -> str:
    return await _QUERIES.revision.value(tx, str, commission=commission)


def _as_row(quote: Quote, place: int, line: QuoteLine) -> dict[str, object]:
    return {
        "quote": quote.quote,
        "version": quote.version,
        "place": place,
        "code": line.code,
        "option": line.option,
        "measured": line.measured,
        "amount_minor": line.amount.minor,
        "base_minor": line.base.minor if line.base else None,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_minor": line.unit_price.minor if line.unit_price else None,
        "adjusted_from_minor": line.adjustment.was.minor if line.adjustment else None,
        "adjusted_reason": line.adjustment.reason if line.adjustment else None,
        "title": line.title,
    }


def _money(minor: object, currency: object) -> Row | None:
    return None if minor is None else {"minor": minor, "currency": currency}


def _line(row: Row, currency: object) -> Row:
    was = _money(row["adjusted_from_minor"], currency)
    return {
        **row,
        "amount": _money(row["amount_minor"], currency),
        "base": _money(row["base_minor"], currency),
        "unit_price": _money(row["unit_minor"], currency),
        "adjustment": {"was": was, "reason": row["adjusted_reason"]} if was else None,
    }


def _offer(row: Row) -> Row | None:
    if row["offer"] is None:
        return None
    terms, variation = _OFFER.validate_json(str(row["offer"]))
    deposit = _money(row["deposit_minor"], row["currency"])
    return {**row, "deposit": deposit, "terms": terms, "variation": variation}


def _decline(row: Row) -> Row | None:
    if row["decline_reason"] is None:
        return None
    return {"reason": row["decline_reason"], "text": row["decline_text"], "words": row["decline_words"]}
