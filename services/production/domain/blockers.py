"""What a piece waits for, in words for whoever stands at the bench."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.production.domain.gates import before, missing
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.tasks import TaskState
from shared.offerings.making import Wait
from shared.offerings.model import Offering


class BlockerKind(StrEnum):
    STUDIO = "studio"
    SIGN_OFF = "sign_off"
    REST = "rest"
    PARTNER = "partner"
    PAYMENT = "payment"
    CARRIER = "carrier"


@dataclass(frozen=True)
class Blocker:
    """`until` is a day in the studio's zone, where one is known; who waits for rest or a partner may go on earlier."""

    kind: BlockerKind
    why: str
    until: date | None = None

    @property
    def prevents_start(self) -> bool:
        """Whether nothing can be begun before it is over."""
        return self.kind not in {BlockerKind.REST, BlockerKind.PARTNER}


def find_blocker(piece: Piece, offering: Offering, *, waits_until: date | None, today: date) -> Blocker | None:
    """What keeps a piece from going on now; None if nothing does.

    A sign-off that is the maker's keeps nobody: it is given by beginning.
    """
    if piece.paused_at:
        return Blocker(BlockerKind.STUDIO, "The studio has asked to leave this piece alone for now.")
    if piece.state is not PieceState.MAKING:
        return _with_its_parcel(piece)
    current = piece.current
    if current is None or current.state is not TaskState.READY:
        return None
    return _for_signatures(piece, offering, current.stage) or _at_rest(offering, current.place, waits_until, today)


def _with_its_parcel(piece: Piece) -> Blocker | None:
    if piece.state is PieceState.PACKED and piece.paid_at is None:
        return Blocker(BlockerKind.PAYMENT, "The balance is not paid yet. The parcel stays here until it is.")
    if piece.state is PieceState.HANDED_OVER:
        return Blocker(BlockerKind.CARRIER, "The parcel is on its way.")
    return None


def _for_signatures(piece: Piece, offering: Offering, stage: str) -> Blocker | None:
    wanted = [each for gate in before(offering, stage) for each in missing(gate, piece.signed) if each.by != "maker"]
    if not wanted:
        return None
    titles = "; ".join(each.title for each in wanted)
    who = "customer" if any(each.by == "customer" for each in wanted) else "studio"
    return Blocker(BlockerKind.SIGN_OFF, f"The {who} signs off first: {titles}.")


def _at_rest(offering: Offering, place: int, until: date | None, today: date) -> Blocker | None:
    if until is None or until <= today:
        return None
    stage = offering.making.stages[place - 1]
    wait: Wait | None = stage.wait
    why = wait.why if wait else ""
    if stage.partner:
        return Blocker(BlockerKind.PARTNER, f"It is with somebody else: {stage.partner}. {why}", until)
    return Blocker(BlockerKind.REST, f"It rests. {why}", until)
