"""What happens after a mishap, a failed check or a pause: gates are published again, waits and days counted again."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.production.actions import board, making, mishaps
from services.production.domain.mishaps import MishapSaid
from services.production.domain.tasks import Task
from shared.contracts.commands.production import PauseMaking, ResumedMaking, ResumeMaking
from shared.contracts.production import Mishap
from shared.kernel.ids import new_id
from shared.web.idempotency import request_key
from tests.support.production import MAKER, Production


@pytest.mark.parametrize("kind", [Mishap.MATERIAL_LATE, Mishap.TOOL_BROKEN])
async def test_a_mishap_at_a_gate_that_the_piece_does_not_leave_has_the_gate_published_again(
    production: Production, kind: Mishap
) -> None:
    commission = await production.booked()

    for _ in range(2):
        await _mishap(production, commission, kind)

    facts = await production.facts(commission)
    assert [name for name, _ in facts[-3:]] == ["MishapReported", "PieceReplanned", "GateReached"]
    assert [said["gate"] for name, said in facts if name == "GateReached"] == ["cut"] * 3
    await production.open_gate(commission, "cut")
    await production.start(commission)


async def test_a_piece_that_was_sent_back_from_a_gate_says_when_it_is_there_again(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    await _make_on_to(production, commission, "engrave")

    await _mishap(production, commission, Mishap.PIECE_DAMAGED, "file")
    meanwhile = _reached(await production.facts(commission))
    marks = (await production.piece(commission)).marks("engraving")
    await _make_on_to(production, commission, "engrave")

    assert marks.reached_at is None
    assert meanwhile.count("engraving") == 1
    assert _reached(await production.facts(commission)).count("engraving") == 2


async def test_a_gate_that_is_signed_is_not_published_again_after_a_mishap(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")

    await _mishap(production, commission, Mishap.TOOL_BROKEN)

    assert _reached(await production.facts(commission)) == ["cut"]
    assert (await production.piece(commission)).marks("cut").reached_at is not None


async def test_a_piece_rests_from_the_last_time_that_a_step_was_done(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "engrave")
    await _mishap(production, commission, Mishap.PIECE_DAMAGED, "assay")
    production.later(days=60)

    await _make_on_to(production, commission, "engrave")

    back_on = production.settings.calendar.add_working_days(production.context.today, 7)
    finished = [said for name, said in await production.facts(commission) if name == "StageFinished"][-1]
    page = await production.act(board.read_piece_details, commission)
    assert (finished["stage"], finished["waiting"]) == ("assay", True)
    assert page.blocker.until == back_on
    assert page.piece.current.starts_on >= back_on


async def test_a_pause_of_minutes_leaves_a_begun_step_its_hours_of_today(production: Production) -> None:
    commission = await production.booked()
    task = await _begun_on_its_day(production, commission)
    piece = await production.piece(commission)
    held = (await production.promise(piece.promise)).slots
    production.later(days=1)
    await _due(production, task.task, production.context.today)

    await _pause(production, commission)
    production.later(minutes=5)
    resumed = await _resume(production, commission)

    assert resumed.ready_by == piece.ready_by
    assert (await production.promise(piece.promise)).slots == held
    assert "PieceReplanned" not in await production.fact_names(commission)


@pytest.mark.parametrize(("nights", "replanned"), [(1, False), (2, True)])
async def test_a_begun_step_is_replanned_once_the_day_that_it_is_due_has_passed(
    production: Production, *, nights: int, replanned: bool
) -> None:
    commission = await production.booked()
    task = await _begun_on_its_day(production, commission)
    await _due(production, task.task, production.context.today + timedelta(days=1))

    await _pause(production, commission)
    production.later(days=nights)
    await _resume(production, commission)

    assert ("PieceReplanned" in await production.fact_names(commission)) is replanned


async def _begun_on_its_day(production: Production, commission: UUID) -> Task:
    """The first step, begun on the day that it was planned for."""
    await production.open_gate(commission, "cut")
    production.later(days=((await production.current(commission)).starts_on - production.context.today).days)
    return await production.start(commission)


async def _due(production: Production, task: UUID, day: date) -> None:
    """So that a step has hours until this day, whatever else is promised; what comes after it begins then."""
    async with production.database.transaction() as tx:
        await tx.connection.execute(
            """
            UPDATE task SET
                starts_on = CASE WHEN task = $1 THEN starts_on ELSE greatest(starts_on, $2) END,
                due_on = greatest(due_on, $2)
            WHERE piece = (SELECT piece FROM task WHERE task = $1)
            """,
            task,
            day,
        )


async def _pause(production: Production, commission: UUID) -> None:
    await production.command(making.pause_making, PauseMaking(id=new_id(), commission=commission))


async def _resume(production: Production, commission: UUID) -> ResumedMaking:
    asked = ResumeMaking(id=new_id(), commission=commission)
    resumed: ResumedMaking = await production.command(making.resume_making, asked)
    return resumed


async def _mishap(production: Production, commission: UUID, kind: Mishap, back_to: str | None = None) -> None:
    """The maker says so from the ticket of the piece's next task."""
    task = await production.current(commission)
    key = request_key(MAKER, f"mishap of {commission}", str(new_id()))
    await production.act(mishaps.report_mishap, task.task, MishapSaid(kind, back_to), key=key)


async def _make_on_to(production: Production, commission: UUID, stage: str) -> None:
    """Do every stage before this one, an hour each, without anything more from the customer."""
    while (await production.current(commission)).stage != stage:
        await production.start(commission)
        production.later(hours=1)
        await production.finish(commission)


def _reached(facts: list[tuple[str, dict[str, object]]]) -> list[object]:
    """The gates that the piece was said to have come to, in their order."""
    return [said["gate"] for name, said in facts if name == "GateReached"]
