"""Whose move it is, until when, and when the clock rings next: the attributed clock, from what a life has come to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

from services.lifecycle.domain.life import NOTHING, Patience, Progress, Silence, Standing
from shared.contracts.lifecycle import Escalation, Holder, Phase
from shared.contracts.notifications import Intent
from shared.kernel.calendar import day_of, end_of_day

_ENDS_WHEN_DUE: Final = {Phase.DESK, Phase.OFFERED, Phase.DEPOSIT}
_HOLDERS: Final = {
    Phase.DESK: Holder.STUDIO,
    Phase.OFFERED: Holder.CUSTOMER,
    Phase.DEPOSIT: Holder.CUSTOMER,
    Phase.BALANCE: Holder.CUSTOMER,
}
_REMINDERS: Final = {
    Phase.OFFERED: Intent.QUOTE_REMINDER,
    Phase.DEPOSIT: Intent.DEPOSIT_REMINDER,
    Phase.MAKING: Intent.APPROVAL_REMINDER,
    Phase.BALANCE: Intent.BALANCE_REMINDER,
}


class Ring(IntEnum):
    """What the clock rings for; where two rings come at once, the first one of these counts."""

    DUE = 1
    """Nobody moved in time: it ends."""
    TURN = 2
    """The day has come that the bench goes on."""
    REMIND = 3
    ESCALATE = 4


@dataclass(frozen=True, order=True)
class Alarm:
    """When the clock rings next, and what for."""

    at: datetime
    ring: Ring


@dataclass(frozen=True)
class _Listening:
    """How much silence is borne, how many reminders come before ops are told, and what they are told."""

    patience: timedelta
    reminders: int
    escalation: Escalation


def where(stage: Phase, progress: Progress, patience: Patience, now: datetime) -> Standing:
    """Where a commission stands at this stage: the same as before for as long as nothing changes."""
    before = progress.standing
    holder = _holder(stage, progress, patience, now)
    stays = before is not None and (before.phase, before.holder) == (stage, holder)
    since = before.since if before is not None and stays else now
    due = _due(Standing(phase=stage, holder=holder, since=since), progress, patience)
    if _keeps_what_it_was_given(before, stage, stays=stays):
        due += progress.more
    return Standing(phase=stage, holder=holder, since=since, due=due, paused=progress.paused_at is not None)


def stand(progress: Progress, standing: Standing, now: datetime) -> None:
    """Write down where it stands from now on: another's silence begins, another stage gets no extension of this one."""
    before = progress.standing
    stays = before is not None and (before.phase, before.holder) == (standing.phase, standing.holder)
    if not stays:
        progress.silence = Silence(since=now)
    if not _keeps_what_it_was_given(before, standing.phase, stays=stays):
        progress.more = NOTHING
    if progress.paused_at is not None and (before is None or before.phase is not standing.phase):
        progress.paused_at = now
    progress.standing = standing


def go_on(progress: Progress, now: datetime) -> None:
    """End a pause: what was due is due later by as long as it lasted. A day at the bench is planned anew there."""
    if (paused_at := progress.paused_at) is None:
        return
    progress.paused_at = None
    standing, silence = progress.standing, progress.silence
    if standing is not None and not _is_at_the_bench(standing):
        progress.more += now - paused_at
    if silence.since is not None:
        silence.since += now - max(paused_at, silence.since)


def next_alarm(progress: Progress, patience: Patience) -> Alarm | None:
    """When the clock rings next, if it runs at all."""
    standing = progress.standing
    if standing is None or standing.paused:
        return None
    rings = []
    if standing.phase in _ENDS_WHEN_DUE and standing.due is not None:
        rings.append(Alarm(standing.due, Ring.DUE))
    if standing.holder is Holder.PROCESS and progress.bench.waiting and progress.bench.next_on is not None:
        rings.append(Alarm(start_of_day(progress.bench.next_on, patience), Ring.TURN))
    if (listening := _listening(standing, patience)) and progress.silence.reminded <= listening.reminders:
        ring = Ring.REMIND if progress.silence.reminded < listening.reminders else Ring.ESCALATE
        at = _silent_since(standing, progress, patience) + listening.patience
        rings.append(Alarm(max(at, _given_until(ring, standing, progress) or at), ring))
    return min(rings, default=None)


def escalation_of(standing: Standing, patience: Patience) -> Escalation:
    """What ops are told when whoever holds the clock stays silent."""
    listening = _listening(standing, patience)
    return listening.escalation if listening else Escalation.STEP_REFUSED


def reminder_of(standing: Standing) -> Intent | None:
    """The mail that reminds whoever holds the clock; None where that is nobody who gets mail."""
    match standing.holder:
        case Holder.MAKER:
            return Intent.MAKER_REMINDER
        case Holder.CUSTOMER:
            return _REMINDERS.get(standing.phase)
        case _:
            return None


def start_of_day(day: date, patience: Patience) -> datetime:
    return end_of_day(day - timedelta(days=1), ZoneInfo(patience.zone))


def last_day(due: datetime | None, patience: Patience, now: datetime) -> date | None:
    """The last day in the studio's zone that is whole before the due instant; today, where that is all there is.

    After a pause of hours something is due within a day, and whoever is told that day believes in its evening.
    """
    zone = ZoneInfo(patience.zone)
    return None if due is None else max(day_of(due, zone) - timedelta(days=1), day_of(now, zone))


def _holder(stage: Phase, progress: Progress, patience: Patience, now: datetime) -> Holder:
    match stage:
        case Phase.OFFERED if progress.open_questions:
            return Holder.STUDIO
        case Phase.MAKING if progress.booked is not None:
            return _holder_at_the_bench(progress, patience, now)
        case Phase.BALANCE if progress.balance is None:
            return Holder.PROCESS
        case Phase.SHIPPING if progress.parcel.released and progress.parcel.tracking is None:
            return Holder.MAKER
        case _:
            return _HOLDERS.get(stage, Holder.PROCESS)


def _holder_at_the_bench(progress: Progress, patience: Patience, now: datetime) -> Holder:
    bench = progress.bench
    if any(gate.refused for gate in progress.gates.values()):
        return Holder.STUDIO
    if bench.reached is not None and awaits_the_customer(progress, bench.reached):
        return Holder.CUSTOMER
    if bench.waiting and bench.next_on is not None and now < start_of_day(bench.next_on, patience):
        return Holder.PROCESS
    return Holder.MAKER


def awaits_the_customer(progress: Progress, gate: str) -> bool:
    """Whether the customer has to sign this gate, and has not."""
    planned = progress.booked.gates if progress.booked is not None else ()
    signs = any(each.gate == gate and each.customer_signs for each in planned)
    known = progress.gates.get(gate)
    return signs and (known is None or known.signed is None)


def _due(standing: Standing, progress: Progress, patience: Patience) -> datetime:
    match standing.phase:
        case Phase.DESK if progress.promise is not None:
            return min(standing.since + patience.desk, progress.promise.held_until)
        case Phase.OFFERED if progress.offer is not None:
            return progress.offer.valid_until
        case Phase.MAKING if _is_at_the_bench(standing) and progress.bench.ready_by is not None:
            return end_of_day(progress.bench.ready_by, ZoneInfo(patience.zone))
        case _ if (told := _last_day_to_pay(standing, progress)) is not None:
            return end_of_day(told, ZoneInfo(patience.zone))
        case _:
            return standing.since + _patience_for(standing, progress, patience)


def _last_day_to_pay(standing: Standing, progress: Progress) -> date | None:
    """What the customer reads on the invoice: the clock says the same. Older lives were not told of it."""
    match standing.phase, standing.holder:
        case Phase.DEPOSIT, _ if progress.agreement is not None:
            return progress.agreement.deposit_due_on
        case Phase.BALANCE, Holder.CUSTOMER if progress.balance is not None:
            return progress.balance.due_on
        case _:
            return None


def _patience_for(standing: Standing, progress: Progress, patience: Patience) -> timedelta:
    match standing.phase, standing.holder:
        case Phase.DEPOSIT, _:
            return patience.deposit
        case ((Phase.MAKING | Phase.BALANCE), Holder.CUSTOMER):
            return patience.remind * (patience.reminders + 1)
        case Phase.SHIPPING, Holder.MAKER:
            return patience.maker
        case Phase.SHIPPING, _ if progress.parcel.tracking is not None:
            return patience.delivery
        case _:
            return patience.step


def _keeps_what_it_was_given(before: Standing | None, stage: Phase, *, stays: bool) -> bool:
    """An offer is extended as such, whoever has the move; elsewhere whoever holds the clock is given longer."""
    return stays or (before is not None and before.phase is stage is Phase.OFFERED)


def _is_at_the_bench(standing: Standing) -> bool:
    return standing.phase is Phase.MAKING and standing.holder in {Holder.MAKER, Holder.PROCESS}


def _listening(standing: Standing, patience: Patience) -> _Listening | None:
    match standing.phase, standing.holder:
        case _, Holder.CUSTOMER:
            return _Listening(patience.remind, patience.reminders, Escalation.CUSTOMER_SILENT)
        case ((Phase.MAKING | Phase.SHIPPING), Holder.MAKER):
            return _Listening(patience.maker, 1, Escalation.MAKER_SILENT)
        case Phase.SHIPPING, Holder.PROCESS:
            return _Listening(patience.delivery, 0, Escalation.PARCEL_MISSING)
        case _:
            return None


def _given_until(ring: Ring, standing: Standing, progress: Progress) -> datetime | None:
    """Nobody is called silent while they still have time by their invoice."""
    told = _last_day_to_pay(standing, progress)
    return standing.due if ring is Ring.ESCALATE and told is not None else None


def _silent_since(standing: Standing, progress: Progress, patience: Patience) -> datetime:
    """A maker is not silent before the day that their work is planned for."""
    since = progress.silence.since or standing.since
    if standing.phase is not Phase.MAKING or standing.holder is not Holder.MAKER or progress.booked is None:
        return since
    return max(since, start_of_day(progress.bench.next_on or progress.booked.begins_on, patience))
