"""Whose move it is, until when, and when the clock rings: by the facts alone, in microseconds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.lifecycle.domain.life import (
    Agreement,
    Bench,
    Gate,
    Offer,
    Parcel,
    Patience,
    Progress,
    Signature,
    Silence,
)
from services.lifecycle.domain.standing import Alarm, Ring, go_on, last_day, next_alarm, stand, where
from shared.contracts.commands.production import BookedPromise, HeldPromise, PlannedGate
from shared.contracts.commands.quotes import IssuedInvoice
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.ids import new_id
from shared.kernel.money import Money

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE = Patience(
    step=timedelta(minutes=15),
    desk=14 * DAY,
    deposit=10 * DAY,
    remind=3 * DAY,
    reminders=2,
    maker=5 * DAY,
    delivery=8 * DAY,
    zone="Europe/Berlin",
)
MONEY = Money(minor=100, currency="EUR")


def promise(held: timedelta = 90 * DAY) -> HeldPromise:
    return HeldPromise(promise=new_id(), maker=new_id(), ready_by=NOW.date(), held_until=NOW + held)


def offer(valid: timedelta = 20 * DAY) -> Offer:
    return Offer(quote_version=1, total=MONEY, deposit=MONEY, valid_until=NOW + valid)


def booked() -> BookedPromise:
    gates = (PlannedGate(gate="cut", before="prepare", customer_signs=True),)
    return BookedPromise(maker=new_id(), begins_on=date(2026, 11, 30), ready_by=date(2026, 12, 20), gates=gates)


def at(stage: Phase, now: datetime = NOW, **known: Any) -> Progress:
    """Where a life stands from `now` on."""
    progress = Progress(promise=promise(), **known)
    stand(progress, where(stage, progress, PATIENCE, now), now)
    return progress


def asked_for(due_on: date | None) -> IssuedInvoice:
    return IssuedInvoice(
        invoice=new_id(), number="2026-0002", total=MONEY, left=MONEY, reference="RF18 B", due_on=due_on
    )


def making(**bench: Any) -> Progress:
    return at(Phase.MAKING, booked=booked(), bench=Bench(ready_by=date(2026, 12, 20), **bench))


def holder(progress: Progress, now: datetime = NOW) -> Holder:
    assert progress.standing is not None
    return where(progress.standing.phase, progress, PATIENCE, now).holder


def due(progress: Progress, now: datetime = NOW) -> datetime | None:
    assert progress.standing is not None
    return where(progress.standing.phase, progress, PATIENCE, now).due


def test_a_draft_lapses_after_the_studios_patience() -> None:
    assert due(at(Phase.DESK)) == NOW + 14 * DAY


def test_a_draft_lapses_with_the_makers_hours_where_these_end_sooner() -> None:
    progress = Progress(promise=promise(held=DAY))

    assert where(Phase.DESK, progress, PATIENCE, NOW).due == NOW + DAY


def test_nothing_changes_where_nothing_happened() -> None:
    progress = at(Phase.OFFERED, offer=offer())

    assert where(Phase.OFFERED, progress, PATIENCE, NOW + DAY) == progress.standing


def test_an_open_question_is_the_studios_and_leaves_the_offer_its_time() -> None:
    progress = at(Phase.OFFERED, offer=offer())
    progress.open_questions = 1

    assert holder(progress) is Holder.STUDIO
    assert due(progress) == NOW + 20 * DAY


def test_a_piece_at_a_gate_without_its_signature_is_the_customers_move() -> None:
    progress = making(reached="cut")
    unsigned = holder(progress)

    progress.gates["cut"] = Gate(signed=Signature(approval=new_id(), brief_version=1))

    assert (unsigned, holder(progress)) == (Holder.CUSTOMER, Holder.MAKER)


def test_a_refused_approval_is_the_studios_move() -> None:
    progress = making(reached="cut")
    progress.gates["cut"] = Gate(refused=True)

    assert holder(progress) is Holder.STUDIO


def test_a_piece_that_rests_is_nobodys_until_the_day_begins_in_the_studios_zone() -> None:
    progress = making(waiting=True, next_on=date(2026, 11, 25))
    midnight = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)

    assert holder(progress, midnight - timedelta(seconds=1)) is Holder.PROCESS
    assert holder(progress, midnight) is Holder.MAKER
    assert next_alarm(progress, PATIENCE) == Alarm(midnight, Ring.TURN)


def test_a_piece_is_due_when_its_day_ends() -> None:
    assert due(making()) == datetime(2026, 12, 20, 23, 0, tzinfo=UTC)


def test_a_maker_is_not_silent_before_the_work_begins() -> None:
    begins = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)

    assert next_alarm(making(), PATIENCE) == Alarm(begins + 5 * DAY, Ring.REMIND)


def test_a_customer_is_reminded_twice_and_then_ops_are_told() -> None:
    progress = at(Phase.OFFERED, offer=offer())
    rings = []
    for _ in range(4):
        alarm = next_alarm(progress, PATIENCE)
        assert alarm is not None
        rings.append((alarm.at - NOW, alarm.ring))
        progress.silence = Silence(since=alarm.at, reminded=progress.silence.reminded + 1)

    assert rings == [
        (3 * DAY, Ring.REMIND),
        (6 * DAY, Ring.REMIND),
        (9 * DAY, Ring.ESCALATE),
        (20 * DAY, Ring.DUE),
    ]


def test_the_end_comes_before_a_reminder_of_the_same_instant() -> None:
    progress = at(Phase.OFFERED, offer=offer(valid=3 * DAY))

    assert next_alarm(progress, PATIENCE) == Alarm(NOW + 3 * DAY, Ring.DUE)


@pytest.mark.parametrize("stage", [Phase.PROMISING, Phase.QUOTING, Phase.CERTIFYING, Phase.ENDED])
def test_nothing_rings_while_the_process_is_at_work(stage: Phase) -> None:
    assert next_alarm(at(stage), PATIENCE) is None


def test_a_parcel_that_is_long_under_way_is_missing() -> None:
    progress = at(Phase.SHIPPING, parcel=Parcel(released=True, tracking="RR 1"))

    assert holder(progress) is Holder.PROCESS
    assert next_alarm(progress, PATIENCE) == Alarm(NOW + 8 * DAY, Ring.ESCALATE)


def test_a_clock_that_stands_still_rings_for_nothing() -> None:
    progress = at(Phase.OFFERED, offer=offer(), paused_at=NOW)

    assert next_alarm(progress, PATIENCE) is None


def test_a_pause_moves_all_that_was_due() -> None:
    progress = at(Phase.OFFERED, offer=offer())
    progress.paused_at = NOW + DAY

    go_on(progress, NOW + 4 * DAY)

    assert due(progress) == NOW + 23 * DAY
    assert progress.silence.since == NOW + 3 * DAY


def test_a_pause_leaves_the_day_of_the_piece_to_the_bench() -> None:
    progress = making()
    progress.paused_at = NOW

    go_on(progress, NOW + 4 * DAY)

    assert due(progress) == datetime(2026, 12, 20, 23, 0, tzinfo=UTC)


def test_another_stage_gets_nothing_of_what_ops_gave_this_one() -> None:
    progress = at(Phase.DESK)
    progress.more = 5 * DAY
    extended = due(progress)

    stand(progress, where(Phase.DEPOSIT, progress, PATIENCE, NOW), NOW)

    assert extended == NOW + 19 * DAY
    assert due(progress) == NOW + 10 * DAY


def test_a_deposit_is_due_at_the_end_of_the_day_that_the_invoice_gives() -> None:
    progress = at(Phase.DEPOSIT, agreement=Agreement(deposit=MONEY, deposit_due_on=date(2026, 11, 30)))

    assert next_alarm(progress, PATIENCE) == Alarm(NOW + 3 * DAY, Ring.REMIND)
    assert due(progress) == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert last_day(due(progress), PATIENCE, NOW) == date(2026, 11, 30)


def test_who_has_time_by_their_invoice_is_not_called_silent() -> None:
    progress = at(Phase.BALANCE, balance=asked_for(date(2026, 12, 7)))
    progress.silence.reminded = 2

    alarm = next_alarm(progress, PATIENCE)

    assert alarm == Alarm(datetime(2026, 12, 7, 23, 0, tzinfo=UTC), Ring.ESCALATE)
    assert due(progress) == alarm.at


def test_who_was_asked_for_the_balance_without_a_day_gets_the_studios_patience() -> None:
    progress = at(Phase.BALANCE, balance=asked_for(None))

    assert due(progress) == NOW + 9 * DAY


def test_an_extended_offer_stays_so_while_a_question_is_answered() -> None:
    progress = at(Phase.OFFERED, offer=offer())
    progress.more, progress.open_questions = 5 * DAY, 1
    stand(progress, where(Phase.OFFERED, progress, PATIENCE, NOW), NOW)
    progress.open_questions = 0

    assert due(progress) == NOW + 25 * DAY


def test_the_last_day_is_the_one_before_the_midnight_on_which_it_is_too_late() -> None:
    midnight = datetime(2026, 12, 20, 23, 0, tzinfo=UTC)

    assert last_day(midnight, PATIENCE, NOW) == date(2026, 12, 20)


def test_a_day_that_is_not_whole_is_not_told() -> None:
    """As after a pause of some hours, or an extension across the change of the clocks."""
    midnight = datetime(2026, 12, 20, 23, 0, tzinfo=UTC)

    assert last_day(midnight + timedelta(hours=6), PATIENCE, NOW) == date(2026, 12, 20)
    assert last_day(midnight - timedelta(hours=1), PATIENCE, NOW) == date(2026, 12, 19)


def test_what_is_due_today_is_due_today() -> None:
    assert last_day(NOW + timedelta(minutes=1), PATIENCE, NOW) == NOW.date()
