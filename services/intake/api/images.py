"""Pictures: sent before the commission or the message that they belong to."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from pydantic import BaseModel, Field

from services.intake.actions import pictures
from services.intake.domain.pictures import WAITING_LIFE
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.downloads import PICTURE, picture_response
from shared.web.images import read_picture
from shared.web.openapi import problems


class ImageRead(BaseModel):
    """A picture that waits for its commission or its message."""

    image: UUID
    width: int = Field(description="In pixels.")
    height: int = Field(description="In pixels.")
    waits_until: datetime


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["images"])

    @api.post("/images", status_code=201, responses=problems(ProblemType.IMAGE_REFUSED, ProblemType.TOO_MANY_REQUESTS))
    async def send(caller: Annotated[Caller, Allow(*Role)], image: UploadFile) -> ImageRead:
        """Send a JPEG, PNG or WebP; it is encoded again and waits a day for what names it."""
        made = await read_picture(image, "/image", caller.person)
        picture = pictures.as_stored(made, owner=caller.person, new_id=kernel.ids)
        now = kernel.clock()
        async with kernel.database.statement() as tx:
            await pictures.keep(tx, picture, now)
        return ImageRead(
            image=picture.image, width=picture.width, height=picture.height, waits_until=now + WAITING_LIFE
        )

    @api.get("/images/{image}", response_class=Response, responses=PICTURE)
    async def waiting(image: UUID, caller: Annotated[Caller, Allow(*Role, of="image")]) -> Response:
        """A picture that you sent."""
        async with kernel.database.statement() as tx:
            return picture_response(await pictures.waiting(tx, caller, image))

    return api
