"""An offering's form as it was sent: what was typed, the pictures that came with it, and those that came before."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from services.intake.actions import offerings, pictures
from services.intake.domain.briefs import NewBrief, together
from services.intake.domain.commissions import read_country
from services.intake.domain.pictures import PictureSlot, StoredPicture, slots
from shared.auth.roles import Caller
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem
from shared.offerings import OfferingDocument
from shared.web.forms import FormState
from shared.web.images import read_picture

COUNTRY: Final = "delivery_country"
"""The input that asks where the piece is delivered."""


@dataclass(frozen=True)
class SubmittedForm:
    """`pictures` and `kept` are by the place's name; `refused` are the pictures that cannot be used."""

    document: OfferingDocument
    form: FormState
    pictures: Mapping[str, StoredPicture]
    kept: Mapping[str, UUID]
    refused: tuple[Problem, ...]
    digests: tuple[str, ...]

    @property
    def identity(self) -> tuple[object, ...]:
        """What the form's key is compared by: all that was typed and chosen."""
        country = self.form.value(COUNTRY)
        return (self.document.sha256, dict(self._typed), country, self.digests, sorted(map(str, self.kept.values())))

    def read(self, today: date, *, home: str) -> tuple[NewBrief, str]:
        """The brief, and the country it is delivered to, the `home` one where the form does not ask.

        Raises the problem of every field, and of every picture, at once.
        """
        problems, country = list[Problem](), home
        try:
            country = read_country(self.form.values.get(COUNTRY), home=home, field=COUNTRY)
        except Problem as problem:
            problems.append(problem)
        try:
            brief = self.brief(lambda typed: offerings.read_brief(self.document, typed, today))
        except Problem as problem:
            raise together(problem, *problems) from None
        if problems:
            raise together(*problems)
        return brief, country

    def brief(self, reader: Callable[[Mapping[str, str]], NewBrief]) -> NewBrief:
        """What is typed, as `reader` reads it. Raises the problem of every field, and of every picture, at once."""
        problems = list(self.refused)
        try:
            brief = reader(self._typed)
        except Problem as problem:
            raise together(problem, *problems) from None
        if problems:
            raise together(*problems)
        return brief

    def to_show_again(self, waiting: Collection[UUID]) -> FormState:
        """The form with the pictures that now wait here under the names by which they are sent again."""
        values = dict(self.form.values)
        for slot in slots(self.document.offering.form):
            picture = self.pictures.get(slot.name)
            image = picture.image if picture else self.kept.get(slot.name)
            values[slot.kept] = str(image) if picture or image in waiting else ""
        return replace(self.form, values=values, files={})

    @property
    def _typed(self) -> Mapping[str, str]:
        names = self.document.offering.form.inputs
        return {name: value for name, value in self.form.values.items() if name in names}


async def read_submitted_form(
    document: OfferingDocument, form: FormState, caller: Caller, *, new_id: Ids
) -> SubmittedForm:
    """Read the form; a picture that cannot be used is remembered with what is wrong with it."""
    made: dict[str, StoredPicture] = {}
    kept: dict[str, UUID] = {}
    refused: list[Problem] = []
    digests: list[str] = []
    for slot in slots(document.offering.form):
        upload = form.files.get(slot.name)
        if upload is None:
            kept |= _kept(form, slot)
            continue
        try:
            picture = await read_picture(upload, slot.name, caller.person)
        except Problem as problem:
            refused.append(problem)
            kept |= _kept(form, slot)
            continue
        made[slot.name] = pictures.as_stored(picture, owner=caller.person, new_id=new_id)
        digests.append(hashlib.sha256(picture.data).hexdigest())
    return SubmittedForm(document, form, made, kept, tuple(refused), tuple(digests))


def _kept(form: FormState, slot: PictureSlot) -> Mapping[str, UUID]:
    """The picture that was sent before, unless it is not wanted any more."""
    if form.value(slot.dropped) == "yes":
        return {}
    try:
        return {slot.name: UUID(form.value(slot.kept))}
    except ValueError:
        return {}
