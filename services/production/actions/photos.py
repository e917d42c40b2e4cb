"""Photos from the bench: added by who works on the piece, seen by its customer, its maker and ops."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.production.actions import publishing
from services.production.actions.context import ProductionContext, conclude, lock_task, read_piece
from services.production.domain.photos import Photo, PhotoContent, check_room
from services.production.domain.pieces import Piece
from services.production.domain.tasks import Task, over
from services.production.store import photos as store
from services.production.store import records
from shared.auth.roles import Caller, Role, only_owner
from shared.contracts.commissions import CommissionConfirmed
from shared.kernel.problems import not_found
from shared.offerings.model import Offering
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once
from shared.web.images import MEDIA_TYPE, Picture

_CREATED = 201


@dataclass(frozen=True)
class TaskPhotos:
    """The photos of the piece that a task is for, oldest first."""

    piece: Piece
    offering: Offering
    task: Task
    photos: Sequence[Photo]

    def in_language(self, language: str) -> "TaskPhotos":
        return replace(self, offering=self.offering.in_language(language))

    def title(self, stage: str) -> str:
        """What the offering calls a stage."""
        found = self.offering.making.stage(stage)
        return found.title if found else stage


async def record_customer(tx: Tx, confirmed: CommissionConfirmed) -> None:
    """Remember whose commission it is, and so who may see its photos."""
    await store.record_customer(tx, confirmed.commission, confirmed.customer, confirmed.delivery_country)


async def take_photo(
    tx: Tx,
    caller: Caller,
    task: UUID,
    picture: Picture,
    request: RequestKey,
    *,
    public: bool,
    mishap: UUID | None = None,
    context: ProductionContext,
) -> UUID:
    """Keep a photo of the piece, to be published when it is due; returns its id.

    `public` lets the certificate show it to everybody who has its serial. One of a `mishap` is for the bench and the
    studio alone, and never published.

    Raises:
        Problem: not-found; conflict, for a step that does not count any more, and for one photo too many.
    """

    async def act() -> Answer:
        photo = await _keep(tx, caller, task, picture, public=public, mishap=mishap, context=context)
        return Answer(_CREATED, {"photo": str(photo)})

    digest = hashlib.sha256(picture.data).hexdigest()
    answer = await once(tx, request.of(str(task), digest, public, str(mishap or "")), act)
    return UUID(answer.body["photo"])


async def of_task(tx: Tx, caller: Caller, task: UUID) -> TaskPhotos:
    """The photos of a task's piece, for its maker and ops. Raises `not-found`."""
    piece, offering = await lock_task(tx, caller, task)
    return TaskPhotos(piece, offering, piece.task(task), await store.photos(tx, piece.piece))


async def of_commission(tx: Tx, caller: Caller, commission: UUID, photo: UUID) -> PhotoContent:
    """A photo, for its maker and ops, and once it is published for the commission's customer. Raises `not-found`."""
    if caller.role is Role.CUSTOMER:
        only_owner(caller, await store.customer_of(tx, commission))
    else:
        await read_piece(tx, caller, commission)
    found = await store.photo(tx, commission, photo)
    if found is None or (caller.role is Role.CUSTOMER and found[0].published_at is None):
        raise not_found()
    return found[1]


async def _keep(
    tx: Tx,
    caller: Caller,
    task: UUID,
    picture: Picture,
    *,
    public: bool,
    mishap: UUID | None,
    context: ProductionContext,
) -> UUID:
    piece, _ = await lock_task(tx, caller, task)
    found = piece.task(task)
    if not found.valid and mishap is None:
        raise over(found)
    if mishap and mishap not in {each.mishap for each in await records.mishaps(tx, piece.piece)}:
        raise not_found()
    check_room(len(await store.photos(tx, piece.piece)))
    photo = Photo(
        context.new_id(),
        found.stage,
        public and mishap is None,
        context.now,
        picture.width,
        picture.height,
        shown_from=context.shown_from,
        mishap=mishap,
    )
    content = PhotoContent(MEDIA_TYPE, picture.data)
    await store.add_photo(
        tx, photo, content, piece=piece.piece, commission=piece.commission, task=task, taken_by=caller.person
    )
    await conclude(tx, piece, piece, [])
    await publishing.publish_due_of(tx, piece, context)
    return photo.photo
