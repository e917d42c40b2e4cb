"""Briefs, quotes and their versions."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from services.quotes.domain.quote import (
    Adjustment,
    Decline,
    LineUnit,
    Offer,
    Price,
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
from shared.contracts.commands.quotes import DraftQuote
from shared.contracts.quotes import DeclineReason, QuoteEnd
from shared.kernel.money import Money
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])
_OFFER: TypeAdapter[tuple[tuple[Term, ...], tuple[str, ...]]] = TypeAdapter(tuple[tuple[Term, ...], tuple[str, ...]])


async def keep_brief(tx: Tx, brief: BriefWritten) -> None:
    await _QUERIES.keep_brief(
        tx.connection,
        commission=brief.commission,
        version=brief.brief_version,
        craft=brief.craft,
        offering=brief.offering,
        offering_version=brief.offering_version,
        offering_sha256=brief.offering_sha256,
        answers=_ANSWERS.dump_json(brief.answers).decode(),
        written_at=brief.at,
        customer=brief.customer,
    )


async def erase_brief(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.erase_brief(tx.connection, commission=commission, erased_at=at)


async def brief(tx: Tx, commission: UUID) -> QuotedBrief | None:
    row = await _QUERIES.brief(tx.connection, commission=commission)
    if row is None:
        return None
    return QuotedBrief(**{**row, "answers": _ANSWERS.validate_json(row["answers"])})


async def erased_at(tx: Tx, commission: UUID) -> datetime | None:
    """When the brief was erased, if it was."""
    at: datetime | None = await _QUERIES.erased_at(tx.connection, commission=commission)
    return at


async def make_quote(tx: Tx, quote: UUID, commission: UUID) -> None:
    """Make the commission's quote, without any version, unless it has one."""
    await _QUERIES.make_quote(tx.connection, quote=quote, commission=commission)


async def lock_head(tx: Tx, commission: UUID) -> QuoteHead | None:
    """The commission's quote, nobody else's to change until the commit."""
    row = await _QUERIES.lock_head(tx.connection, commission=commission)
    return QuoteHead(**row) if row else None


async def head(tx: Tx, commission: UUID) -> QuoteHead | None:
    row = await _QUERIES.head(tx.connection, commission=commission)
    return QuoteHead(**row) if row else None


async def hold(tx: Tx, quote: UUID, command: DraftQuote, customer: UUID | None) -> None:
    """Keep whose quote it is and what is held for it; None leaves what is known."""
    await _QUERIES.hold(
        tx.connection,
        quote=quote,
        customer=customer,
        held_until=command.held_until,
        ready_by=command.ready_by,
        ready_by_p50=command.ready_by_p50,
    )


async def owner(tx: Tx, commission: UUID) -> UUID | None:
    """Whose commission it is; None where nobody has said so here."""
    found: UUID | None = await _QUERIES.owner(tx.connection, commission=commission)
    return found


async def add_version(tx: Tx, quote: Quote) -> None:
    """Add a drafted version with its lines; the version that was a draft is replaced."""
    await _QUERIES.replace_draft(tx.connection, quote=quote.quote, at=quote.drafted_at)
    price = quote.price
    await _QUERIES.add_version(
        tx.connection,
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
    )
    rows = [_as_row(quote, place, line) for place, line in enumerate((*price.lines, price.vat), start=1)]
    await _QUERIES.add_lines(tx.connection, lines=json.dumps(rows, default=str))


async def end_open(tx: Tx, quote: UUID, *, at: datetime, reason: QuoteEnd) -> tuple[int, ...]:
    """End every version that is not accepted yet; their numbers, in order."""
    rows = _QUERIES.end_open(tx.connection, quote=quote, state=ended_as(reason), at=at, reason=reason)
    return tuple(sorted([row["version"] async for row in rows]))


async def send(tx: Tx, version: int, offer: Offer, head: QuoteHead) -> None:
    """Put a version before the customer, with the days that are promised now."""
    await _QUERIES.send(
        tx.connection,
        quote=head.quote,
        version=version,
        at=offer.sent_at,
        valid_until=offer.valid_until,
        deposit=offer.deposit.minor,
        ready_by=head.ready_by,
        ready_by_p50=head.ready_by_p50,
        offer=_OFFER.dump_json((offer.terms, offer.variation)).decode(),
    )


async def accept(tx: Tx, quote: UUID, version: int, at: datetime) -> None:
    await _QUERIES.accept(tx.connection, quote=quote, version=version, at=at)


async def cancel_accepted(tx: Tx, quote: UUID, version: int, *, at: datetime, reason: QuoteEnd) -> None:
    await _QUERIES.cancel_accepted(tx.connection, quote=quote, version=version, at=at, reason=reason)


async def decline(tx: Tx, quote: UUID, version: int, decline: Decline) -> None:
    await _QUERIES.decline(
        tx.connection, quote=quote, version=version, reason=decline.reason, text=decline.text, words=decline.words
    )


async def extend(tx: Tx, quote: UUID, until: datetime) -> datetime | None:
    """Until when the version that was sent can be accepted now; None if none is."""
    await _QUERIES.hold_longer(tx.connection, quote=quote, until=until)
    found: datetime | None = await _QUERIES.extend(tx.connection, quote=quote, until=until)
    return found


async def version_known(tx: Tx, commission: UUID, quote: UUID, version: int) -> bool:
    return bool(await _QUERIES.version_known(tx.connection, commission=commission, quote=quote, version=version))


async def version(tx: Tx, quote: UUID, number: int) -> Quote:
    """One version, which there is."""
    row = await _QUERIES.version(tx.connection, quote=quote, version=number)
    rows = _QUERIES.lines(tx.connection, quote=quote, version=number)
    *lines, vat = [_line(line, row["currency"]) async for line in rows]
    return Quote(
        quote=row["quote"],
        version=row["version"],
        commission=row["commission"],
        brief_version=row["brief_version"],
        craft=row["craft"],
        offering=row["offering"],
        offering_version=row["offering_version"],
        state=QuoteState(row["state"]),
        price=Price(
            lines=tuple(lines),
            vat=vat,
            net=Money(minor=row["net_minor"], currency=row["currency"]),
            total=Money(minor=row["total_minor"], currency=row["currency"]),
        ),
        drafted_at=row["drafted_at"],
        ready_by=row["ready_by"],
        ready_by_p50=row["ready_by_p50"],
        offer=_offer(row),
        accepted_at=row["accepted_at"],
        decline=_decline(row),
        ended_at=row["ended_at"],
        end_reason=QuoteEnd(row["end_reason"]) if row["end_reason"] else None,
    )


async def newest(
    tx: Tx, *, state: QuoteState | None, before: datetime | None, before_quote: UUID | None, at_most: int
) -> list[QuoteSummary]:
    """The accepted or newest versions of all quotes, newest first."""
    rows = _QUERIES.newest(tx.connection, state=state, before=before, before_quote=before_quote, at_most=at_most)
    return [
        QuoteSummary(
            quote=row["quote"],
            version=row["version"],
            commission=row["commission"],
            craft=row["craft"],
            offering=row["offering"],
            offering_version=row["offering_version"],
            state=QuoteState(row["state"]),
            total=Money(minor=row["total_minor"], currency=row["currency"]),
            drafted_at=row["drafted_at"],
            valid_until=row["valid_until"],
            open_questions=row["open_questions"],
        )
        async for row in rows
    ]


async def revision(tx: Tx, commission: UUID) -> str:
    text: str = await _QUERIES.revision(tx.connection, commission=commission)
    return text


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
    }


def _line(row: Record, currency: str) -> QuoteLine:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor=minor, currency=currency)

    quantity: Decimal | None = row["quantity"]
    was = money(row["adjusted_from_minor"])
    return QuoteLine(
        code=row["code"],
        option=row["option"],
        measured=row["measured"],
        amount=Money(minor=row["amount_minor"], currency=currency),
        base=money(row["base_minor"]),
        quantity=quantity,
        unit=LineUnit(row["unit"]) if row["unit"] else None,
        unit_price=money(row["unit_minor"]),
        adjustment=Adjustment(was, row["adjusted_reason"]) if was else None,
    )


def _offer(row: Record) -> Offer | None:
    if row["offer"] is None:
        return None
    terms, variation = _OFFER.validate_json(row["offer"])
    return Offer(
        sent_at=row["sent_at"],
        valid_until=row["valid_until"],
        deposit=Money(minor=row["deposit_minor"], currency=row["currency"]),
        terms=terms,
        variation=variation,
    )


def _decline(row: Record) -> Decline | None:
    if row["decline_reason"] is None:
        return None
    return Decline(DeclineReason(row["decline_reason"]), row["decline_text"], row["decline_words"])
