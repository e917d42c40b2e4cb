"""What the bench's pages show: the board, a task's job ticket, a piece."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.production.actions import journal
from services.production.actions.gates import ours
from services.production.actions.planning import rests_until
from services.production.actions.workshop import Workshop, craft_of, read_piece
from services.production.domain.gates import before, missing
from services.production.domain.makers import Maker, able
from services.production.domain.pieces import Piece
from services.production.domain.quality import Asked, checklist
from services.production.domain.records import Brief, CheckKept, MishapKept, NoteKept
from services.production.domain.tasks import Task, TaskState
from services.production.domain.waiting import Waiting, waiting
from services.production.store import makers as maker_store
from services.production.store import pieces, records
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.offerings.form import TextField
from shared.offerings.making import Gate, SignOff, Stage
from shared.offerings.model import Offering
from shared.postgres.database import Tx


@dataclass(frozen=True)
class OnBoard:
    """A piece as the board shows it."""

    piece: Piece
    craft: Offering
    maker: Maker
    waiting: Waiting | None

    def stage(self, task: Task) -> Stage:
        return self.craft.making.stages[task.place]

    def last(self, task: Task) -> bool:
        """Whether the quality checklist comes at its end."""
        return task.place == len(self.craft.making.stages) - 1

    @property
    def at_a_tap(self) -> bool:
        """Whether the next step can be begun without reading on: nothing is in its way, and nothing to be signed."""
        current = self.piece.current
        if current is None or self.waiting or current.state is TaskState.RUNNING:
            return False
        return not any(missing(gate, self.piece.signed) for gate in before(self.craft, current.stage))


@dataclass(frozen=True)
class Ticket(OnBoard):
    """A task with everything that its maker needs. `signs` are the sign-offs that are given by beginning it."""

    task: Task
    brief: Brief | None
    gates: tuple[Gate, ...]
    signs: tuple[SignOff, ...]
    checks: tuple[Asked, ...]
    notes: Sequence[NoteKept]

    @property
    def may_begin(self) -> bool:
        free = self.waiting is None or not self.waiting.binding
        return free and self.task.state in {TaskState.READY, TaskState.PAUSED}

    @property
    def cut_words(self) -> tuple[tuple[str, str], ...]:
        """The words that are to be cut, exactly as they are wished, with the form's name for them."""
        answers: Mapping[str, str] = self.brief.values if self.brief else {}
        fields = [field for field in self.craft.form.questions if isinstance(field, TextField) and field.rule]
        return tuple((field.label, answers[field.name]) for field in fields if field.name in answers)

    def label(self, field: str) -> str:
        """What the form calls this field."""
        found = self.craft.form.field(field)
        return found.label if found else field


@dataclass(frozen=True)
class PiecePage(OnBoard):
    """A piece with its whole story at the bench. `others` are the makers who could take it, for ops."""

    brief: Brief | None
    checks: Sequence[CheckKept]
    notes: Sequence[NoteKept]
    mishaps: Sequence[MishapKept]
    others: Sequence[Maker]
    serial: str | None

    def unsigned(self, gate: Gate) -> bool:
        """Whether a sign-off is missing at a gate; it may be one that was given, before the piece was worked over."""
        return bool(missing(gate, self.piece.signed))

    @property
    def last_list(self) -> Sequence[tuple[str, CheckKept]]:
        """The checklist as it was filled in last, in the craft's order, with the checks' titles."""
        last = {each.check_id: each for each in self.checks}  # they come oldest first
        return [(check.title, last[check.id]) for check in self.craft.quality.checks if check.id in last]

    @property
    def rounds_unmet(self) -> Sequence[tuple[datetime, str]]:
        """When the list was not met, and which of its checks."""
        titles = {check.id: check.title for check in self.craft.quality.checks}
        unmet: dict[datetime, list[str]] = {}
        for each in self.checks:
            if not each.met:
                unmet.setdefault(each.checked_at, []).append(titles.get(each.check_id, each.check_id))
        return [(at, ", ".join(names)) for at, names in unmet.items()]


async def read_board(tx: Tx, caller: Caller, shop: Workshop) -> Sequence[OnBoard]:
    """The caller's pieces, or everybody's for ops, that somebody has something to do for: what is due first, first."""
    found = await pieces.board(tx, None if caller.role is Role.OPS else caller.person)
    makers = {maker.maker: maker for maker in await maker_store.makers(tx)}
    return [await _shown(tx, piece, makers[piece.maker], shop) for piece in found]


async def read_task(tx: Tx, caller: Caller, task: UUID, shop: Workshop) -> Ticket:
    """One task's job ticket. Raises `not-found`, for a task of another maker too."""
    commission = await pieces.piece_of_task(tx, task)
    if commission is None:
        raise not_found("There is no such task. It may be another maker's now.")
    shown = await _read(tx, caller, commission, shop)
    found, craft = shown.piece.task(task), shown.craft
    guards = before(craft, found.stage)
    brief = await records.brief(tx, commission)
    return Ticket(
        **vars(shown),
        task=found,
        brief=brief,
        gates=guards,
        signs=tuple(each for gate in guards for each in ours(gate, shown.piece, caller.role)),
        checks=checklist(craft, brief.values if brief else {}),
        notes=await records.notes(tx, commission),
    )


async def read_whole_piece(tx: Tx, caller: Caller, commission: UUID, shop: Workshop) -> PiecePage:
    """A piece and its story. Raises `not-found`; `conflict`, while its hours are only held."""
    shown = await _read(tx, caller, commission, shop)
    others = able(await maker_store.makers(tx), shown.craft) if caller.role is Role.OPS else []
    return PiecePage(
        **vars(shown),
        brief=await records.brief(tx, commission),
        checks=await records.check_results(tx, commission),
        notes=await records.notes(tx, commission),
        mishaps=await records.mishaps(tx, commission),
        others=[maker for maker in others if maker.maker != shown.piece.maker],
        serial=await journal.serial_of(tx, commission),
    )


async def board_revision(tx: Tx, caller: Caller) -> str:
    """A short text that changes whenever the caller's board does."""
    return await pieces.board_revision(tx, None if caller.role is Role.OPS else caller.person)


async def piece_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever something happens to a piece."""
    return await pieces.piece_revision(tx, commission)


async def _read(tx: Tx, caller: Caller, commission: UUID, shop: Workshop) -> OnBoard:
    piece, _ = await read_piece(tx, caller, commission)
    makers = {maker.maker: maker for maker in await maker_store.makers(tx)}
    return await _shown(tx, piece, makers[piece.maker], shop)


async def _shown(tx: Tx, piece: Piece, maker: Maker, shop: Workshop) -> OnBoard:
    craft = await craft_of(tx, piece.craft, piece.craft_version)
    rests = rests_until(shop, piece, craft, maker)
    return OnBoard(piece, craft, maker, waiting(piece, craft, rests_until=rests, today=shop.today))
