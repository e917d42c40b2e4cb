"""Whose move it is, until when, and when the clock rings: by the facts alone, in microseconds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.lifecycle.actions import zone_rules
from services.lifecycle.workflow.deadlines import (
    Alarm,
    AlarmKind,
    current_phase,
    enter,
    interrupt,
    look,
    next_alarm,
    resume,
)
from services.lifecycle.workflow.state import (
    Acceptance,
    BenchState,
    CommissionState,
    CurrentPhase,
    GateProgress,
    GateSignature,
    Inactivity,
    ParcelState,
    QuoteOffer,
    Timeouts,
)
from services.lifecycle.workflow.zone import ZoneOffset, ZoneRules
from shared.contracts.commands.production import BenchActivity, BookedPromise, HeldPromise, PlannedGate
from shared.contracts.commands.quotes import IssuedInvoice
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.ids import new_id
from shared.kernel.money import Money

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE = Timeouts(
    step=timedelta(minutes=15),
    desk=14 * DAY,
    deposit=10 * DAY,
    remind=3 * DAY,
    reminders=2,
    maker=5 * DAY,
    delivery=8 * DAY,
    zone=zone_rules("Europe/Berlin", NOW.year),
)
MONEY = Money(minor=100, currency="EUR")


def promise(held: timedelta = 90 * DAY) -> HeldPromise:
    return HeldPromise(
        promise=new_id(), maker=new_id(), ready_by=NOW.date(), ready_by_p50=NOW.date(), held_until=NOW + held
    )


def offer(valid: timedelta = 20 * DAY) -> QuoteOffer:
    return QuoteOffer(quote_version=1, total=MONEY, deposit=MONEY, valid_until=NOW + valid)


def booked() -> BookedPromise:
    gates = (PlannedGate(gate="cut", before="prepare", customer_signs=True),)
    return BookedPromise(
        piece=new_id(),
        maker=new_id(),
        begins_on=date(2026, 11, 30),
        ready_by=date(2026, 12, 20),
        ready_by_p50=date(2026, 12, 20),
        gates=gates,
    )


def at(phase: Phase, now: datetime = NOW, **known: Any) -> CommissionState:
    """Where a life stands from `now` on."""
    state = CommissionState(promise=promise(), **known)
    enter(state, current_phase(phase, state, PATIENCE, now), now)
    return state


def asked_for(due_on: date | None) -> IssuedInvoice:
    return IssuedInvoice(
        invoice=new_id(), number="2026-0002", total=MONEY, left=MONEY, reference="RF18 B", due_on=due_on
    )


def making(**bench: Any) -> CommissionState:
    return at(Phase.MAKING, booked=booked(), bench=BenchState(ready_by=date(2026, 12, 20), **bench))


def holder(state: CommissionState, now: datetime = NOW) -> Holder:
    assert state.current is not None
    return current_phase(state.current.phase, state, PATIENCE, now).holder


def due(state: CommissionState, now: datetime = NOW) -> datetime | None:
    assert state.current is not None
    return current_phase(state.current.phase, state, PATIENCE, now).due


def test_a_draft_lapses_after_the_studios_patience() -> None:
    assert due(at(Phase.DESK)) == NOW + 14 * DAY


def test_nothing_changes_where_nothing_happened() -> None:
    state = at(Phase.OFFERED, offer=offer())

    assert current_phase(Phase.OFFERED, state, PATIENCE, NOW + DAY) == state.current


def test_an_open_question_is_the_studios_and_leaves_the_offer_its_time() -> None:
    state = at(Phase.OFFERED, offer=offer())
    state.open_questions = 1

    assert holder(state) is Holder.STUDIO
    assert due(state) == NOW + 20 * DAY


def test_a_piece_at_a_gate_without_its_signature_is_the_customers_move() -> None:
    state = making(reached="cut")
    unsigned = holder(state)

    state.gates["cut"] = GateProgress(signed=GateSignature(approval=new_id(), brief_version=1))

    assert (unsigned, holder(state)) == (Holder.CUSTOMER, Holder.MAKER)


def test_a_refused_approval_is_the_studios_move() -> None:
    state = making(reached="cut")
    state.gates["cut"] = GateProgress(refused=True)

    assert holder(state) is Holder.STUDIO


def test_a_maker_who_was_active_has_their_time_again() -> None:
    state = making()
    active = NOW + 10 * DAY

    look(state, BenchActivity(seen_at=active), active + DAY)

    assert next_alarm(state, PATIENCE) == Alarm(active + 5 * DAY, AlarmKind.REMIND)


def test_a_maker_is_not_inactive_before_the_day_that_the_next_stage_is_planned_for() -> None:
    state = making()
    planned = datetime(2026, 12, 24, 23, 0, tzinfo=UTC)

    look(state, BenchActivity(seen_at=NOW + DAY, next_on=date(2026, 12, 25)), NOW + 6 * DAY)

    assert next_alarm(state, PATIENCE) == Alarm(planned + 5 * DAY, AlarmKind.REMIND)


def test_what_was_seen_before_the_reminder_and_known_only_after_it_counts() -> None:
    """The read model may lag behind. The time that the reminder gave the maker stays theirs."""
    state, reminded = making(), NOW + 20 * DAY
    state.inactivity = Inactivity(since=reminded, reminders_sent=1)

    look(state, BenchActivity(seen_at=reminded - DAY), reminded + 5 * DAY)

    assert next_alarm(state, PATIENCE) == Alarm(reminded + 5 * DAY, AlarmKind.REMIND)


def test_ops_are_not_notified_again_of_the_same_silence_but_the_maker_is_watched() -> None:
    state, active, notified = making(), NOW + 10 * DAY, NOW + 20 * DAY
    look(state, BenchActivity(seen_at=active), active)
    state.inactivity = Inactivity(since=notified, reminders_sent=2)
    first = next_alarm(state, PATIENCE)

    look(state, BenchActivity(seen_at=active), notified + 5 * DAY)
    still = next_alarm(state, PATIENCE)
    look(state, BenchActivity(seen_at=notified + 6 * DAY), notified + 10 * DAY)

    assert first == Alarm(notified + 5 * DAY, AlarmKind.LOOK)
    assert still == Alarm(notified + 10 * DAY, AlarmKind.LOOK)
    assert next_alarm(state, PATIENCE) == Alarm(notified + 11 * DAY, AlarmKind.REMIND)


def test_a_piece_is_due_when_its_day_ends() -> None:
    assert due(making()) == datetime(2026, 12, 20, 23, 0, tzinfo=UTC)


def test_days_end_and_begin_by_the_rules_that_the_commission_started_with() -> None:
    """Its state has abolished winter time since: what this machine knows of any zone by now changes no replay."""
    summer = ZoneRules(offsets=(ZoneOffset(since=datetime(2026, 1, 1, tzinfo=UTC), ahead=timedelta(hours=2)),))
    started = PATIENCE.model_copy(update={"zone": summer})
    state = at(Phase.DEPOSIT, acceptance=Acceptance(deposit=MONEY, deposit_due_on=date(2026, 11, 30)))

    deposit = current_phase(Phase.DEPOSIT, state, started, NOW).due
    made = current_phase(Phase.MAKING, making(), started, NOW).due
    reminded = next_alarm(making(), started)

    assert deposit == datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    assert made == datetime(2026, 12, 20, 22, 0, tzinfo=UTC)
    assert reminded == Alarm(datetime(2026, 11, 29, 22, 0, tzinfo=UTC) + 5 * DAY, AlarmKind.REMIND)


def test_a_maker_is_not_silent_before_the_work_begins() -> None:
    begins = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)

    assert next_alarm(making(), PATIENCE) == Alarm(begins + 5 * DAY, AlarmKind.REMIND)


def test_a_customer_is_reminded_twice_and_then_ops_get_a_mail() -> None:
    state = at(Phase.OFFERED, offer=offer())
    rings = []
    for _ in range(4):
        alarm = next_alarm(state, PATIENCE)
        assert alarm is not None
        rings.append((alarm.at - NOW, alarm.kind))
        state.inactivity = Inactivity(since=alarm.at, reminders_sent=state.inactivity.reminders_sent + 1)

    assert rings == [
        (3 * DAY, AlarmKind.REMIND),
        (6 * DAY, AlarmKind.REMIND),
        (9 * DAY, AlarmKind.ESCALATE),
        (20 * DAY, AlarmKind.DUE),
    ]


def test_the_end_comes_before_a_reminder_of_the_same_instant() -> None:
    state = at(Phase.OFFERED, offer=offer(valid=3 * DAY))

    assert next_alarm(state, PATIENCE) == Alarm(NOW + 3 * DAY, AlarmKind.DUE)


@pytest.mark.parametrize("phase", [Phase.PROMISING, Phase.QUOTING, Phase.CERTIFYING, Phase.ENDED])
def test_nothing_rings_while_the_process_is_at_work(phase: Phase) -> None:
    assert next_alarm(at(phase), PATIENCE) is None


def test_a_parcel_that_is_long_under_way_is_missing() -> None:
    state = at(Phase.SHIPPING, parcel=ParcelState(released=True, tracking="RR 1"))

    assert holder(state) is Holder.PROCESS
    assert next_alarm(state, PATIENCE) == Alarm(NOW + 8 * DAY, AlarmKind.ESCALATE)


def test_a_paused_clock_raises_no_alarm() -> None:
    state = at(Phase.OFFERED, offer=offer(), paused_at=NOW)

    assert next_alarm(state, PATIENCE) is None


def test_a_pause_moves_all_that_was_due() -> None:
    state = at(Phase.OFFERED, offer=offer())
    state.paused_at = NOW + DAY

    resume(state, NOW + 4 * DAY)

    assert due(state) == NOW + 23 * DAY
    assert state.inactivity.since == NOW + 3 * DAY


def test_a_pause_leaves_the_day_of_the_piece_to_the_bench() -> None:
    state = making()
    state.paused_at = NOW

    resume(state, NOW + 4 * DAY)

    assert due(state) == datetime(2026, 12, 20, 23, 0, tzinfo=UTC)


def test_a_pause_that_began_before_the_customer_was_waited_for_counts_from_then_on() -> None:
    state = making()
    state.paused_at = NOW
    state.bench.reached = "cut"
    enter(state, current_phase(Phase.MAKING, state, PATIENCE, NOW + 4 * DAY), NOW + 4 * DAY)
    before = due(state)

    resume(state, NOW + 5 * DAY)

    assert before == NOW + 4 * DAY + 9 * DAY
    assert due(state) == before + DAY


def test_an_offer_gets_the_whole_pause_whoever_was_waited_for() -> None:
    state = at(Phase.OFFERED, offer=offer())
    state.paused_at, state.open_questions = NOW, 1
    enter(state, current_phase(Phase.OFFERED, state, PATIENCE, NOW + DAY), NOW + DAY)

    resume(state, NOW + 4 * DAY)

    assert due(state) == NOW + 24 * DAY


def test_a_refused_step_takes_no_time_and_no_reminder_from_who_was_waited_for() -> None:
    state = at(Phase.DEPOSIT, acceptance=Acceptance(deposit=MONEY, deposit_due_on=date(2026, 11, 30)))
    state.extra_time, state.inactivity.reminders_sent = 5 * DAY, 1
    extended = due(state)

    interrupt(state, CurrentPhase(phase=Phase.DEPOSIT, holder=Holder.STUDIO, since=NOW, due=NOW), NOW + DAY)
    enter(state, current_phase(Phase.DEPOSIT, state, PATIENCE, NOW + 2 * DAY), NOW + 2 * DAY)

    assert state.current is not None
    assert (state.current.holder, state.current.since, state.current.due) == (Holder.CUSTOMER, NOW, extended)
    assert state.inactivity.reminders_sent == 1


def test_a_new_offer_that_comes_while_a_step_is_refused_has_its_own_time() -> None:
    state = at(Phase.OFFERED, offer=offer())
    state.extra_time = 5 * DAY
    interrupt(state, CurrentPhase(phase=Phase.OFFERED, holder=Holder.STUDIO, since=NOW, due=NOW), NOW)

    state.extra_time = 0 * DAY  # `QuoteSent`
    enter(state, current_phase(Phase.OFFERED, state, PATIENCE, NOW + DAY), NOW + DAY)

    assert due(state) == NOW + 20 * DAY


def test_another_stage_gets_nothing_of_what_ops_gave_this_one() -> None:
    state = at(Phase.DESK)
    state.extra_time = 5 * DAY
    extended = due(state)

    enter(state, current_phase(Phase.DEPOSIT, state, PATIENCE, NOW), NOW)

    assert extended == NOW + 19 * DAY
    assert due(state) == NOW + 10 * DAY


def test_a_deposit_is_due_at_the_end_of_the_day_that_the_invoice_gives() -> None:
    state = at(Phase.DEPOSIT, acceptance=Acceptance(deposit=MONEY, deposit_due_on=date(2026, 11, 30)))

    assert next_alarm(state, PATIENCE) == Alarm(NOW + 3 * DAY, AlarmKind.REMIND)
    assert due(state) == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("sent", [2, 3])
def test_ops_are_told_before_a_deposit_lapses_and_again_where_they_moved_its_day(sent: int) -> None:
    state = at(Phase.DEPOSIT, acceptance=Acceptance(deposit=MONEY, deposit_due_on=date(2026, 11, 30)))
    last = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    state.inactivity.reminders_sent = sent
    first = next_alarm(state, PATIENCE)

    state.inactivity.warned_of = last
    told = next_alarm(state, PATIENCE)
    state.extra_time = 5 * DAY
    enter(state, current_phase(Phase.DEPOSIT, state, PATIENCE, NOW), NOW)

    assert first == Alarm(last - 1.5 * DAY, AlarmKind.WARN)
    assert told == Alarm(last, AlarmKind.DUE)
    assert next_alarm(state, PATIENCE) == Alarm(last + 3.5 * DAY, AlarmKind.WARN)


def test_ops_are_told_half_way_where_a_deposit_has_less_time_than_a_reminder() -> None:
    state = at(Phase.DEPOSIT, acceptance=Acceptance(deposit=MONEY, deposit_due_on=NOW.date()))
    last = due(state)

    assert last is not None
    assert next_alarm(state, PATIENCE) == Alarm(NOW + (last - NOW) / 2, AlarmKind.WARN)


def test_who_has_time_by_their_invoice_is_not_called_silent() -> None:
    state = at(Phase.BALANCE, balance=asked_for(date(2026, 12, 7)))
    state.inactivity.reminders_sent = 2

    alarm = next_alarm(state, PATIENCE)

    assert alarm == Alarm(datetime(2026, 12, 7, 23, 0, tzinfo=UTC), AlarmKind.ESCALATE)
    assert due(state) == alarm.at


def test_who_was_asked_for_the_balance_without_a_day_gets_the_studios_patience() -> None:
    state = at(Phase.BALANCE, balance=asked_for(None))

    assert due(state) == NOW + 9 * DAY


def test_an_extended_offer_stays_so_while_a_question_is_answered() -> None:
    state = at(Phase.OFFERED, offer=offer())
    state.extra_time, state.open_questions = 5 * DAY, 1
    enter(state, current_phase(Phase.OFFERED, state, PATIENCE, NOW), NOW)
    state.open_questions = 0

    assert due(state) == NOW + 25 * DAY
