"""Somebody takes their data along."""

from datetime import datetime
from uuid import UUID

from services.intake.actions import records
from services.intake.domain.erasure import LeavingReason
from services.intake.domain.export import ExportedBrief, ExportedCommission, PersonExport
from services.intake.store import accounts
from services.intake.store import erasure as leavers
from services.intake.store.entering import handovers
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


async def collect(tx: Tx, person: UUID, now: datetime) -> PersonExport:
    """Who somebody is, their commissions, and what they wrote and sent.

    Raises:
        Problem: not-found, for one who is erased too.
    """
    found = await leavers.lock_leaving(tx, person)
    if found is None:
        raise not_found(LeavingReason.UNKNOWN)
    every = await leavers.commissions_of(tx, person)
    ids = [each.commission for each in every]
    briefs = await leavers.briefs_of(tx, ids)
    commissions = [
        ExportedCommission(
            await records.load_whole(tx, each),
            tuple(
                ExportedBrief(brief.version, brief.written_at, brief.answers)
                for brief in briefs
                if brief.commission == each.commission
            ),
            await handovers(tx, each.commission, now),
        )
        for each in every
    ]
    written, pictures = await leavers.texts_by(tx, person), await leavers.pictures_of(tx, person)
    return PersonExport(found, commissions, written, pictures, await accounts(tx, person))
