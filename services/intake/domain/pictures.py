"""Reference pictures: where they go on a form, how many, and how long they wait for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from uuid import UUID

from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.offerings.form import ImageField, OfferingForm

WAITING_LIFE = timedelta(hours=24)
"""How long a picture waits for the form it was chosen in."""
WAITING_AT_MOST = 12
"""How many pictures of one person may wait; older ones give way."""


class ReferenceReason(StrEnum):
    """Why reference pictures cannot be used."""

    TOO_MANY = auto()
    GONE = auto()


@dataclass(frozen=True)
class PictureSlot:
    """Where one picture goes on the form: `name` takes the file, `kept` the id of one that was sent before."""

    name: str
    field: ImageField

    @property
    def kept(self) -> str:
        return f"{self.name}_kept"

    @property
    def dropped(self) -> str:
        return f"{self.name}_dropped"


@dataclass(frozen=True)
class StoredPicture:
    """A picture as it is kept; `commission` is None while it waits for its form."""

    image: UUID
    owner: UUID
    commission: UUID | None
    media_type: str
    width: int
    height: int
    content: bytes


def slots(form: OfferingForm) -> tuple[PictureSlot, ...]:
    """Every place for a picture that an offering's form has, in its order."""
    return tuple(
        PictureSlot(field.name if number == 1 else f"{field.name}_{number}", field)
        for field in form.images
        for number in range(1, field.max_images + 1)
    )


def check_count(form: OfferingForm, images: Iterable[UUID]) -> tuple[UUID, ...]:
    """The pictures of a brief, each once. Raises `validation-failed` for more than the offering's form takes."""
    given = tuple(dict.fromkeys(images))
    most = sum(field.max_images for field in form.images)
    if len(given) > most:
        raise invalid(FieldProblem("/images", Phrase(ReferenceReason.TOO_MANY, count=most)))
    return given


def no_such_picture(*fields: str) -> Problem:
    """The problem of pictures, named in these inputs, that do not wait here any more."""
    return invalid(*(FieldProblem(field, ReferenceReason.GONE) for field in fields))
