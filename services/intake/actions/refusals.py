"""The studio does not take a request."""

from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import records
from services.intake.domain.changing import may_refuse
from services.intake.domain.commissions import check_confirmed
from services.intake.domain.refusals import RefusalReason, RefusedRequest
from services.intake.domain.texts import Text, to_fact
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import RequestRefusal, RequestRefused
from shared.contracts.texts import Subject
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.outbox import publish
from shared.postgres.database import Tx


async def refuse(
    tx: Tx, caller: Caller, commission: UUID, reason: RequestRefusal, words: str, *, new_id: Ids, now: datetime
) -> RefusedRequest:
    """Say that the request is not taken, and publish it; twice is the same as once, with the first words.

    Raises:
        Problem: not-found; conflict, once a quote was sent, while it is not confirmed, or if it has ended.
    """
    found = await store.lock_commission(tx, commission) if caller.role is Role.OPS else None
    if found is None:
        raise not_found()
    check_confirmed(found)
    record = await records.load_whole(tx, found)
    if record.refusal is not None:
        return record.refusal
    if not may_refuse(record):
        raise Problem(ProblemType.CONFLICT, RefusalReason.TOO_LATE)
    text = Text(new_id(), commission, caller.person, caller.role, Subject.REASON, words, now)
    refusal = RefusedRequest(commission, reason, text.text, now)
    await store.keep_text(tx, text)
    await store.add_request_refusal(tx, refusal)
    tx.touch(commission)
    fact = RequestRefused(at=now, commission=commission, reason=reason, text=text.text, by=caller.ops)
    await publish(tx, [to_fact(text), fact])
    return refusal
