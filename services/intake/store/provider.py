"""Accounts at the studio's own OpenID provider."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.intake.domain.provider import ProviderAccount
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "provider.sql")


async def account_owner(tx: Tx, issuer: str, subject: str) -> UUID | None:
    return await _QUERIES.account_owner.value_or_none(tx, UUID, issuer=issuer, subject=subject)


async def account_used(tx: Tx, issuer: str, subject: str, person: UUID, at: datetime) -> bool:
    """Whether it is still theirs."""
    used = await _QUERIES.account_used.value_or_none(tx, UUID, issuer=issuer, subject=subject, person=person, at=at)
    return used is not None


async def add_account(tx: Tx, account: UUID, issuer: str, subject: str, *, person: UUID, at: datetime) -> bool:
    """Whether it was kept."""
    kept = await _QUERIES.add_account.value_or_none(
        tx, UUID, account=account, issuer=issuer, subject=subject, person=person, at=at
    )
    return kept is not None


async def accounts(tx: Tx, person: UUID) -> list[ProviderAccount]:
    return await _QUERIES.accounts.rows(tx, ProviderAccount, person=person)


async def forget_account(tx: Tx, account: UUID, person: UUID) -> bool:
    """Whether it was theirs."""
    return await _QUERIES.forget_account.value_or_none(tx, UUID, account=account, person=person) is not None


async def forget_accounts(tx: Tx, person: UUID) -> bool:
    """Whether there was one."""
    return await _QUERIES.forget_accounts.value_or_none(tx, UUID, person=person) is not None
