"""What every template of the bench is given."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from services.production.actions.board import BoardPiece, JobTicket
from services.production.actions.promises import ListedPromise
from services.production.domain.makers import MakerState
from services.production.domain.pieces import PieceState
from services.production.domain.tasks import TaskState
from services.production.labels import duration
from shared.contracts.carriers import CarrierCode
from shared.contracts.production import Mishap, MishapCause
from shared.i18n import Reader
from shared.i18n.countries import country_name
from shared.offerings.catalogue import skill_titles
from shared.offerings.layouts import drawn_words
from shared.offerings.spoken import named, spoken
from shared.web.labels import ERASED, NO_NAME
from shared.web.layouts import layout_picture
from shared.web.tracking import tracking_page

TONES: Mapping[Enum, str] = {
    TaskState.READY: "attention",
    TaskState.RUNNING: "good",
    TaskState.PAUSED: "attention",
    TaskState.DONE: "good",
    PieceState.MAKING: "good",
    PieceState.MADE: "good",
    PieceState.PACKED: "good",
    PieceState.HANDED_OVER: "good",
    PieceState.DELIVERED: "good",
    PieceState.STOPPED: "wrong",
    MakerState.ACTIVE: "good",
}
"""The tone of a state, where it has one."""


def tone(state: Enum) -> str:
    return TONES.get(state, "")


def skills(reader: Reader, names: Sequence[str]) -> str:
    """Skills as the offerings call them in the reader's language."""
    titles = skill_titles(reader.language)
    return ", ".join(sorted(titles.get(name, name) for name in names))


def short_id(id_: object) -> str:
    """The end of an id, enough to tell pieces on one page apart."""
    return str(id_)[-6:]


def earlier_stages(ticket: JobTicket) -> Sequence[tuple[str, str]]:
    """The stages that the piece can go back to: up to the current one."""
    return [(stage.id, stage.title) for stage in ticket.offering.making.stages[: ticket.task.place + 1]]


def title(reader: Reader, shown: BoardPiece | ListedPromise) -> str:
    """What is made, in one line."""
    return named(shown.offering, shown.names.answers, reader)


TEMPLATE_VALUES: Mapping[str, Any] = {
    "tone": tone,
    "skill_list": skills,
    "spoken": spoken,
    "drawn_words": drawn_words,
    "layout_picture": layout_picture,
    "short_id": short_id,
    "title_of": title,
    "country_of": country_name,
    "erased": ERASED,
    "no_name": NO_NAME,
    "duration": duration,
    "earlier_stages": earlier_stages,
    "mishap_kinds": tuple(Mishap),
    "mishap_causes": tuple(MishapCause),
    "carriers": tuple(CarrierCode),
    "carrier_of": CarrierCode,
    "tracking_page": tracking_page,
}
