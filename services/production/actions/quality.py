"""The end of the making: the offering's quality checklist, met or not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from services.production.actions import journal
from services.production.actions.context import ProductionContext
from services.production.actions.gates import reach_again
from services.production.actions.planning import replan
from services.production.domain.pieces import Piece, PieceState, sent_back
from services.production.domain.promises import PromiseState
from services.production.domain.quality import CheckOutcome, checklist, failed_checks, judge
from services.production.domain.reasons import BenchInput
from services.production.domain.tasks import Task
from services.production.store import promises, records
from shared.auth.roles import Caller
from shared.certificates.journal import JournalEntryKind
from shared.contracts.fact import Fact
from shared.contracts.production import PieceMade, QualityFailed, Replanned, StageFinished
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.offerings.model import Offering
from shared.postgres.database import Tx


async def check_piece(
    tx: Tx,
    caller: Caller,
    piece: Piece,
    offering: Offering,
    *,
    done: Task,
    answers: Mapping[str, str],
    context: ProductionContext,
) -> tuple[Piece, Sequence[Fact]]:
    """Judge the piece by the checklist: it is made, or it goes back to the stage `back_to` and is replanned.

    Raises:
        Problem: validation-failed, for lines without an answer, and where a check is not met and nobody says where the
            piece goes back to; nothing is kept then.
    """
    brief = await records.brief(tx, piece.commission)
    checked = judge(checklist(offering, brief.values if brief else {}), answers)
    unmet = failed_checks(checked)
    if unmet and not answers.get("back_to"):
        raise _where_to(context.in_words(offering), unmet)
    await records.add_check_results(tx, done.task, checked, by=caller.person, at=context.now)
    await _write_measures(tx, caller, piece, checked, context)
    if unmet:
        return await _again(tx, piece, offering, unmet=unmet, back_to=answers["back_to"], context=context)
    return await _made(tx, piece, done, context)


async def _again(
    tx: Tx, piece: Piece, offering: Offering, *, unmet: tuple[str, ...], back_to: str, context: ProductionContext
) -> tuple[Piece, Sequence[Fact]]:
    back = sent_back(piece, offering, back_to, context.now, iter(context.new_id, None))
    back, replanned = await replan(tx, context, back, offering, reason=Replanned.REWORK)
    back, reached = reach_again(back, offering, context)
    facts = QualityFailed(commission=piece.commission, piece=piece.piece, checks=unmet, back_to=back_to, at=context.now)
    return back, [facts, replanned, *reached]


async def _made(tx: Tx, piece: Piece, done: Task, context: ProductionContext) -> tuple[Piece, Sequence[Fact]]:
    await promises.free_hours(
        tx, piece.promise, [task.stage for task in piece.tasks], context.today + timedelta(days=1)
    )
    await promises.finish(tx, piece.promise, PromiseState.DONE)
    made = replace(piece.with_tasks([done]), state=PieceState.MADE, made_at=context.now)
    finished = StageFinished(
        commission=piece.commission,
        piece=piece.piece,
        task=done.task,
        stage=done.stage,
        maker=piece.maker,
        performer=done.performer,
        minutes=done.minutes,
        at=context.now,
    )
    return made, [
        finished,
        PieceMade(commission=piece.commission, piece=piece.piece, maker=piece.maker, at=context.now),
    ]


async def _write_measures(
    tx: Tx, caller: Caller, piece: Piece, checked: Sequence[CheckOutcome], context: ProductionContext
) -> None:
    for each in checked:
        bounds = each.allowed
        said = {"value": each.measured, "unit": bounds.unit, "low": bounds.low, "high": bounds.high} if bounds else {}
        await journal.write(
            tx,
            piece.piece,
            JournalEntryKind.MEASURED,
            at=context.now,
            by=caller.person,
            check=each.check,
            met=each.met,
            **said,
        )


def _where_to(offering: Offering, unmet: Sequence[str]) -> Problem:
    titles = [check.title for check in offering.quality.checks if check.id in unmet]
    return invalid(FieldProblem("back_to", Phrase(BenchInput.CHECKS_NOT_MET, checks=titles)))
