"""Gates: reached, signed off, opened and passed, each published once."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.production.actions.context import ProductionContext
from services.production.domain.gates import SignOffGiven, before, customer_signs, missing
from services.production.domain.pieces import Piece
from services.production.domain.reasons import BenchInput, BenchRefusal
from services.production.domain.tasks import TaskState
from shared.auth.roles import Caller, Role
from shared.contracts.fact import Fact
from shared.contracts.production import GateOpened, GatePassed, GateReached
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.offerings.making import Gate, SignOff
from shared.offerings.model import Offering

SIGN = "sign_"
"""Of the inputs that sign something off at the bench."""


def reach(piece: Piece, offering: Offering, context: ProductionContext) -> tuple[Piece, list[Fact]]:
    """Note that the piece has come to a gate where a sign-off is missing, the first time that it does."""
    facts: list[Fact] = []
    current = piece.current
    if current is None or current.state is not TaskState.READY:
        return piece, facts
    for gate in before(offering, current.stage):
        marks = piece.marks(gate.id)
        if missing(gate, piece.signed) and not marks.reached_at:
            piece = piece.with_gate(replace(marks, reached_at=context.now))
            reached = GateReached(
                commission=piece.commission,
                piece=piece.piece,
                gate=gate.id,
                customer_signs=customer_signs(gate),
                at=context.now,
            )
            facts.append(reached)
    return piece, facts


def reach_again(piece: Piece, offering: Offering, context: ProductionContext) -> tuple[Piece, list[Fact]]:
    """The same after a mishap or a check that is not met: the piece has left the gates where a sign-off is missing.

    A reader of `MishapReported` takes the piece as the maker's again, so that reaching the gate is published again.
    """
    for gate in offering.gates:
        marks = piece.marks(gate.id)
        if marks.reached_at and missing(gate, piece.signed):
            piece = piece.with_gate(replace(marks, reached_at=None))
    return reach(piece, offering, context)


def sign(
    piece: Piece, gate: Gate, signed: Sequence[SignOffGiven], context: ProductionContext
) -> tuple[Piece, list[Fact]]:
    """Add sign-offs to a gate, and open it if none is missing: again, where some had to be given a second time."""
    there = {(each.gate, each.sign_off) for each in piece.signed}
    fresh = [each for each in signed if (each.gate, each.sign_off) not in there]
    piece = replace(piece, signed=(*piece.signed, *fresh))
    marks = piece.marks(gate.id)
    if missing(gate, piece.signed) or (marks.opened_at and not fresh):
        return piece.with_gate(marks), []
    opened = piece.with_gate(replace(marks, opened_at=context.now))
    return opened, [GateOpened(commission=piece.commission, piece=piece.piece, gate=gate.id, at=context.now)]


def go_through(
    piece: Piece, offering: Offering, stage: str, *, caller: Caller, signs: Collection[str], context: ProductionContext
) -> tuple[Piece, list[Fact]]:
    """Sign off what is the bench's to sign before a stage, and pass its gates.

    Raises:
        Problem: conflict, while another person's sign-off is missing; validation-failed, for what was not ticked.
    """
    facts: list[Fact] = []
    for gate in before(offering, stage):
        signed = _signed_here(piece, gate, caller, signs, context)
        piece, opened = sign(piece, gate, signed, context)
        piece, passed = _passed(piece, gate, caller, context)
        facts += opened + passed
    return piece, facts


def ours(gate: Gate, piece: Piece, role: Role) -> tuple[SignOff, ...]:
    """The missing sign-offs that this role gives at the bench; ops may sign for the maker."""
    mine = {"maker", "ops"} if role is Role.OPS else {"maker"}
    return tuple(each for each in missing(gate, piece.signed) if each.by in mine)


def _signed_here(
    piece: Piece, gate: Gate, caller: Caller, signs: Collection[str], context: ProductionContext
) -> list[SignOffGiven]:
    wanted = ours(gate, piece, caller.role)
    if others := [each for each in missing(gate, piece.signed) if each not in wanted]:
        raise _waits(gate, others)
    if unticked := [each for each in wanted if each.id not in signs]:
        raise invalid(
            *(FieldProblem(SIGN + each.id, Phrase(BenchInput.NOT_TICKED, what=each.title)) for each in unticked)
        )
    return [SignOffGiven(gate.id, each.id, piece.brief_version, context.now, person=caller.person) for each in wanted]


def _passed(piece: Piece, gate: Gate, caller: Caller, context: ProductionContext) -> tuple[Piece, list[Fact]]:
    marks = piece.marks(gate.id)
    if marks.behind:
        return piece, []
    passed = GatePassed(
        commission=piece.commission,
        piece=piece.piece,
        gate=gate.id,
        customer_signs=customer_signs(gate),
        cancel_percent=round(gate.cancel_percent),
        by=caller.ops,
        at=context.now,
    )
    return piece.with_gate(replace(marks, passed_at=context.now, voided_at=None)), [passed]


def _waits(gate: Gate, missing_here: Sequence[SignOff]) -> Problem:
    customers = any(each.by == "customer" for each in missing_here)
    reason = BenchRefusal.CUSTOMER_SIGNS_FIRST if customers else BenchRefusal.STUDIO_SIGNS_FIRST
    what = [each.title for each in missing_here]
    return Problem(ProblemType.CONFLICT, Phrase(reason, what=what, why=gate.why))
