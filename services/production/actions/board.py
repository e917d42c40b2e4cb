"""What the bench's pages show: the board, a task's job ticket, a piece."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.production.actions import journal
from services.production.actions.context import ProductionContext, offering_of, only_workers, read_piece
from services.production.actions.gates import ours
from services.production.actions.planning import waits_until
from services.production.domain.blockers import Blocker, find_blocker
from services.production.domain.certificate import telling_fields
from services.production.domain.deliveries import ParcelAddressee
from services.production.domain.gates import before, missing
from services.production.domain.makers import Maker, able
from services.production.domain.names import BenchNames
from services.production.domain.pieces import ADDRESSED, Piece, PieceState
from services.production.domain.quality import ChecklistItem, checklist
from services.production.domain.reasons import BenchRefusal
from services.production.domain.records import BenchBrief, CheckResult, MishapRecord, Note
from services.production.domain.tasks import Task, TaskState
from services.production.store import makers as maker_store
from services.production.store import names, pieces, records
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefAnswer
from shared.conversation import store as conversations
from shared.conversation.model import Conversation
from shared.kernel.problems import not_found
from shared.offerings.form import TextField
from shared.offerings.key import OfferingKey
from shared.offerings.making import Gate, SignOff, Stage
from shared.offerings.measures import Quantity, UnansweredError
from shared.offerings.model import Offering
from shared.offerings.rules.error import RuleError
from shared.postgres.database import Tx


@dataclass(frozen=True)
class BoardPiece:
    """A piece as the board shows it: with its reference pictures, and how many messages the caller has not read."""

    piece: Piece
    offering: Offering
    maker: Maker
    blocker: Blocker | None
    names: BenchNames
    images: tuple[UUID, ...]
    unread: int

    @property
    def deliver_to(self) -> ParcelAddressee | None:
        """To whom the parcel goes: from packing to delivery, and at no other time."""
        if self.piece.state not in ADDRESSED:
            return None
        named = self.names
        return ParcelAddressee.of(named.delivery, name=named.name, country=named.country)

    @property
    def address_changed(self) -> bool:
        """Whether it is packed for another address, or another way, than was chosen last."""
        chosen, packed_for = self.names.delivery, self.piece.packed_for
        packed = self.piece.state is PieceState.PACKED
        return packed and chosen is not None and packed_for is not None and chosen.number > packed_for

    def stage(self, task: Task) -> Stage:
        return self.offering.making.stages[task.place]

    @property
    def ordered(self) -> tuple[BriefAnswer, ...]:
        """The answers that say what is to be made, in the form's order: what names the piece, prices or measures it."""
        given = {answer.field: answer for answer in self.names.answers}
        return tuple(given[name] for name in telling_fields(self.offering) if name in given)

    def measures(self, task: Task) -> tuple[tuple[str, Quantity], ...]:
        """What the maker goes by at a step, by its name; nothing where the brief was erased, or does not fit."""
        answers = {answer.field: str(answer.value) for answer in self.names.answers}
        try:
            named = self.stage(task).measures
            return tuple((self.offering.measures[name].title, self.offering.measure(name, answers)) for name in named)
        except (UnansweredError, RuleError):
            return ()

    def label(self, field: str) -> str:
        """What the form calls this field."""
        found = self.offering.form.field(field)
        return found.label if found else field

    def last(self, task: Task) -> bool:
        """Whether the quality checklist comes at its end."""
        return task.place == len(self.offering.making.stages) - 1

    @property
    def can_start_from_board(self) -> bool:
        """Whether the next step can be begun without reading on: nothing is in its way, and nothing to be signed."""
        current = self.piece.current
        if current is None or self.blocker or current.state is TaskState.RUNNING:
            return False
        return not any(missing(gate, self.piece.signed) for gate in before(self.offering, current.stage))


@dataclass(frozen=True)
class JobTicket(BoardPiece):
    """A task with everything that its maker needs. `signs` are the sign-offs that are given by beginning it."""

    task: Task
    conversation: Conversation
    brief: BenchBrief | None
    gates: tuple[Gate, ...]
    signs: tuple[SignOff, ...]
    checks: tuple[ChecklistItem, ...]
    notes: Sequence[Note]
    mishaps: Sequence[MishapRecord]

    @property
    def may_start(self) -> bool:
        free = self.blocker is None or not self.blocker.prevents_start
        return free and self.task.state in {TaskState.READY, TaskState.PAUSED}

    @property
    def exact_texts(self) -> tuple[tuple[str, str], ...]:
        """The texts that the piece carries, exactly as the customer wrote them, with the form's name for each."""
        answers: Mapping[str, str] = self.brief.values if self.brief else {}
        fields = [field for field in self.offering.form.questions if isinstance(field, TextField) and field.rule]
        return tuple((field.label, answers[field.name]) for field in fields if field.name in answers)


@dataclass(frozen=True)
class PieceDetails(BoardPiece):
    """A piece with everything that happened to it at the bench. `others` are the makers who could take it, for ops."""

    brief: BenchBrief | None
    conversation: Conversation
    checks: Sequence[CheckResult]
    notes: Sequence[Note]
    mishaps: Sequence[MishapRecord]
    others: Sequence[Maker]
    serial: str | None

    def is_unsigned(self, gate: Gate) -> bool:
        """Whether a sign-off is missing at a gate; it may be one that was given, before the piece was worked over."""
        return bool(missing(gate, self.piece.signed))

    @property
    def last_checklist(self) -> Sequence[tuple[str, CheckResult]]:
        """The checklist as it was filled in last, in the offering's order, with the checks' titles."""
        last = {each.check_id: each for each in self.checks}  # they come oldest first
        return [(check.title, last[check.id]) for check in self.offering.quality.checks if check.id in last]

    @property
    def failed_rounds(self) -> Sequence[tuple[datetime, str]]:
        """When the list was not met, and which of its checks."""
        titles = {check.id: check.title for check in self.offering.quality.checks}
        unmet: dict[datetime, list[str]] = {}
        for each in self.checks:
            if not each.met:
                unmet.setdefault(each.checked_at, []).append(titles.get(each.check_id, each.check_id))
        return [(at, ", ".join(names)) for at, names in unmet.items()]


@dataclass(frozen=True)
class Board:
    """The pieces that need work, by when they are due. `skilled`: the caller can be promised pieces at all."""

    pieces: Sequence[BoardPiece]
    skilled: bool


async def read_board(tx: Tx, caller: Caller, context: ProductionContext) -> Board:
    """The caller's board, or everybody's for ops."""
    found = await pieces.board(tx, None if caller.role is Role.OPS else caller.person)
    makers = {maker.maker: maker for maker in await maker_store.makers(tx)}
    own = makers.get(caller.person)
    skilled = caller.role is Role.OPS or bool(own and own.skills)
    offerings = {key: context.in_words(await offering_of(tx, key)) for key in {OfferingKey.of(each) for each in found}}
    beside = await _beside(tx, caller, [each.commission for each in found])
    listed = [
        _board_piece(each, offerings[OfferingKey.of(each)], makers[each.maker], context, beside) for each in found
    ]
    return Board(listed, skilled)


async def read_job_ticket(tx: Tx, caller: Caller, task: UUID, context: ProductionContext) -> JobTicket:
    """One task's job ticket. Raises `not-found`, for a task of another maker too."""
    piece_id = await pieces.piece_of_task(tx, task)
    piece = await pieces.read(tx, piece_id) if piece_id else None
    if piece is None:
        raise not_found(BenchRefusal.TASK_UNKNOWN)
    only_workers(caller, piece)
    on_board = await _on_board(tx, caller, piece, context)
    found, offering = piece.task(task), on_board.offering
    guards = before(offering, found.stage)
    brief = await records.brief(tx, piece.commission)
    return JobTicket(
        **vars(on_board),
        task=found,
        conversation=await conversations.conversation(tx, piece.commission, on_board.unread),
        brief=brief,
        gates=guards,
        signs=tuple(each for gate in guards for each in ours(gate, piece, caller.role)),
        checks=checklist(offering, brief.values if brief else {}),
        notes=await records.notes(tx, piece.piece),
        mishaps=await records.mishaps(tx, piece.piece),
    )


async def read_piece_details(tx: Tx, caller: Caller, commission: UUID, context: ProductionContext) -> PieceDetails:
    """A piece with everything that happened to it. Raises `not-found`; `conflict`, while its hours are only held."""
    piece, _ = await read_piece(tx, caller, commission)
    on_board = await _on_board(tx, caller, piece, context)
    others = able(await maker_store.makers(tx), on_board.offering) if caller.role is Role.OPS else []
    return PieceDetails(
        **vars(on_board),
        brief=await records.brief(tx, commission),
        conversation=await conversations.conversation(tx, commission, on_board.unread),
        checks=await records.check_results(tx, piece.piece),
        notes=await records.notes(tx, piece.piece),
        mishaps=await records.mishaps(tx, piece.piece),
        others=[maker for maker in others if maker.maker != piece.maker],
        serial=await journal.serial_of(tx, piece.piece),
    )


async def board_revision(tx: Tx, caller: Caller) -> str:
    """A short text that changes whenever the caller's board does."""
    return await pieces.board_revision(tx, None if caller.role is Role.OPS else caller.person)


async def piece_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever something happens to a piece, or is written about it."""
    return await pieces.piece_revision(tx, commission)


@dataclass(frozen=True)
class _Beside:
    """What stands beside pieces, by commission: names, reference pictures, and what the caller has not read."""

    names: Mapping[UUID, BenchNames]
    images: Mapping[UUID, tuple[UUID, ...]]
    unread: Mapping[UUID, int]


async def _beside(tx: Tx, caller: Caller, commissions: Sequence[UUID]) -> _Beside:
    images = await records.reference_pictures(tx, commissions)
    known = await names.names(tx, commissions)
    return _Beside(known, images, await conversations.unread(tx, caller.person, commissions))


async def _on_board(tx: Tx, caller: Caller, piece: Piece, context: ProductionContext) -> BoardPiece:
    makers = {maker.maker: maker for maker in await maker_store.makers(tx)}
    offering = context.in_words(await offering_of(tx, OfferingKey.of(piece)))
    return _board_piece(piece, offering, makers[piece.maker], context, await _beside(tx, caller, [piece.commission]))


def _board_piece(
    piece: Piece, offering: Offering, maker: Maker, context: ProductionContext, beside: _Beside
) -> BoardPiece:
    until = waits_until(context, piece, offering, maker)
    return BoardPiece(
        piece,
        offering,
        maker,
        find_blocker(piece, offering, waits_until=until, today=context.today),
        beside.names[piece.commission],
        beside.images.get(piece.commission, ()),
        beside.unread.get(piece.commission, 0),
    )
