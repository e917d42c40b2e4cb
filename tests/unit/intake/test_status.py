"""The status of a commission that waits."""

from uuid import uuid4

from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline import current_status
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.production import StageFinished
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
