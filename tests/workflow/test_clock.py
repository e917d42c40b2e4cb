"""What the clock rings for at each stage, day by day: durable timers on the time-skipping server."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Final
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import Extend, Nudge, Pause, Resume
from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation, RecordReminder
from shared.contracts.commands.production import ExtendHold, PauseMaking, ResumeMaking
from shared.contracts.commands.quotes import ExtendQuote
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind
from tests.support.counterparts import REMIND, Counterparts
from tests.support.lives import Life, at

DAY: Final = timedelta(days=1)

Happened = Phase | Escalation | Outcome
"""A phase: somebody was reminded in it."""


async def _nobody(life: Life) -> None:
    """The life is at the phase that comes next by itself."""


async def _asks(life: Life) -> None:
    await life.receives(life.asked())
    await life.reaches(Phase.OFFERED, Holder.STUDIO)


async def _comes_to_a_gate(life: Life) -> None:
    await life.receives(life.reached("cut"))
    await life.reaches(Phase.MAKING, Holder.CUSTOMER)


async def _refuses(life: Life) -> None:
    await life.receives(life.reached("cut"), life.refused("cut"))
    await life.reaches(Phase.MAKING, Holder.STUDIO)
    await life.has_done(RecordEscalation)


async def _hands_over(life: Life) -> None:
    await life.receives(life.handed_over())
    await life.reaches(Phase.SHIPPING, Holder.PROCESS)


CALENDAR: Final[dict[tuple[Phase, Holder], tuple[Callable[[Life], Awaitable[None]], list[tuple[int, Happened]]]]] = {
    (Phase.DESK, Holder.STUDIO): (_nobody, [(14, Outcome.LAPSED)]),
    (Phase.OFFERED, Holder.CUSTOMER): (
        _nobody,
        [
            (3, Phase.OFFERED),
            (6, Phase.OFFERED),
            (9, Escalation.CUSTOMER_SILENT),
            (20, Outcome.EXPIRED),
        ],
    ),
    (Phase.OFFERED, Holder.STUDIO): (_asks, []),
    (Phase.DEPOSIT, Holder.CUSTOMER): (
        _nobody,
        [
            (3, Phase.DEPOSIT),
            (6, Phase.DEPOSIT),
            (9, Escalation.CUSTOMER_SILENT),
            (10, Outcome.LAPSED),
        ],
    ),
    (Phase.MAKING, Holder.MAKER): (_nobody, [(9, Phase.MAKING), (14, Escalation.MAKER_SILENT)]),
    (Phase.MAKING, Holder.CUSTOMER): (
        _comes_to_a_gate,
        [(3, Phase.MAKING), (6, Phase.MAKING), (9, Escalation.CUSTOMER_SILENT)],
    ),
    (Phase.MAKING, Holder.STUDIO): (_refuses, []),
    (Phase.BALANCE, Holder.CUSTOMER): (
        _nobody,
        [(3, Phase.BALANCE), (6, Phase.BALANCE), (9, Escalation.CUSTOMER_SILENT)],
    ),
    (Phase.SHIPPING, Holder.MAKER): (_nobody, [(5, Phase.SHIPPING), (10, Escalation.MAKER_SILENT)]),
    (Phase.SHIPPING, Holder.PROCESS): (_hands_over, [(8, Escalation.PARCEL_MISSING)]),
}
"""By stage and holder: how a life comes there, and what rings on which day from then on."""

FIRST: Final[dict[Phase, tuple[int, Happened]]] = {
    Phase.DESK: (14, Outcome.LAPSED),
    Phase.OFFERED: (3, Phase.OFFERED),
    Phase.DEPOSIT: (3, Phase.DEPOSIT),
    Phase.BALANCE: (3, Phase.BALANCE),
    Phase.SHIPPING: (5, Phase.SHIPPING),
}
"""What rings first where the clock alone decides, and on which day."""


async def _days(environment: WorkflowEnvironment, life: Life, days: int) -> list[tuple[int, Happened]]:
    """Let days go by, and note on which one something was done about the silence."""
    happened: list[tuple[int, Happened]] = []
    for day in range(1, days + 1):
        before = _done(life)
        await environment.sleep(DAY)
        await life.settles()
        happened += [(day, each) for each in _done(life)[len(before) :]]
    return happened


def _done(life: Life) -> list[Happened]:
    """All that a clock may bring about, in order."""
    found: list[Happened] = []
    for each in life.done:
        match each:
            case RecordReminder():
                found.append(each.phase)
            case RecordEscalation():
                found.append(each.reason)
            case RecordEnd():
                found.append(each.outcome)
            case _:
                pass
    return found


@pytest.mark.parametrize(("phase", "holder"), CALENDAR)
async def test_the_clock_rings_at_every_stage(
    environment: WorkflowEnvironment, services: Counterparts, phase: Phase, holder: Holder
) -> None:
    comes_there, expected = CALENDAR[phase, holder]
    life = await at(phase, services)
    await comes_there(life)
    assert life.phases()[-1] == (phase, holder)

    happened = await _days(environment, life, 21)

    assert happened == expected


# Pauses and extensions.


@pytest.mark.parametrize(("phase", "first"), FIRST.items())
async def test_a_paused_clock_stops_and_continues(
    environment: WorkflowEnvironment, services: Counterparts, phase: Phase, first: tuple[int, Happened]
) -> None:
    day, ring = first
    life = await at(phase, services)
    before = await _days(environment, life, 2)
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))

    paused = await _days(environment, life, 30)
    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))
    resumed = await _days(environment, life, day - 2)

    assert (before, paused, resumed) == ([], [], [(day - 2, ring)])
    assert [each.paused for each in life.records if each.phase is phase][-3:][:2] == [False, True]


async def test_the_bench_is_left_alone_once_the_parcel_is_on_its_way(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.SHIPPING, services)
    await _hands_over(life)

    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    paused = await _days(environment, life, 10)
    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))
    await life.settles()

    assert (paused, life.did(PauseMaking), life.did(ResumeMaking)) == ([], 0, 0)


async def test_a_bench_that_was_paused_before_the_parcel_left_is_not_left_so(services: Counterparts) -> None:
    life = await at(Phase.SHIPPING, services)
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    await life.has_done(PauseMaking)
    await _hands_over(life)

    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))

    await life.has_done(ResumeMaking)


async def test_the_bench_gets_a_pause_and_a_new_day_at_its_end(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)

    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    await life.has_done(PauseMaking)
    services.ready_in += 30 * DAY
    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))
    await life.has_done(ResumeMaking)
    await life.settles()

    assert life.records[-1].due == datetime.combine(services.today + services.ready_in + DAY, time(), UTC)


async def test_what_people_do_counts_while_the_clock_is_paused(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))

    services.accepted.add(life.commission)
    await life.receives(life.accepted(), life.invoiced())

    assert (await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)).paused


async def test_an_offer_is_valid_longer_by_the_pause(environment: WorkflowEnvironment, services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    before = life.records[-1].due
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    await environment.sleep(80 * DAY)

    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))
    await life.has_done(ExtendQuote)
    await life.has_done(ExtendHold)

    assert before is not None
    (extended,), (held,) = services.of(ExtendQuote), services.of(ExtendHold)
    assert timedelta(0) <= extended.valid_until - (before + 80 * DAY) < timedelta(hours=1)
    assert held.held_until == extended.valid_until


async def test_a_question_that_nobody_answers_extends_offer_and_hours_by_fourteen_days(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    services.hold = 20 * DAY
    life = await at(Phase.OFFERED, services)
    before = life.records[-1].due
    await _asks(life)

    happened = await _days(environment, life, 35)

    assert happened == [(34, Outcome.EXPIRED)]
    assert before is not None
    assert max(each.valid_until for each in services.of(ExtendQuote)) == before + 14 * DAY
    assert max(each.held_until for each in services.of(ExtendHold)) == before + 14 * DAY


async def test_an_answer_gives_the_customer_the_time_back_that_it_took(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    services.hold = 20 * DAY
    life = await at(Phase.OFFERED, services)
    before = life.records[-1].due
    await _asks(life)
    await environment.sleep(5 * DAY)

    await life.receives(life.answered())
    await life.has_done(ExtendQuote)

    assert before is not None
    (extended,), (held,) = services.of(ExtendQuote), services.of(ExtendHold)
    assert timedelta(0) <= extended.valid_until - (before + 5 * DAY) < timedelta(hours=1)
    assert held.held_until == extended.valid_until


@pytest.mark.parametrize(("phase", "day"), [(Phase.DESK, 14), (Phase.OFFERED, 20), (Phase.DEPOSIT, 10)])
async def test_what_ops_extend_is_due_that_much_later(
    environment: WorkflowEnvironment, services: Counterparts, phase: Phase, day: int
) -> None:
    life = await at(phase, services)
    await life.handle.execute_update(CommissionWorkflow.extend, Extend(request=uuid4(), by=5 * DAY))

    await _days(environment, life, day + 4)
    still = life.did(RecordEnd)
    await _days(environment, life, 1)

    assert (still, life.did(RecordEnd)) == (0, 1)


async def test_the_clock_the_reminder_and_the_invoice_give_the_deposit_the_same_last_day(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.OFFERED, services)
    last = life.now.date() + 5 * DAY
    await life.receives(life.accepted().model_copy(update={"deposit_due_on": last}), life.invoiced())
    await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)
    began = life.now

    happened = await _days(environment, life, 6)

    due = next(each.due for each in life.records if each.phase is Phase.DEPOSIT)
    assert due == datetime.combine(last + DAY, time(), UTC)
    assert [each.due for each in life.reminders()] == [due]
    warned = ceil((due - REMIND / 2 - began) / DAY)  # the last day ends at midnight: the hour of this test counts
    assert happened == [(3, Phase.DEPOSIT), (warned, Escalation.CUSTOMER_SILENT), (6, Outcome.LAPSED)]


async def test_hours_are_held_for_as_long_as_the_deposit_may_take(services: Counterparts) -> None:
    services.hold = timedelta(days=5)
    life = await at(Phase.DEPOSIT, services)

    await life.has_done(ExtendHold)

    assert services.of(ExtendHold)[-1].held_until == life.records[-1].due


async def test_a_reminder_names_its_number_and_what_it_is_about(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.OFFERED, services)
    await _days(environment, life, 3)
    await life.receives(life.accepted(), life.invoiced())
    await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)
    await _days(environment, life, 3)
    await life.receives(life.paid(InvoiceKind.DEPOSIT), life.reached("cut"))
    await life.reaches(Phase.MAKING, Holder.CUSTOMER)
    await _days(environment, life, 9)

    approval = (await life.state()).gates["cut"].approval
    assert approval is not None
    assert [(each.number, each.phase, each.quote_version, each.approval) for each in life.reminders()] == [
        (1, Phase.OFFERED, 1, None),
        (2, Phase.DEPOSIT, None, None),
        (3, Phase.MAKING, None, approval),
        (4, Phase.MAKING, None, approval),
    ]
    assert all(each.due is not None for each in life.reminders())
    assert [(each.number, each.due) for each in services.of(RecordEscalation)] == [(5, life.records[-1].due)]


async def test_activity_at_the_bench_restarts_the_makers_time(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.MAKING, services)
    await _days(environment, life, 8)
    await life.works()

    quiet = await _days(environment, life, 4)
    rung = await _days(environment, life, 2)

    assert (quiet, rung) == ([], [(1, Phase.MAKING)])


async def test_nobody_is_reminded_while_a_piece_rests(environment: WorkflowEnvironment, services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    await _days(environment, life, 8)
    await life.works(next_in=10 * DAY)

    quiet = await _days(environment, life, 14)
    rung = await _days(environment, life, 2)

    assert (quiet, rung) == ([], [(1, Phase.MAKING)])


@pytest.mark.parametrize("rung", [1, 2])
async def test_who_was_escalated_and_moved_is_watched_as_before(
    environment: WorkflowEnvironment, services: Counterparts, rung: int
) -> None:
    life = await at(Phase.MAKING, services)
    before = await _days(environment, life, 9 if rung == 1 else 14)
    await life.works()

    after = await _days(environment, life, 10)

    assert len(before) == rung
    assert after == [(5, Phase.MAKING), (10, Escalation.MAKER_SILENT)]


async def test_a_parcel_that_is_packed_after_an_escalation_is_watched_too(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.SHIPPING, services)
    await _days(environment, life, 10)
    await life.works()

    assert await _days(environment, life, 10) == [(5, Phase.SHIPPING), (10, Escalation.MAKER_SILENT)]


async def test_a_nudge_puts_the_next_reminder_off(environment: WorkflowEnvironment, services: Counterparts) -> None:
    life = await at(Phase.BALANCE, services)
    await _days(environment, life, 2)

    await life.handle.execute_update(CommissionWorkflow.nudge, Nudge(request=uuid4()))
    happened = await _days(environment, life, 3)

    assert [each.number for each in life.reminders()] == [1, 2]
    assert happened[-1] == (3, Phase.BALANCE)
