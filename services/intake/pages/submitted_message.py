"""A message as a page's form sent it: its words, the pictures that came with it, and those that came before."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from services.intake.actions import pictures
from services.intake.actions.messages import NewMessage
from services.intake.api.messages import MessageCreate
from services.intake.domain.briefs import together
from services.intake.domain.messages import MessageReason, check_pictures
from services.intake.domain.pictures import StoredPicture
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, Said
from shared.runtime.service import Kernel
from shared.web.forms import FormState, Sent
from shared.web.images import read_picture

M = TypeVar("M", bound=MessageCreate)

PICTURES: Final = "pictures"

_UUID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class SubmittedMessage:
    """`pictures` came with it, `kept` were sent before and wait; `problems` is all that is wrong with it."""

    form: FormState
    words: str
    pictures: Sequence[StoredPicture]
    kept: Sequence[UUID]
    problems: tuple[Problem, ...]

    @property
    def new(self) -> NewMessage:
        """The message. Raises the problem of its words, and of every picture, at once."""
        if self.problems:
            raise together(*self.problems)
        return NewMessage(self.words, self.pictures, self.kept)

    @property
    def identity(self) -> tuple[object, ...]:
        """What the form's key is compared by."""
        digests = [hashlib.sha256(each.content).hexdigest() for each in self.pictures]
        return (self.words, digests, [str(each) for each in self.kept])


async def read_message_form(
    sent: Sent[M], caller: Caller, *, new_id: Ids, missing: Mapping[str, Said] | None = None
) -> SubmittedMessage:
    """Read the form; a picture that cannot be used is remembered with what is wrong with it.

    `missing` is what to say of fields without an answer.
    """
    problems: list[Problem] = []
    words, kept = "", _kept(sent.form)
    made: list[StoredPicture] = []
    try:
        words = sent.read(missing or {"words": MessageReason.EMPTY}).words
    except Problem as problem:
        problems.append(problem)
    uploads = sent.uploads(PICTURES)
    try:
        check_pictures([*kept, *(new_id() for _ in uploads)], PICTURES)
        for upload in uploads:
            picture = await read_picture(upload, PICTURES, caller.person)
            made.append(pictures.as_stored(picture, owner=caller.person, new_id=new_id))
    except Problem as problem:
        problems.append(problem)
    return SubmittedMessage(sent.form, words, made, kept, tuple(problems))


async def keep_pictures(kernel: Kernel[IntakeSettings], caller: Caller, message: SubmittedMessage) -> tuple[UUID, ...]:
    """Keep the pictures of a form that comes back, since a browser forgets them; those that wait here now."""
    async with kernel.database.transaction() as tx:
        for picture in message.pictures:
            await pictures.keep(tx, picture, kernel.clock())
        still = await pictures.still_waiting(tx, caller, message.kept)
    return (*(each for each in message.kept if each in still), *(each.image for each in message.pictures))


def _kept(form: FormState) -> tuple[UUID, ...]:
    """The pictures that were sent before, unless they are not wanted any more; what is no id names none."""
    if form.value("dropped") == "yes":
        return ()
    return tuple(UUID(each) for each in form.value("kept").split() if _UUID.fullmatch(each))
