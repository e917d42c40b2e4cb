"""Photos from the bench, as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, UploadFile
from pydantic import BaseModel, Field

from services.production.actions import photos, publishing
from services.production.actions.context import ProductionContext
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.downloads import PICTURE, picture_response
from shared.web.idempotency import IdempotencyKey
from shared.web.images import read_picture
from shared.web.openapi import problems

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]
Viewer = Annotated[Caller, Allow(Role.CUSTOMER, Role.MAKER, Role.OPS, of="photo")]


class PhotoCreated(BaseModel):
    """A photo that is kept."""

    photo: UUID


class PhotoRead(BaseModel):
    """A photo of a piece; its size is in pixels."""

    photo: UUID
    stage: str
    public: bool = Field(description="Whether the certificate may show it.")
    taken_at: datetime
    width: int
    height: int
    shown_from: datetime = Field(description="When the customer begins to see it.")
    published_at: datetime | None = Field(description="Until then it can be withdrawn.")
    mishap: UUID | None = Field(description="Of this mishap: the customer never sees it.")


class PhotosRead(BaseModel):
    """All photos of the piece that a task is for, oldest first."""

    commission: UUID
    photos: list[PhotoRead]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["photos"])

    @api.post(
        "/tasks/{task}/photos",
        status_code=201,
        responses=problems(
            ProblemType.IMAGE_REFUSED,
            ProblemType.TOO_MANY_REQUESTS,
            ProblemType.CONFLICT,
            ProblemType.IDEMPOTENCY_KEY_REUSED,
        ),
    )
    async def take(  # noqa: PLR0917 (the fields of a form)
        task: UUID,
        caller: Worker,
        key: IdempotencyKey,
        photo: UploadFile,
        public: Annotated[bool, Form(description="Let the certificate show it.")] = False,  # noqa: FBT002 (a form's field)
        mishap: Annotated[UUID | None, Form(description="Of this mishap: the customer never sees it.")] = None,
    ) -> PhotoCreated:
        """Add a photo of the piece: JPEG, PNG or WebP. It is re-encoded; the customer sees it from `shown_from` on."""
        picture = await read_picture(photo, "/photo", caller.person)
        context = ProductionContext(kernel.clock(), kernel.ids, kernel.settings)
        async with kernel.database.transaction() as tx:
            return PhotoCreated(
                photo=await photos.take_photo(
                    tx, caller, task, picture, key, public=public, mishap=mishap, context=context
                )
            )

    @api.post("/tasks/{task}/photos/{photo}/withdraw", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def withdraw(task: UUID, photo: UUID, caller: Worker) -> None:
        """Take a photo back before the customer can see it. Idempotent; a conflict once it is too late."""
        context = ProductionContext(kernel.clock(), kernel.ids, kernel.settings)
        async with kernel.database.transaction() as tx:
            await publishing.withdraw_photo(tx, caller, task, photo, context)

    @api.get("/tasks/{task}/photos")
    async def of_task(task: UUID, caller: Worker) -> PhotosRead:
        """The photos of the piece that this task is for."""
        async with kernel.database.transaction() as tx:
            taken = await photos.of_task(tx, caller, task)
        shown = [PhotoRead.model_validate(each, from_attributes=True) for each in taken.photos]
        return PhotosRead(commission=taken.piece.commission, photos=shown)

    @api.get("/commissions/{commission}/photos/{photo}", response_class=Response, responses=PICTURE)
    async def photo(commission: UUID, photo: UUID, caller: Viewer) -> Response:
        """A photo of a piece, for its customer, its maker and ops."""
        async with kernel.database.transaction() as tx:
            found = await photos.of_commission(tx, caller, commission, photo)
        return picture_response(found)

    return api
