"""Makers' public profiles."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.production.domain.profiles import Profile
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "profiles.sql")


async def profile(tx: Tx, maker: UUID) -> Profile | None:
    row = await _QUERIES.profile(tx.connection, maker=maker)
    return Profile(**row) if row else None


async def public_profiles(tx: Tx, makers: Sequence[UUID]) -> dict[UUID, Profile]:
    rows = _QUERIES.public_profiles(tx.connection, makers=makers)
    return {row["maker"]: Profile(**row) async for row in rows}


async def portrait(tx: Tx, maker: UUID) -> bytes | None:
    """JPEG, while the profile is public."""
    found: bytes | None = await _QUERIES.portrait(tx.connection, maker=maker)
    return found


async def save_profile(tx: Tx, profile: Profile, at: datetime) -> None:
    await _QUERIES.save_profile(
        tx.connection, maker=profile.maker, public=profile.public, name=profile.name, words=profile.words, at=at
    )


async def save_portrait(tx: Tx, maker: UUID, portrait: bytes | None) -> None:
    await _QUERIES.save_portrait(tx.connection, maker=maker, portrait=portrait)


async def erase_profile(tx: Tx, maker: UUID) -> None:
    await _QUERIES.erase_profile(tx.connection, maker=maker)
