"""Passkeys."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.intake.domain.passkeys import MOST, KnownKey, Passkey
from services.intake.domain.sessions import Device
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "passkeys.sql")


async def add_passkey(tx: Tx, key: KnownKey, credential: bytes, device: Device, at: datetime) -> bool:
    """Whether it was kept."""
    kept = await _QUERIES.add_passkey.value_or_none(
        tx,
        UUID,
        passkey=key.passkey,
        person=key.person,
        credential=credential,
        public_key=key.public_key,
        sign_count=key.sign_count,
        browser=device.browser,
        system=device.system,
        at=at,
        at_most=MOST,
    )
    return kept is not None


async def passkeys(tx: Tx, person: UUID) -> Sequence[Passkey]:
    return await _QUERIES.passkeys.rows(tx, Passkey, person=person)


async def credentials(tx: Tx, person: UUID) -> Sequence[bytes]:
    return await _QUERIES.credentials.column(tx, bytes, person=person)


async def key_owner(tx: Tx, credential: bytes) -> UUID | None:
    return await _QUERIES.key_owner.value_or_none(tx, UUID, credential=credential)


async def known_key(tx: Tx, credential: bytes) -> KnownKey | None:
    return await _QUERIES.known_key.row_or_none(tx, KnownKey, credential=credential)


async def key_used(tx: Tx, passkey: UUID, *, sign_count: int, at: datetime) -> None:
    await _QUERIES.key_used.run(tx, passkey=passkey, sign_count=sign_count, at=at)


async def remove_passkey(tx: Tx, passkey: UUID, person: UUID) -> None:
    await _QUERIES.remove_passkey.run(tx, passkey=passkey, person=person)
