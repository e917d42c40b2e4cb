"""Reference pictures: kept while their form is filled in, and shown to those who may see the commission."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import records
from services.intake.domain.pictures import StoredPicture
from shared.auth.roles import Caller
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx
from shared.web.images import MEDIA_TYPE, Picture


def as_stored(picture: Picture, *, owner: UUID, new_id: Ids) -> StoredPicture:
    """A picture that was encoded again, under a new id."""
    return StoredPicture(new_id(), owner, None, MEDIA_TYPE, picture.width, picture.height, picture.data)


async def keep(tx: Tx, picture: StoredPicture, now: datetime) -> None:
    """Keep a picture until its form is sent, for a day at most.

    Raises:
        Problem: not-signed-in, if its owner is not here any more.
    """
    await check_here(tx, picture.owner)
    try:
        await store.keep_image(tx, picture, now)
    except store.UnknownPersonError as error:
        raise Problem(ProblemType.NOT_SIGNED_IN) from error


async def check_here(tx: Tx, person: UUID) -> None:
    """Keep nothing of who was erased, whose token is taken until the end of their session is heard of.

    Raises:
        Problem: not-signed-in.
    """
    if await store.is_erased(tx, person):
        raise Problem(ProblemType.NOT_SIGNED_IN)


async def still_waiting(tx: Tx, caller: Caller, images: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these pictures wait for a form of this caller."""
    return await store.waiting_images(tx, images, caller.person) if images else frozenset()


async def waiting(tx: Tx, caller: Caller, image: UUID) -> StoredPicture:
    """A picture that the caller has chosen for a form. Raises `not-found`."""
    found = await store.image(tx, image)
    if found is None or found.owner != caller.person:
        raise not_found()
    return found


async def of_commission(tx: Tx, caller: Caller, commission: UUID, image: UUID) -> StoredPicture:
    """A picture of a commission whose conversation the caller may see. Raises `not-found`."""
    await records.conversing(tx, caller, commission)
    found = await store.image(tx, image)
    if found is None or found.commission != commission:
        raise not_found()
    return found
