"""Reads of the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.dashboard import titles_of
from services.lifecycle.domain.audit import AuditEntry, AuditFilter, people_of
from services.lifecycle.domain.dashboard import OfferingTitles
from services.lifecycle.domain.people import KnownPerson
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.offerings.store import kept
from shared.postgres.database import Tx


async def read_audit(
    tx: Tx, caller: Caller, only: AuditFilter, *, after: tuple[datetime, UUID] | None, at_most: int
) -> Sequence[AuditEntry]:
    """What ops did, newest first.

    Raises:
        Problem: not-found, for all but ops.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.audit_entries(tx, only, after=after, at_most=at_most)


async def audit_people(tx: Tx, entries: Sequence[AuditEntry]) -> Mapping[UUID, KnownPerson]:
    """Those whom these entries are about and by, as far as they are known here."""
    return await store.people(tx, people_of(entries))


async def audit_titles(tx: Tx, entries: Sequence[AuditEntry], language: str) -> Mapping[UUID, OfferingTitles]:
    """The names that the offerings have in this language for what these entries say by codes, by commission."""
    keys = await store.offerings_of(tx, {entry.commission for entry in entries if entry.commission})
    found = {key: await kept(tx, key) for key in set(keys.values())}
    titles = {key: titles_of(offering.in_language(language)) for key, offering in found.items() if offering}
    return {commission: titles[key] for commission, key in keys.items() if key in titles}
