"""Who a commission waits for, until when, what happens then, and when its next alarm is due.

| it waits in | for | until | then |
|---|---|---|---|
| desk | the studio | `desk` has passed | it lapses |
| offered | the customer; the studio while a question is open | the quote's last day | it expires |
| offered, while a change is proposed or was agreed to | the studio | `desk` has passed, and the last day | it lapses |
| deposit | the customer | the invoice's last day; where it has none, until `deposit` has passed | it lapses |
| making | the maker; the customer at a gate that they sign | the day that the bench promised | |
| making, a change order offered | the customer | its last moment | it lapses, and the making goes on |
| balance | the customer | the invoice's last day | |
| shipping | the maker or the customer, then the carrier | `maker` has passed, then `delivery` | |

Meanwhile a customer is reminded every `remind`, at most `reminders` times, and a maker once, after `maker`; then it is
escalated to ops, a balance not before its invoice's last day. A deposit is escalated half of `remind` before its last
day, however often the customer was reminded: ops can still extend it then. Before a maker is reminded it is looked up
whether they were active: the stages of a piece are no phases, and are not signalled. A late parcel is escalated after
`delivery`. Before a commission lapses or expires, quotes is asked whether the customer was quicker: `closing.py`, which
has all that an end undoes.

While a question about an offer is open the studio holds the clock: what it takes to answer is added to the offer and to
the hours, `questions` in all of one commission, and an offer does not expire meanwhile.

Extra time, by ops or by a pause, belongs to whoever is waited for, and ends with them; in `offered` it belongs to the
quote. A step that was refused only interrupts: who was waited for before it is waited for as before.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from services.lifecycle.workflow.state import (
    NO_TIME,
    ChangeStep,
    CommissionState,
    CurrentPhase,
    Inactivity,
    Timeouts,
    UnrecordedPhase,
)
from shared.contracts.commands.production import BenchActivity
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase

ENDS_WHEN_DUE: Final = {
    Phase.DESK: Outcome.LAPSED,
    Phase.OFFERED: Outcome.EXPIRED,
    Phase.DEPOSIT: Outcome.LAPSED,
}
"""How a commission ends if nobody acts in time, where it does; see `outcome_when_due`."""

_PARTS: Final = 14
"""So often an offer is extended while an answer is owed, at most."""

_HOLDERS: Final = {
    Phase.DESK: Holder.STUDIO,
    Phase.OFFERED: Holder.CUSTOMER,
    Phase.DEPOSIT: Holder.CUSTOMER,
    Phase.BALANCE: Holder.CUSTOMER,
}


class AlarmKind(IntEnum):
    """What an alarm is for; of two that are due at once, the first of these counts."""

    DUE = 1
    """Nobody acted in time: the commission ends."""
    REMIND = 2
    ESCALATE = 3
    WARN = 4
    """It lapses soon: ops are told while they can still extend it."""
    LOOK = 5
    """Ops know that the maker is inactive; whoever is active again is watched as before."""
    LAPSE = 6
    """Nobody agreed to a change order in time."""


@dataclass(frozen=True, order=True)
class Alarm:
    """When the next alarm is due, and what it is for."""

    at: datetime
    kind: AlarmKind


@dataclass(frozen=True)
class _InactivityRule:
    """How long somebody may be inactive, how many reminders they get before ops are notified, and why."""

    limit: timedelta
    reminders: int
    escalation: Escalation


def current_phase(phase: Phase, state: CommissionState, timeouts: Timeouts, now: datetime) -> CurrentPhase:
    """The current phase by what is known: the same as before if nothing has changed."""
    before = state.interrupted or state.current
    holder = _holder(phase, state)
    stays = before is not None and (before.phase, before.holder) == (phase, holder)
    since = before.since if before is not None and stays else now
    due = _due(CurrentPhase(phase=phase, holder=holder, since=since), state, timeouts)
    if _keeps_extra_time(before, phase, stays=stays):
        due += state.extra_time
    return CurrentPhase(phase=phase, holder=holder, since=since, due=due, paused=state.paused_at is not None)


def enter(state: CommissionState, current: CurrentPhase, now: datetime) -> None:
    """Enter a phase, or a change within it: a new holder's inactivity starts now, extra time ends with its phase."""
    before, state.interrupted = state.interrupted or state.current, None
    stays = before is not None and (before.phase, before.holder) == (current.phase, current.holder)
    if not stays:
        state.inactivity = Inactivity(since=now)
    if not _keeps_extra_time(before, current.phase, stays=stays):
        state.extra_time = NO_TIME
        state.paused_at = now if state.paused_at is not None else None  # the pause so far was somebody else's
    _note(state, current, now)


def interrupt(state: CommissionState, current: CurrentPhase, now: datetime) -> None:
    """Wait for ops meanwhile: the time and the reminders of whoever was waited for stay as they are."""
    state.interrupted = state.interrupted or state.current
    _note(state, current, now)


def _note(state: CommissionState, current: CurrentPhase, now: datetime) -> None:
    state.current = current
    state.phases += 1
    state.unrecorded.append(UnrecordedPhase(number=state.phases, at=now, **current.model_dump()))


def resume(state: CommissionState, now: datetime) -> None:
    """End a pause: what was due is due later by its length. A day at the bench is replanned there."""
    if (paused_at := state.paused_at) is None:
        return
    state.paused_at = None
    current, inactivity = state.interrupted or state.current, state.inactivity
    if current is not None and not _is_at_the_bench(current):
        state.extra_time += now - paused_at
    if inactivity.since is not None:
        inactivity.since += now - max(paused_at, inactivity.since)


def next_alarm(state: CommissionState, timeouts: Timeouts) -> Alarm | None:
    """The next alarm, if the clock runs."""
    current = state.current
    if current is None or current.paused:
        return None
    alarms = []
    if current.phase in ENDS_WHEN_DUE and current.due is not None:
        alarms.append(Alarm(current.due, AlarmKind.DUE))
    if is_change_offered(current, state) and state.change is not None:
        return Alarm(state.change.until, AlarmKind.LAPSE)
    if rule := _inactivity_rule(current, timeouts):
        at, sent = _inactive_since(current, state, timeouts) + rule.limit, state.inactivity.reminders_sent
        if sent < rule.reminders:
            alarms.append(Alarm(at, AlarmKind.REMIND))
        elif sent == rule.reminders and current.phase is not Phase.DEPOSIT:  # see `_warning`
            alarms.append(Alarm(max(at, _last_instant_to_pay(current, state) or at), AlarmKind.ESCALATE))
        elif is_makers(current):
            looked_at = state.inactivity.looked_at
            alarms.append(Alarm(at if looked_at is None else max(at, looked_at + rule.limit), AlarmKind.LOOK))
    if (warning := _warning(current, state, timeouts)) is not None:
        alarms.append(warning)
    return min(alarms, default=None)


def _warning(current: CurrentPhase, state: CommissionState, timeouts: Timeouts) -> Alarm | None:
    """Before a deposit lapses ops are told, once for each instant that it is due: they may have moved it."""
    if current.phase is not Phase.DEPOSIT or current.due is None or state.inactivity.warned_of == current.due:
        return None
    return Alarm(current.due - min(timeouts.remind, current.due - current.since) / 2, AlarmKind.WARN)


def look(state: CommissionState, seen: BenchActivity, now: datetime) -> None:
    """Take in what is known of the maker's activity: whoever was active is not reminded yet, and may be again."""
    bench, inactivity = state.bench, state.inactivity
    if seen.seen_at is not None and (bench.seen_at is None or bench.seen_at < seen.seen_at):
        bench.seen_at = seen.seen_at
        inactivity = state.inactivity = Inactivity(since=max(seen.seen_at, inactivity.since or seen.seen_at))
    inactivity.planned_on, inactivity.looked_at = seen.next_on, now


def escalation_of(current: CurrentPhase, timeouts: Timeouts) -> Escalation:
    """Why ops should look if the person it waits for stays inactive.

    Raises:
        LookupError: nobody's inactivity counts here.
    """
    if (rule := _inactivity_rule(current, timeouts)) is None:
        raise LookupError(f"nobody is inactive in {current.phase}")
    return rule.escalation


def may_be_reminded(current: CurrentPhase) -> bool:
    """Whether it waits for a customer or a maker."""
    return current.holder in {Holder.CUSTOMER, Holder.MAKER}


def comes_after(phase: Phase, before: Phase) -> bool:
    """Whether a life comes to the one phase after the other: they are named in this order."""
    order = list(Phase)
    return order.index(phase) > order.index(before)


def is_makers(current: CurrentPhase) -> bool:
    """Whether it waits for the maker."""
    return current.holder is Holder.MAKER


def owes_a_quote(state: CommissionState) -> bool:
    """Whether the studio has to answer a proposed change, or to send the next quote after one that it agreed to."""
    return state.offer_withdrawn or state.proposed_at is not None


def outcome_when_due(current: CurrentPhase, state: CommissionState) -> Outcome:
    """How it ends since nobody acted in time: a quote that the studio owes lapses, the customer let none expire."""
    if current.phase is Phase.OFFERED and owes_a_quote(state):
        return Outcome.LAPSED
    return ENDS_WHEN_DUE[current.phase]


def approval_awaited(current: CurrentPhase, state: CommissionState) -> UUID | None:
    """The approval that the customer is waited for, if it is one."""
    gate = state.gates.get(state.bench.reached or "")
    waits = (
        current.phase is Phase.MAKING and current.holder is Holder.CUSTOMER and not is_change_offered(current, state)
    )
    return gate.approval if waits and gate is not None else None


def is_change_offered(current: CurrentPhase, state: CommissionState) -> bool:
    """Whether the customer is waited for to answer a change order; it lapses by itself, so nobody is reminded."""
    offered = state.change is not None and state.change.step is ChangeStep.OFFERED
    return current.phase is Phase.MAKING and offered


def _holder(phase: Phase, state: CommissionState) -> Holder:
    match phase:
        case Phase.OFFERED if state.open_questions or owes_a_quote(state):
            return Holder.STUDIO
        case Phase.MAKING if state.booked is not None:
            return _holder_at_the_bench(state)
        case Phase.BALANCE if state.balance is None:
            return Holder.PROCESS
        case Phase.SHIPPING if state.parcel.released and state.parcel.tracking is None:
            return Holder.CUSTOMER if state.parcel.unaddressed or state.parcel.collected else Holder.MAKER
        case Phase.SHIPPING if state.parcel.missed and not state.parcel.delivered:
            return Holder.STUDIO
        case _:
            return _HOLDERS.get(phase, Holder.PROCESS)


def _holder_at_the_bench(state: CommissionState) -> Holder:
    """A piece that rests is the maker's: the next stage is, whenever it begins."""
    if state.change is not None and state.change.step is ChangeStep.OFFERED:
        return Holder.CUSTOMER
    if any(gate.refused for gate in state.gates.values()):
        return Holder.STUDIO
    if state.bench.reached is not None and awaits_the_customer(state, state.bench.reached):
        return Holder.CUSTOMER
    return Holder.MAKER


def awaits_the_customer(state: CommissionState, gate: str) -> bool:
    """Whether the customer has to sign this gate, and has not."""
    planned = state.booked.gates if state.booked is not None else ()
    signs = any(each.gate == gate and each.customer_signs for each in planned)
    known = state.gates.get(gate)
    return signs and (known is None or known.signed is None)


def _due(current: CurrentPhase, state: CommissionState, timeouts: Timeouts) -> datetime:
    match current.phase:
        case Phase.DESK:
            return current.since + timeouts.desk
        case Phase.OFFERED if state.offer is not None and owes_a_quote(state):
            return max(current.since + timeouts.desk, state.offer.valid_until)
        case Phase.OFFERED if state.offer is not None:
            return state.offer.valid_until + _question_time(state, timeouts)
        case Phase.MAKING if _is_at_the_bench(current) and state.bench.ready_by is not None:
            return timeouts.zone.end_of_day(state.bench.ready_by)
        case _ if (last := _last_day_to_pay(current, state)) is not None:
            return timeouts.zone.end_of_day(last)
        case _:
            offered = state.change.until if state.change is not None and is_change_offered(current, state) else None
            return offered or current.since + _timeout_for(current, state, timeouts)


def _question_time(state: CommissionState, timeouts: Timeouts) -> timedelta:
    """By how much questions extend what is offered now."""
    return min(state.question_time.given, timeouts.questions) - min(state.question_time.spent, timeouts.questions)


def wait_for_an_answer(state: CommissionState, timeouts: Timeouts) -> bool:
    """Whether the offer goes on, since the studio owes an answer: for a fourteenth of all that questions may add."""
    time = state.question_time
    if not state.open_questions or owes_a_quote(state) or time.given >= timeouts.questions:
        return False
    time.advanced = min(time.given + timeouts.questions / _PARTS, timeouts.questions)
    return True


def offer_again(state: CommissionState) -> None:
    """Another version is offered, from now on: what was given so far was given to the one before."""
    state.valid_until, state.extra_time = None, NO_TIME
    state.question_time.spent = state.question_time.given


def _last_day_to_pay(current: CurrentPhase, state: CommissionState) -> date | None:
    """The last day that the invoice names."""
    match current.phase, current.holder:
        case Phase.DEPOSIT, _ if state.acceptance is not None:
            return state.acceptance.deposit_due_on
        case Phase.BALANCE, Holder.CUSTOMER if state.balance is not None:
            return state.balance.due_on
        case _:
            return None


def _timeout_for(current: CurrentPhase, state: CommissionState, timeouts: Timeouts) -> timedelta:
    match current.phase, current.holder:
        case Phase.DEPOSIT, _:
            return timeouts.deposit
        case ((Phase.MAKING | Phase.BALANCE | Phase.SHIPPING), Holder.CUSTOMER):
            return timeouts.remind * (timeouts.reminders + 1)
        case Phase.SHIPPING, Holder.MAKER:
            return timeouts.maker
        case Phase.SHIPPING, _ if state.parcel.tracking is not None:
            return timeouts.delivery
        case _:
            return timeouts.step


def _keeps_extra_time(before: CurrentPhase | None, phase: Phase, *, stays: bool) -> bool:
    """Extra time belongs to the holder; in `offered` it belongs to the quote, no matter who acts next."""
    return stays or (before is not None and before.phase is phase is Phase.OFFERED)


def _is_at_the_bench(current: CurrentPhase) -> bool:
    return current.phase is Phase.MAKING and current.holder in {Holder.MAKER, Holder.PROCESS}


def _inactivity_rule(current: CurrentPhase, timeouts: Timeouts) -> _InactivityRule | None:
    match current.phase, current.holder:
        case _, Holder.CUSTOMER:
            return _InactivityRule(timeouts.remind, timeouts.reminders, Escalation.CUSTOMER_SILENT)
        case ((Phase.MAKING | Phase.SHIPPING), Holder.MAKER):
            return _InactivityRule(timeouts.maker, 1, Escalation.MAKER_SILENT)
        case Phase.SHIPPING, (Holder.PROCESS | Holder.STUDIO):
            return _InactivityRule(timeouts.delivery, 0, Escalation.PARCEL_MISSING)
        case _:
            return None


def _last_instant_to_pay(current: CurrentPhase, state: CommissionState) -> datetime | None:
    """Nobody counts as inactive before the last day on their invoice."""
    return current.due if _last_day_to_pay(current, state) is not None else None


def _inactive_since(current: CurrentPhase, state: CommissionState, timeouts: Timeouts) -> datetime:
    """A maker is not inactive before the day that their work is planned for."""
    since = state.inactivity.since or current.since
    if current.phase is not Phase.MAKING or current.holder is not Holder.MAKER or state.booked is None:
        return since
    return max(since, timeouts.zone.start_of_day(state.inactivity.planned_on or state.booked.begins_on))
