"""Makers' public profiles: what certificates say of who made a piece, for as long as the maker wants it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.production.domain.profiles import Profile
from services.production.domain.reasons import BenchRefusal
from services.production.store import profiles as store
from shared.auth.roles import Caller
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


async def read_profile(tx: Tx, caller: Caller, maker: UUID) -> Profile:
    """The caller's own profile, empty before anything was written. Raises `not-found` for another maker's."""
    _only_oneself(caller, maker)
    return await store.profile(tx, maker) or Profile(maker)


async def save_profile(tx: Tx, caller: Caller, profile: Profile, *, now: datetime) -> Profile:
    """Write what the caller says of themself, in place of what was there. Raises `not-found` for another maker's."""
    _only_oneself(caller, profile.maker)
    await store.save_profile(tx, profile, now)
    return profile


async def save_portrait(tx: Tx, caller: Caller, maker: UUID, portrait: bytes | None) -> None:
    """Keep this JPEG as the portrait, or none. Raises `not-found` for another maker's, or where there is no profile."""
    _only_oneself(caller, maker)
    if await store.profile(tx, maker) is None:
        raise not_found(BenchRefusal.PROFILE_UNKNOWN)
    await store.save_portrait(tx, maker, portrait)


async def portrait(tx: Tx, maker: UUID) -> bytes:
    """The portrait of a maker whose profile is public. Raises `not-found`."""
    found = await store.portrait(tx, maker)
    if found is None:
        raise not_found()
    return found


async def public(tx: Tx, makers: Sequence[UUID]) -> tuple[Profile, ...]:
    """The profiles of these makers that are public, in the same order."""
    found = await store.public_profiles(tx, makers)
    return tuple(found[maker] for maker in makers if maker in found)


def _only_oneself(caller: Caller, maker: UUID) -> None:
    """It is the maker's own decision, and not the studio's."""
    if caller.person != maker:
        raise not_found()
