"""Rights that work once."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.one_time import OneTimeRight, Purpose
from services.intake.domain.sign_in import LinksAsked
from services.intake.store.queries import QUERIES as _QUERIES
from shared.postgres.database import Tx


async def add_right(tx: Tx, right: OneTimeRight) -> None:
    await _QUERIES.add_right.run(
        tx,
        id=right.id,
        purpose=right.purpose.value,
        about=right.about,
        link_sha256=right.link_sha256,
        code_sha256=right.code_sha256,
        made_at=right.made_at,
        expires_at=right.expires_at,
        tries_left=right.tries_left,
        asked_on=right.asked_on,
        known_browser=right.known_browser,
    )


async def right_of_link(tx: Tx, link_sha256: bytes) -> OneTimeRight | None:
    """The right, held against a second use until the transaction ends."""
    return await _QUERIES.right_of_link.row_or_none(tx, OneTimeRight, link_sha256=link_sha256)


async def newest_right(tx: Tx, purpose: Purpose, about: UUID, *, known_browser: bool = False) -> OneTimeRight | None:
    """The right, held against a second use until the transaction ends."""
    return await _QUERIES.newest_right.row_or_none(
        tx, OneTimeRight, purpose=purpose.value, about=about, known_browser=known_browser
    )


async def forget_rights(tx: Tx, about: UUID) -> None:
    await _QUERIES.forget_rights.run(tx, about=about)


async def save_right(tx: Tx, right: OneTimeRight) -> None:
    """Keep what came of using it."""
    await _QUERIES.save_right.run(
        tx,
        id=right.id,
        tries_left=right.tries_left,
        link_used_at=right.link_used_at,
        code_used_at=right.code_used_at,
    )


async def links_of(tx: Tx, about: UUID, *, since: datetime, known_browser: bool) -> LinksAsked:
    return await _QUERIES.links_of.row(tx, LinksAsked, about=about, since=since, known_browser=known_browser)


async def right(tx: Tx, id: UUID) -> OneTimeRight | None:  # noqa: A002
    """The right, held against a second use until the transaction ends."""
    return await _QUERIES.right.row_or_none(tx, OneTimeRight, id=id)
