"""The status of a commission that waits."""

from uuid import uuid4

import pytest

from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline import StatusCode, current_status
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.production import (
    MakingStopped,
    Mishap,
    MishapReported,
    MishapUndone,
    PieceMade,
    QualityFailed,
    StageBegun,
    StageFinished,
)
from tests.unit.intake.facts import ASKED, ID, OFFERING, after, timeline_of, words_of


def entered(phase: Phase, minutes: int, holder: Holder) -> PhaseEntered:
    return PhaseEntered(
        number=minutes + 1, at=after(minutes), commission=ID, phase=phase, holder=holder, since=after(minutes), due=None
    )


def test_a_paused_commission_says_so() -> None:
    paused = entered(Phase.MAKING, 9, Holder.MAKER).model_copy(update={"paused": True})

    record = CommissionRecord(ASKED, (paused,))
    found = current_status(record)

    assert (found.paused, words_of(record).waiting_for(found, customer=True)) == (True, "Paused")


def test_a_piece_that_rests_says_why_in_the_offerings_words() -> None:
    finished = StageFinished(
        at=after(5), commission=ID, piece=ID, task=uuid4(), stage="assay", maker=uuid4(), minutes=9, waiting=True
    )

    record = CommissionRecord(ASKED, (entered(Phase.MAKING, 4, Holder.MAKER), finished), OFFERING)

    assert timeline_of(record).status.text == "Insured post both ways, and three to five days in the office."
    assert current_status(record).holder is Holder.PROCESS


def begun(minutes: int, stage: str) -> StageBegun:
    return StageBegun(at=after(minutes), commission=ID, piece=ID, task=uuid4(), stage=stage, maker=uuid4())


def finished(minutes: int, stage: str, *, to: str | None = None, waiting: bool = False) -> StageFinished:
    return StageFinished(
        at=after(minutes),
        commission=ID,
        piece=ID,
        task=uuid4(),
        stage=stage,
        maker=uuid4(),
        minutes=9,
        next_stage=to,
        waiting=waiting,
    )


UNDONE = MishapReported(
    at=after(6), commission=ID, piece=ID, mishap=uuid4(), kind=Mishap.PIECE_DAMAGED, stage="file", back_to="prepare"
)
UNDO = MishapUndone(at=after(7), commission=ID, piece=ID, mishap=UNDONE.mishap, kind=UNDONE.kind, stage="file")


def mishap(minutes: int, stage: str, back_to: str | None) -> MishapReported:
    return MishapReported(
        at=after(minutes),
        commission=ID,
        piece=ID,
        mishap=uuid4(),
        kind=Mishap.PIECE_DAMAGED,
        stage=stage,
        back_to=back_to,
    )


FAILED = QualityFailed(at=after(20), commission=ID, piece=ID, checks=("width",), back_to="file")
STOPPED = MakingStopped(at=after(20), commission=ID, cancel_percent=40)
MADE = PieceMade(at=after(20), commission=ID, piece=ID, maker=uuid4())


@pytest.mark.parametrize(
    ("facts", "code", "stage"),
    [
        ((begun(5, "file"),), StatusCode.STAGE_RUNNING, "file"),
        ((begun(5, "file"), mishap(5, "file", "prepare")), StatusCode.STAGE_NEXT, "prepare"),
        ((begun(5, "file"), mishap(6, "file", "file")), StatusCode.STAGE_NEXT, "file"),
        ((begun(5, "file"), mishap(6, "file", None)), StatusCode.STAGE_NEXT, "file"),
        ((finished(5, "file", to="engrave"), mishap(6, "engrave", "bend")), StatusCode.STAGE_NEXT, "bend"),
        (
            (finished(5, "assay", to="engrave", waiting=True), mishap(6, "engrave", "file")),
            StatusCode.STAGE_NEXT,
            "file",
        ),
        ((begun(5, "file"), mishap(6, "file", "prepare"), begun(7, "prepare")), StatusCode.STAGE_RUNNING, "prepare"),
        ((finished(5, "true", to="file"), UNDONE, UNDO), StatusCode.STAGE_NEXT, "file"),
        ((begun(5, "check"), FAILED), StatusCode.STAGE_NEXT, "file"),
        ((begun(5, "check"), finished(20, "check"), MADE), StatusCode.MAKING, None),
        ((begun(5, "file"), STOPPED), StatusCode.STOPPED, None),
        ((finished(5, "file", to="engrave"), STOPPED), StatusCode.STOPPED, None),
    ],
)
@pytest.mark.parametrize("holder", [Holder.MAKER, Holder.PROCESS])
def test_the_headline_names_no_step_that_is_no_longer_needed(
    facts: tuple[CommissionFact, ...], code: StatusCode, stage: str | None, holder: Holder
) -> None:
    record = CommissionRecord(ASKED, (entered(Phase.MAKING, 4, holder), *facts), OFFERING)

    found = current_status(record)

    assert (found.code, found.params.get("stage")) == (code, stage)
    assert timeline_of(record).status.text


@pytest.mark.parametrize("holder", [Holder.CUSTOMER, Holder.STUDIO, Holder.MAKER])
@pytest.mark.parametrize("phase", [Phase.MAKING, Phase.BALANCE, Phase.SHIPPING])
def test_a_piece_that_is_made_no_further_asks_for_nothing_more(phase: Phase, holder: Holder) -> None:
    record = CommissionRecord(ASKED, (entered(phase, 4, holder), begun(5, "file"), STOPPED), OFFERING)

    found = current_status(record)

    assert (found.code, found.holder) == (StatusCode.STOPPED, Holder.PROCESS)
    assert timeline_of(record).status.headline == "Work on your piece has stopped"
