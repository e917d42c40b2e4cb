"""What a piece waits for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.production.domain.change_orders import touched
from services.production.domain.gates import before, missing
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.reasons import BlockerReason
from services.production.domain.tasks import TaskState
from shared.kernel.phrases import Phrase
from shared.offerings.making import Wait
from shared.offerings.model import Offering


class BlockerKind(StrEnum):
    """Who or what a piece waits for."""

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
    why: Phrase
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
        return Blocker(BlockerKind.STUDIO, Phrase(BlockerReason.PAUSED_BY_STUDIO))
    if piece.state is not PieceState.MAKING:
        return _with_its_parcel(piece)
    current = piece.current
    if current is not None and touched(piece, offering, current.stage):
        return Blocker(BlockerKind.STUDIO, Phrase(BlockerReason.CHANGE_ORDER_OPEN))
    if current is None or current.state is not TaskState.READY:
        return None
    return _for_signatures(piece, offering, current.stage) or _at_rest(offering, current.place, waits_until, today)


def _with_its_parcel(piece: Piece) -> Blocker | None:
    if piece.state is PieceState.PACKED and piece.paid_at is None:
        return Blocker(BlockerKind.PAYMENT, Phrase(BlockerReason.BALANCE_UNPAID))
    if piece.state is PieceState.HANDED_OVER:
        return Blocker(BlockerKind.CARRIER, Phrase(BlockerReason.WITH_CARRIER))
    return None


def _for_signatures(piece: Piece, offering: Offering, stage: str) -> Blocker | None:
    wanted = [each for gate in before(offering, stage) for each in missing(gate, piece.signed) if each.by != "maker"]
    if not wanted:
        return None
    customers = any(each.by == "customer" for each in wanted)
    reason = BlockerReason.CUSTOMER_SIGNS if customers else BlockerReason.STUDIO_SIGNS
    return Blocker(BlockerKind.SIGN_OFF, Phrase(reason, what=[each.title for each in wanted]))


def _at_rest(offering: Offering, place: int, until: date | None, today: date) -> Blocker | None:
    if until is None or until <= today:
        return None
    stage = offering.making.stages[place - 1]
    wait: Wait | None = stage.wait
    why = wait.why if wait else ""
    if stage.partner:
        return Blocker(BlockerKind.PARTNER, Phrase(BlockerReason.AT_PARTNER, partner=stage.partner, why=why), until)
    return Blocker(BlockerKind.REST, Phrase(BlockerReason.RESTING, why=why), until)
