"""What ops have done to commissions: said before, asked of the workflow once, and written down with its reason.

An action is written down and committed before the workflow hears of it, and what came of it afterwards: so no deed goes
unrecorded, and no connection is held while Temporal is asked. A crash in between leaves it `asked`; the same request,
sent again, asks the workflow by the same id, which is the same as having asked once.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.lifecycle import store
from services.lifecycle.actions.lives import Lives, NoSuchLifeError, RefusedError
from services.lifecycle.actions.room import Case, Shown, read_case, read_commission
from services.lifecycle.domain.deeds import (
    LONGEST_REASON,
    MOST_DAYS,
    MOST_TOGETHER,
    Action,
    ActionOutcome,
    Deed,
    Known,
    Preview,
    What,
    preview,
)
from services.lifecycle.domain.life import Progress
from services.lifecycle.domain.refusals import GONE
from services.lifecycle.domain.updates import (
    Cancel,
    CancelCause,
    Extend,
    Nudge,
    Pause,
    Refusal,
    Resume,
    TryAgain,
)
from shared.auth.roles import Caller
from shared.contracts.commands.intake import AskApproval
from shared.contracts.production import ParcelHandedOver, PieceMade, PromiseBooked, PromiseReleased
from shared.kernel.clock import Clock
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.kernel.text import TextRefusedError, prose
from shared.postgres.database import Database, Tx
from shared.temporal.client import TemporalAwayError

_AT_ONCE: Final = 8


@dataclass(frozen=True)
class Asked:
    """What somebody of ops wants done. `days` is for extending, the others for cancelling.

    `at_most_percent` is what of the price the preview said would be owed: one that costs more by now is refused.
    """

    deed: Deed
    reason: str
    days: int | None = None
    cause: CancelCause | None = None
    at_most_percent: int | None = None

    @property
    def detail(self) -> dict[str, Any]:
        """What the audit log keeps besides the reason."""
        said = {"days": self.days, "cause": self.cause, "at_most_percent": self.at_most_percent}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Previewed:
    """A commission, and what a deed would bring about there."""

    shown: Shown
    preview: Preview


async def read_preview(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    deed: Deed,
    *,
    days: int | None,
    progress: Progress | None,
    now: datetime,
    soon: timedelta,
) -> Previewed:
    """What this deed would bring about; `progress` is what the workflow itself says, if it was asked.

    Raises:
        Problem: not-found, for all but ops and for one that no fact told of; validation-failed for days out of range.
    """
    _check_days(deed, days, needed=False)
    case = await read_case(tx, caller, commission, now=now, soon=soon)
    return Previewed(case.shown, preview(deed, _known(case, progress), days=days))


async def read_previews(
    tx: Tx, caller: Caller, commissions: Sequence[UUID], deed: Deed, *, days: int | None, now: datetime, soon: timedelta
) -> Sequence[Previewed]:
    """The same for several commissions at once, each once.

    Raises:
        Problem: as above, and validation-failed for none or too many.
    """
    return [
        await read_preview(tx, caller, each, deed, days=days, progress=None, now=now, soon=soon)
        for each in _some(commissions)
    ]


async def carry_out(
    database: Database, lives: Lives, caller: Caller, commission: UUID, asked: Asked, *, key: str, clock: Clock
) -> Action:
    """Have it done, once per caller and key, and say what came of it: done, or refused by the workflow.

    Raises:
        Problem: not-found; validation-failed without a reason, or with days out of range; idempotency-key-reused;
            unavailable while Temporal is away: then nobody knows, and the same request may be sent again.
    """
    return await _carry_out(database, lives, caller, commission, _checked(asked), key=key, clock=clock)


async def carry_out_together(
    database: Database,
    lives: Lives,
    caller: Caller,
    commissions: Sequence[UUID],
    asked: Asked,
    *,
    key: str,
    clock: Clock,
) -> Sequence[Action]:
    """The same for several commissions, each with an outcome of its own; where Temporal is away it stays `asked`.

    Raises:
        Problem: not-found if there is no such commission among them: then nothing is done; and as above.
    """
    asked, some, gate = _checked(asked), _some(commissions), asyncio.Semaphore(_AT_ONCE)
    async with database.transaction() as tx:
        for each in some:
            await read_commission(tx, caller, each, now=clock(), soon=timedelta(0))
    together = together_id(caller, key)

    async def one(commission: UUID) -> Action:
        async with gate:
            return await _or_asked(database, lives, caller, commission, asked, key=key, clock=clock, together=together)

    return await asyncio.gather(*(one(each) for each in some))


def together_id(caller: Caller, key: str) -> UUID:
    """What the actions of one request have in common."""
    return uuid5(caller.person, f"together {key}")


async def _or_asked(
    database: Database, lives: Lives, caller: Caller, commission: UUID, asked: Asked, **about: Any
) -> Action:
    try:
        return await _carry_out(database, lives, caller, commission, asked, **about)
    except Problem as problem:
        if problem.type is not ProblemType.UNAVAILABLE:
            raise
        async with database.transaction() as tx:
            left = await store.ops_action(tx, _id(caller, commission, asked, about["key"]))
        if left is None:
            raise
        return left


async def _carry_out(
    database: Database,
    lives: Lives,
    caller: Caller,
    commission: UUID,
    asked: Asked,
    *,
    key: str,
    clock: Clock,
    together: UUID | None = None,
) -> Action:
    wanted = Action(
        action=_id(caller, commission, asked, key),
        commission=commission,
        what=_WHAT[asked.deed],
        person=caller.person,
        at=clock(),
        reason=asked.reason,
        detail=asked.detail,
        outcome=ActionOutcome.ASKED,
        together=together,
    )
    async with database.transaction() as tx:
        action, hindrance = await _write_down(tx, caller, wanted, asked, clock())
    if action.outcome is not ActionOutcome.ASKED:
        return action
    problem = hindrance.value if hindrance else await _ask(lives, commission, action.action, asked)
    outcome = ActionOutcome.REFUSED if problem else ActionOutcome.DONE
    async with database.transaction() as tx:
        await store.conclude_ops_action(tx, action.action, outcome=outcome, problem=problem, at=clock())
        tx.touch(commission)
    return replace(action, outcome=outcome, problem=problem)


async def _write_down(
    tx: Tx, caller: Caller, wanted: Action, asked: Asked, now: datetime
) -> tuple[Action, Refusal | None]:
    """The action as it stands in the log, and what is in its way as far as one can see here."""
    case = await read_case(tx, caller, wanted.commission, now=now, soon=timedelta(0))
    await store.add_ops_action(tx, wanted)
    action = await store.ops_action(tx, wanted.action)
    if action is None or (action.reason, action.detail) != (wanted.reason, wanted.detail):
        raise Problem(ProblemType.IDEMPOTENCY_KEY_REUSED)
    tx.touch(wanted.commission)
    return action, preview(asked.deed, _known(case, None)).hindrance


async def _ask(lives: Lives, commission: UUID, request: UUID, asked: Asked) -> str | None:
    """Let the workflow do it; the slug of its refusal, if it refuses."""
    try:
        await _update(lives, commission, request, asked)
    except NoSuchLifeError:
        return GONE
    except RefusedError as error:
        return error.refusal.value
    except TemporalAwayError as error:
        raise Problem(
            ProblemType.UNAVAILABLE,
            "The workflows cannot be reached just now, so nobody knows whether it was done.",
            remedy="Send it again in a minute: it happens once, however often it is sent.",
            retry_after=5,
        ) from error
    return None


def _update(lives: Lives, commission: UUID, request: UUID, asked: Asked) -> Awaitable[None]:
    """The update by which the workflow hears of it."""
    match asked.deed:
        case Deed.NUDGE:
            return lives.nudge(commission, Nudge(request=request))
        case Deed.EXTEND:
            return lives.extend(commission, Extend(request=request, by=timedelta(days=asked.days or 0)))
        case Deed.PAUSE:
            return lives.pause(commission, Pause(request=request))
        case Deed.RESUME:
            return lives.resume(commission, Resume(request=request))
        case Deed.CANCEL:
            cause = asked.cause or CancelCause.STUDIO
            cancel = Cancel(request=request, cause=cause, at_most_percent=asked.at_most_percent)
            return lives.cancel(commission, cancel)
        case Deed.TRY_AGAIN:
            return lives.try_again(commission, TryAgain(request=request))


_WHAT: Final = {deed: What(deed.value.replace("-", "_")) for deed in Deed}


def _id(caller: Caller, commission: UUID, asked: Asked, key: str) -> UUID:
    return uuid5(commission, f"{caller.person} {asked.deed} {key}")


def _known(case: Case, progress: Progress | None) -> Known:
    told = {type(fact) for fact in case.story.facts}
    return Known(
        commission=case.shown.commission,
        account=case.account,
        gates=case.gates,
        booked=PromiseBooked in told,
        made=PieceMade in told,
        handed_over=ParcelHandedOver in told,
        ready_by=None if PromiseReleased in told else case.shown.commission.ready_by,
        trouble=refused(progress) if progress else None,
        answers=progress is not None,
    )


def refused(progress: Progress) -> str | None:
    """The command that would be asked for again: a step that its service refused, or the approval of a gate."""
    if progress.trouble is not None:
        return progress.trouble.command
    return AskApproval.activity() if any(gate.refused for gate in progress.gates.values()) else None


def _some(commissions: Sequence[UUID]) -> Sequence[UUID]:
    """Each once, in the order given."""
    some = list(dict.fromkeys(commissions))
    if not 0 < len(some) <= MOST_TOGETHER:
        message = f"These are {len(some)} commissions." if some else "No commission is chosen."
        remedy = f"Choose at most {MOST_TOGETHER} of them." if some else "Tick at least one of them."
        raise invalid(FieldProblem(field="/commissions", message=message, remedy=remedy))
    return some


def _checked(asked: Asked) -> Asked:
    """The same with its reason made uniform."""
    found = []
    try:
        reason = prose(asked.reason, longest=LONGEST_REASON, shortest=1)
    except TextRefusedError as error:
        reason = ""
        found.append(FieldProblem(field="/reason", message=error.message, remedy=error.remedy))
    if asked.deed is Deed.CANCEL and asked.cause is None:
        found.append(
            FieldProblem(
                field="/cause", message="This does not say whose doing it is.", remedy="Choose one of the two."
            )
        )
    found += _days_problems(asked.deed, asked.days, needed=True)
    if found:
        raise invalid(*found)
    return _only_its_own(replace(asked, reason=reason))


def _only_its_own(asked: Asked) -> Asked:
    """Without what was said besides and is not for this deed."""
    cancelling = asked.deed is Deed.CANCEL
    return replace(
        asked,
        days=asked.days if asked.deed is Deed.EXTEND else None,
        cause=asked.cause if cancelling else None,
        at_most_percent=asked.at_most_percent if cancelling and asked.cause is CancelCause.CUSTOMER else None,
    )


def _check_days(deed: Deed, days: int | None, *, needed: bool) -> None:
    if found := _days_problems(deed, days, needed=needed):
        raise invalid(*found)


def _days_problems(deed: Deed, days: int | None, *, needed: bool) -> list[FieldProblem]:
    if deed is not Deed.EXTEND or (days is None and not needed):
        return []
    if days is None or not 1 <= days <= MOST_DAYS:
        remedy = f"Choose from 1 to {MOST_DAYS} days."
        message = "This does not say by how many days." if days is None else f"{days} days cannot be added."
        return [FieldProblem(field="/days", message=message, remedy=remedy)]
    return []
