"""States in words and tones, and what else the bench's templates ask for."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from services.production.actions.board import JobTicket
from services.production.domain.makers import MakerState
from services.production.domain.parcels import CARRIERS
from services.production.domain.pieces import PieceState
from services.production.domain.promises import duration
from services.production.domain.tasks import TaskState
from shared.contracts.production import Mishap

TASKS = {
    TaskState.PENDING: ("Still ahead", ""),
    TaskState.READY: ("Next", "attention"),
    TaskState.RUNNING: ("At the bench now", "good"),
    TaskState.PAUSED: ("Laid aside", "attention"),
    TaskState.DONE: ("Done", "good"),
    TaskState.SUPERSEDED: ("Done again", ""),
    TaskState.VOID: ("Given up", ""),
}
PIECES = {
    PieceState.MAKING: ("In the making", "good"),
    PieceState.MADE: ("Made", "good"),
    PieceState.PACKED: ("In its parcel", "good"),
    PieceState.HANDED_OVER: ("On its way", "good"),
    PieceState.DELIVERED: ("Delivered", "good"),
    PieceState.STOPPED: ("Cancelled", "wrong"),
}
MISHAPS = {
    Mishap.PIECE_DAMAGED: "The piece is damaged",
    Mishap.MATERIAL_SPOILT: "The material is spoilt",
    Mishap.MATERIAL_LATE: "The material is late",
    Mishap.TOOL_BROKEN: "A tool is broken",
    Mishap.MAKER_AWAY: "I cannot work",
}
MAKERS = {MakerState.ACTIVE: ("Takes new pieces", "good"), MakerState.RESTING: ("Rests", "")}
WAITS = {
    "studio": "Paused by the studio",
    "sign_off": "Waits for a signature",
    "rest": "Rests",
    "partner": "Away",
    "payment": "Waits for the balance",
    "carrier": "On its way",
}
CARRIER_CHOICES = [(carrier.name, carrier.title) for carrier in CARRIERS.values()]


def skill(name: str) -> str:
    """An offering's word for a skill as people read it."""
    return name.replace("_", " ")


def carrier_title(name: str) -> str:
    found = CARRIERS.get(name)
    return found.title if found else name


def earlier_stages(ticket: JobTicket) -> Sequence[tuple[str, str]]:
    """The stages that the piece can go back to: up to the current one."""
    return [(stage.id, stage.title) for stage in ticket.offering.making.stages[: ticket.task.place + 1]]


TEMPLATE_GLOBALS: Mapping[str, Any] = {
    "labels": sys.modules[__name__],
    "duration": duration,
    "carrier_title": carrier_title,
    "earlier_stages": earlier_stages,
}
"""What every template of the bench knows."""
