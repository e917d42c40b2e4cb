"""One typed function per query of `sql/queries.sql`."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.quotes.domain.quote import Brief, Line, Price, Quote, QuoteState, Summary, Unit
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parent / "sql" / "queries.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


async def keep_brief(tx: Tx, brief: BriefWritten) -> None:
    await _QUERIES.keep_brief(
        tx.connection,
        commission=brief.commission,
        version=brief.brief_version,
        craft=brief.craft,
        craft_version=brief.craft_version,
        craft_sha256=brief.craft_sha256,
        answers=_ANSWERS.dump_json(brief.answers).decode(),
        written_at=brief.at,
    )


async def erase_brief(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.erase_brief(tx.connection, commission=commission, erased_at=at)


async def brief(tx: Tx, commission: UUID) -> Brief | None:
    row = await _QUERIES.brief(tx.connection, commission=commission)
    if row is None:
        return None
    return Brief(**{**row, "answers": _ANSWERS.validate_json(row["answers"])})


async def erased_at(tx: Tx, commission: UUID) -> datetime | None:
    """When the brief was erased, if it was."""
    at: datetime | None = await _QUERIES.erased_at(tx.connection, commission=commission)
    return at


async def lock_quote(tx: Tx, quote: UUID, commission: UUID) -> tuple[UUID, int]:
    """The commission's quote and its newest version, 0 if `quote` was just made for it."""
    row = await _QUERIES.lock_quote(tx.connection, quote=quote, commission=commission)
    return row["quote"], row["newest"]


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
        craft_version=quote.craft_version,
        currency=price.total.currency,
        net=price.net.minor,
        vat=price.vat.amount.minor,
        total=price.total.minor,
        drafted_at=quote.drafted_at,
    )
    rows = [_as_row(quote, place, line) for place, line in enumerate((*price.lines, price.vat), start=1)]
    await _QUERIES.add_lines(tx.connection, lines=json.dumps(rows, default=str))


async def expire(tx: Tx, quote: UUID, version: int, *, at: datetime, reason: QuoteEnd) -> bool:
    """Whether it was a draft until now."""
    return bool(await _QUERIES.expire(tx.connection, quote=quote, version=version, at=at, reason=reason))


async def version_known(tx: Tx, commission: UUID, quote: UUID, version: int) -> bool:
    return bool(await _QUERIES.version_known(tx.connection, commission=commission, quote=quote, version=version))


async def quote_of(tx: Tx, commission: UUID) -> Quote | None:
    row = await _QUERIES.quote_of(tx.connection, commission=commission)
    if row is None:
        return None
    currency = row["currency"]
    rows = _QUERIES.lines(tx.connection, quote=row["quote"], version=row["version"])
    *lines, vat = [_line(line, currency) async for line in rows]
    return Quote(
        quote=row["quote"],
        version=row["version"],
        commission=row["commission"],
        brief_version=row["brief_version"],
        craft=row["craft"],
        craft_version=row["craft_version"],
        state=QuoteState(row["state"]),
        price=Price(
            lines=tuple(lines),
            vat=vat,
            net=Money(minor=row["net_minor"], currency=currency),
            total=Money(minor=row["total_minor"], currency=currency),
        ),
        drafted_at=row["drafted_at"],
        ended_at=row["ended_at"],
        end_reason=QuoteEnd(row["end_reason"]) if row["end_reason"] else None,
    )


async def newest(tx: Tx, *, before: datetime | None, before_quote: UUID | None, at_most: int) -> list[Summary]:
    """The newest versions of all quotes, newest first."""
    rows: Iterable[Any] = [
        row async for row in _QUERIES.newest(tx.connection, before=before, before_quote=before_quote, at_most=at_most)
    ]
    return [
        Summary(
            quote=row["quote"],
            version=row["version"],
            commission=row["commission"],
            craft=row["craft"],
            title=row["title"],
            state=QuoteState(row["state"]),
            total=Money(minor=row["total_minor"], currency=row["currency"]),
            drafted_at=row["drafted_at"],
        )
        for row in rows
    ]


async def revision(tx: Tx, commission: UUID) -> str:
    text: str = await _QUERIES.revision(tx.connection, commission=commission)
    return text


def _as_row(quote: Quote, place: int, line: Line) -> dict[str, object]:
    return {
        "quote": quote.quote,
        "version": quote.version,
        "place": place,
        "code": line.code,
        "title": line.title,
        "why": line.why,
        "detail": line.detail,
        "amount_minor": line.amount.minor,
        "base_minor": line.base.minor if line.base else None,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_minor": line.unit_price.minor if line.unit_price else None,
    }


def _line(row: Any, currency: str) -> Line:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor=minor, currency=currency)

    quantity: Decimal | None = row["quantity"]
    return Line(
        code=row["code"],
        title=row["title"],
        why=row["why"],
        detail=row["detail"],
        amount=Money(minor=row["amount_minor"], currency=currency),
        base=money(row["base_minor"]),
        quantity=quantity,
        unit=Unit(row["unit"]) if row["unit"] else None,
        unit_price=money(row["unit_minor"]),
    )
