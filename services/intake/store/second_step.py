"""The second step of signing in: authenticator apps, recovery codes, and how often a code was wrong."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.intake.domain.people import Session
from services.intake.domain.second_step import (
    MOST_AUTHENTICATORS,
    Authenticator,
    KnownAuthenticator,
    Misses,
)
from services.intake.domain.sessions import SignInWay
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "second_step.sql")


async def asks_second_step(tx: Tx, person: UUID, *, passkeys: bool) -> bool:
    return await _QUERIES.asks_second_step.value(tx, bool, person=person, passkeys=passkeys)


async def add_authenticator(tx: Tx, known: KnownAuthenticator, person: UUID, name: str, at: datetime) -> bool:
    """Whether it was kept."""
    kept = await _QUERIES.add_authenticator.value_or_none(
        tx,
        UUID,
        authenticator=known.authenticator,
        person=person,
        name=name,
        secret=known.secret,
        last_step=known.last_step,
        at=at,
        at_most=MOST_AUTHENTICATORS,
    )
    return kept is not None


async def authenticators(tx: Tx, person: UUID) -> Sequence[Authenticator]:
    return await _QUERIES.authenticators.rows(tx, Authenticator, person=person)


async def known_authenticators(tx: Tx, person: UUID) -> Sequence[KnownAuthenticator]:
    return await _QUERIES.known_authenticators.rows(tx, KnownAuthenticator, person=person)


async def authenticator_used(tx: Tx, authenticator: UUID, *, step: int, at: datetime) -> None:
    await _QUERIES.authenticator_used.run(tx, authenticator=authenticator, step=step, at=at)


async def remove_authenticator(tx: Tx, authenticator: UUID, person: UUID) -> None:
    await _QUERIES.remove_authenticator.run(tx, authenticator=authenticator, person=person)


async def remove_second_steps(tx: Tx, person: UUID) -> Sequence[SignInWay]:
    """The kinds of what there was."""
    return [SignInWay(way) for way in await _QUERIES.remove_second_steps.column(tx, str, person=person)]


async def replace_recovery_codes(tx: Tx, person: UUID, hashes: Sequence[bytes], at: datetime) -> None:
    await _QUERIES.replace_recovery_codes.run(tx, person=person, hashes=list(hashes), at=at)


async def forget_recovery_codes(tx: Tx, person: UUID) -> None:
    await _QUERIES.forget_recovery_codes.run(tx, person=person)


async def use_recovery_code(tx: Tx, person: UUID, code_hmac: bytes, at: datetime) -> bool:
    """Whether it was good."""
    used = await _QUERIES.use_recovery_code.value_or_none(tx, bool, person=person, code_hmac=code_hmac, at=at)
    return used is not None


async def recovery_codes_left(tx: Tx, person: UUID) -> int:
    return await _QUERIES.recovery_codes_left.value(tx, int, person=person)


async def misses(tx: Tx, person: UUID) -> Misses:
    return await _QUERIES.misses.row_or_none(tx, Misses, person=person) or Misses()


async def save_misses(tx: Tx, person: UUID, misses: Misses) -> None:
    await _QUERIES.save_misses.run(tx, person=person, wrong=misses.wrong, paused_until=misses.paused_until)


async def forget_misses(tx: Tx, person: UUID) -> None:
    await _QUERIES.forget_misses.run(tx, person=person)


async def raise_session(
    tx: Tx, session: UUID, person: UUID, secret_sha256: bytes, *, now: datetime, expires_at: datetime
) -> Session | None:
    return await _QUERIES.raise_session.row_or_none(
        tx, Session, session=session, person=person, secret_sha256=secret_sha256, now=now, expires_at=expires_at
    )
