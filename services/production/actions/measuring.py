"""The end of the making: the craft's quality checklist, met or not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from services.production.actions import journal
from services.production.actions.gates import reach_again
from services.production.actions.planning import replan
from services.production.actions.workshop import Workshop
from services.production.domain.journal import Entry
from services.production.domain.pieces import Piece, PieceState, sent_back
from services.production.domain.promise import PromiseState
from services.production.domain.quality import Checked, checklist, failed, judge
from services.production.domain.tasks import Task
from services.production.store import promises, records
from shared.auth.roles import Caller
from shared.contracts.fact import Fact
from shared.contracts.production import PieceMade, QualityFailed, Replanned, StageFinished
from shared.kernel.problems import FieldProblem, invalid
from shared.offerings.model import Offering
from shared.postgres.database import Tx


async def check_piece(
    tx: Tx, caller: Caller, piece: Piece, craft: Offering, *, done: Task, answers: Mapping[str, str], shop: Workshop
) -> tuple[Piece, Sequence[Fact]]:
    """Judge the piece by the list: it is made, or it goes back to the stage `back_to` and is planned anew.

    Raises:
        Problem: validation-failed, for lines without an answer, and where a check is not met and nobody says where the
            piece goes back to; nothing is kept then.
    """
    brief = await records.brief(tx, piece.commission)
    checked = judge(checklist(craft, brief.values if brief else {}), answers)
    unmet = failed(checked)
    if unmet and not answers.get("back_to"):
        raise _where_to(craft, unmet)
    await records.add_check_results(tx, done.task, checked, by=caller.person, at=shop.now)
    await _write_measures(tx, caller, piece, checked, shop)
    if unmet:
        return await _again(tx, piece, craft, unmet=unmet, back_to=answers["back_to"], shop=shop)
    return await _made(tx, piece, done, shop)


async def _again(
    tx: Tx, piece: Piece, craft: Offering, *, unmet: tuple[str, ...], back_to: str, shop: Workshop
) -> tuple[Piece, Sequence[Fact]]:
    back = sent_back(piece, craft, back_to, shop.now, iter(shop.new_id, None))
    back, replanned = await replan(tx, shop, back, craft, reason=Replanned.REWORK)
    back, reached = reach_again(back, craft, shop)
    told = QualityFailed(commission=piece.commission, checks=unmet, back_to=back_to, at=shop.now)
    return back, [told, replanned, *reached]


async def _made(tx: Tx, piece: Piece, done: Task, shop: Workshop) -> tuple[Piece, Sequence[Fact]]:
    await promises.free_hours(tx, piece.promise, [task.stage for task in piece.tasks], shop.today + timedelta(days=1))
    await promises.finish(tx, piece.promise, PromiseState.DONE)
    made = replace(piece.with_tasks([done]), state=PieceState.MADE, made_at=shop.now)
    finished = StageFinished(
        commission=piece.commission,
        task=done.task,
        stage=done.stage,
        maker=piece.maker,
        minutes=done.minutes,
        at=shop.now,
    )
    return made, [finished, PieceMade(commission=piece.commission, maker=piece.maker, at=shop.now)]


async def _write_measures(tx: Tx, caller: Caller, piece: Piece, checked: Sequence[Checked], shop: Workshop) -> None:
    for each in checked:
        bounds = each.allowed
        said = {"value": each.measured, "unit": bounds.unit, "low": bounds.low, "high": bounds.high} if bounds else {}
        await journal.write(
            tx, piece.commission, Entry.MEASURED, at=shop.now, by=caller.person, check=each.check, met=each.met, **said
        )


def _where_to(craft: Offering, unmet: Sequence[str]) -> Exception:
    titles = ", ".join(check.title for check in craft.quality.checks if check.id in unmet)
    return invalid(
        FieldProblem(
            field="back_to",
            message=f"Not met: {titles}.",
            remedy="Correct what was mistyped, or choose the step from which the piece is worked over.",
        )
    )
