"""Makers' public profiles."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.production.domain.profiles import Profile
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "profiles.sql")


async def profile(tx: Tx, maker: UUID) -> Profile | None:
    return await _QUERIES.profile.row_or_none(tx, Profile, maker=maker)


async def public_profiles(tx: Tx, makers: Sequence[UUID]) -> dict[UUID, Profile]:
    return {each.maker: each for each in await _QUERIES.public_profiles.rows(tx, Profile, makers=makers)}


async def portrait(tx: Tx, maker: UUID) -> bytes | None:
    """JPEG, while the profile is public."""
    return await _QUERIES.portrait.value_or_none(tx, bytes, maker=maker)


async def save_profile(tx: Tx, profile: Profile, at: datetime) -> None:
    await _QUERIES.save_profile.run(
        tx, maker=profile.maker, public=profile.public, name=profile.name, words=profile.words, at=at
    )


async def save_portrait(tx: Tx, maker: UUID, portrait: bytes | None) -> None:
    await _QUERIES.save_portrait.run(tx, maker=maker, portrait=portrait)


async def erase_profile(tx: Tx, maker: UUID) -> None:
    await _QUERIES.erase_profile.run(tx, maker=maker)
