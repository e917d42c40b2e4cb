"""Gates: reached, signed off, opened and passed, each told once."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.production.actions.workshop import Workshop
from services.production.domain.gates import Signed, before, missing
from services.production.domain.pieces import Piece
from services.production.domain.tasks import TaskState
from shared.auth.roles import Caller, Role
from shared.contracts.fact import Fact
from shared.contracts.production import GateOpened, GatePassed, GateReached
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.offerings.making import Gate, SignOff
from shared.offerings.model import Offering

SIGN = "sign_"
"""Of the inputs that sign something off at the bench."""


def reach(piece: Piece, craft: Offering, shop: Workshop) -> tuple[Piece, list[Fact]]:
    """Note that the piece has come to a gate where a sign-off is missing, the first time that it does."""
    facts: list[Fact] = []
    current = piece.current
    if current is None or current.state is not TaskState.READY:
        return piece, facts
    for gate in before(craft, current.stage):
        marks = piece.marks(gate.id)
        if missing(gate, piece.signed) and not marks.reached_at:
            piece = piece.with_marks(replace(marks, reached_at=shop.now))
            facts.append(GateReached(commission=piece.commission, gate=gate.id, at=shop.now))
    return piece, facts


def reach_again(piece: Piece, craft: Offering, shop: Workshop) -> tuple[Piece, list[Fact]]:
    """The same after a mishap or a check that is not met: the piece has left the gates where a sign-off is missing.

    Whoever hears of a mishap takes the piece for the maker's again, so that being at a gate has to be told once more.
    """
    for gate in craft.gates:
        marks = piece.marks(gate.id)
        if marks.reached_at and missing(gate, piece.signed):
            piece = piece.with_marks(replace(marks, reached_at=None))
    return reach(piece, craft, shop)


def sign(piece: Piece, gate: Gate, signed: Sequence[Signed], shop: Workshop) -> tuple[Piece, list[Fact]]:
    """Add signatures to a gate, and open it if they were the last: once more, where some had to be given anew."""
    there = {(each.gate, each.sign_off) for each in piece.signed}
    fresh = [each for each in signed if (each.gate, each.sign_off) not in there]
    piece = replace(piece, signed=(*piece.signed, *fresh))
    marks = piece.marks(gate.id)
    if missing(gate, piece.signed) or (marks.opened_at and not fresh):
        return piece.with_marks(marks), []
    opened = piece.with_marks(replace(marks, opened_at=shop.now))
    return opened, [GateOpened(commission=piece.commission, gate=gate.id, at=shop.now)]


def go_through(
    piece: Piece, craft: Offering, stage: str, *, caller: Caller, signs: Collection[str], shop: Workshop
) -> tuple[Piece, list[Fact]]:
    """Sign off what is the bench's to sign before a stage, and pass its gates.

    Raises:
        Problem: conflict, while somebody else's sign-off is missing; validation-failed, for what was not ticked.
    """
    facts: list[Fact] = []
    for gate in before(craft, stage):
        signed = _signed_here(piece, gate, caller, signs, shop)
        piece, opened = sign(piece, gate, signed, shop)
        piece, passed = _passed(piece, gate, shop)
        facts += opened + passed
    return piece, facts


def ours(gate: Gate, piece: Piece, role: Role) -> tuple[SignOff, ...]:
    """What is missing at a gate that somebody in this role signs at the bench; ops may sign for the maker."""
    mine = {"maker", "ops"} if role is Role.OPS else {"maker"}
    return tuple(each for each in missing(gate, piece.signed) if each.by in mine)


def _signed_here(piece: Piece, gate: Gate, caller: Caller, signs: Collection[str], shop: Workshop) -> list[Signed]:
    wanted = ours(gate, piece, caller.role)
    if others := [each for each in missing(gate, piece.signed) if each not in wanted]:
        raise _waits(gate, others)
    if unticked := [each for each in wanted if each.id not in signs]:
        raise invalid(
            *(
                FieldProblem(
                    field=SIGN + each.id,
                    message=f"Not ticked: {each.title}.",
                    remedy="Look, and tick it only if it is so: what follows cannot be undone.",
                )
                for each in unticked
            )
        )
    return [Signed(gate.id, each.id, piece.brief_version, shop.now, person=caller.person) for each in wanted]


def _passed(piece: Piece, gate: Gate, shop: Workshop) -> tuple[Piece, list[Fact]]:
    marks = piece.marks(gate.id)
    if marks.passed_at:
        return piece, []
    passed = GatePassed(
        commission=piece.commission, gate=gate.id, cancel_percent=round(gate.cancel_percent), at=shop.now
    )
    return piece.with_marks(replace(marks, passed_at=shop.now)), [passed]


def _waits(gate: Gate, missing_here: Sequence[SignOff]) -> Problem:
    who = "The customer has" if any(each.by == "customer" for each in missing_here) else "The studio has"
    titles = "; ".join(each.title for each in missing_here)
    return Problem(
        ProblemType.CONFLICT,
        f"{who} not signed off what comes before this step: {titles}.",
        remedy=f"Wait for it: {gate.why}",
    )
