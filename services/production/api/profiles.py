"""A maker's own profile, as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from pydantic import BaseModel

from services.production.actions import profiles
from services.production.domain.profiles import LONGEST_NAME, LONGEST_WORDS, Profile, read_profile
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.kernel.text import Name, Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.bodies import Body, JsonBody
from shared.web.downloads import PICTURE
from shared.web.images import MEDIA_TYPE, read_picture
from shared.web.openapi import problems

Maker = Annotated[Caller, Allow(Role.MAKER, of="maker")]
Anybody = Annotated[Caller | None, Public()]


class ProfileUpdate(Body):
    """What a maker says of themself. `public` lets certificates say it."""

    public: bool
    name: Annotated[str, Name(longest=LONGEST_NAME, shortest=0)] = ""
    words: Annotated[str, Prose(longest=LONGEST_WORDS, shortest=0)] = ""


class ProfileRead(BaseModel):
    """The same as it is kept."""

    public: bool
    name: str
    words: str
    has_portrait: bool


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["profiles"])

    @api.get("/makers/{maker}/profile")
    async def show(maker: UUID, caller: Maker) -> ProfileRead:
        """Your own profile."""
        async with kernel.database.transaction() as tx:
            return _profile_read(await profiles.read_profile(tx, caller, maker))

    @api.put("/makers/{maker}/profile")
    async def save(maker: UUID, caller: Maker, written: JsonBody[ProfileUpdate]) -> ProfileRead:
        """Write your own profile, in place of what was there; the portrait stays."""
        profile = read_profile(maker, public=written.public, name=written.name, words=written.words)
        async with kernel.database.transaction() as tx:
            await profiles.save_profile(tx, caller, profile, now=kernel.clock())
            return _profile_read(await profiles.read_profile(tx, caller, maker))

    @api.put("/makers/{maker}/portrait", responses=problems(ProblemType.IMAGE_REFUSED, ProblemType.TOO_MANY_REQUESTS))
    async def save_portrait(maker: UUID, caller: Maker, portrait: UploadFile) -> ProfileRead:
        """Give your profile a portrait: JPEG, PNG or WebP."""
        picture = await read_picture(portrait, "/portrait", caller.person)
        async with kernel.database.transaction() as tx:
            await profiles.save_portrait(tx, caller, maker, picture.data)
            return _profile_read(await profiles.read_profile(tx, caller, maker))

    @api.delete("/makers/{maker}/portrait")
    async def drop_portrait(maker: UUID, caller: Maker) -> ProfileRead:
        """Take your portrait away."""
        async with kernel.database.transaction() as tx:
            await profiles.save_portrait(tx, caller, maker, None)
            return _profile_read(await profiles.read_profile(tx, caller, maker))

    @api.get("/makers/{maker}/portrait", response_class=Response, responses=PICTURE)
    async def portrait(maker: UUID, _: Anybody) -> Response:
        """The portrait of a maker whose profile is public."""
        async with kernel.database.transaction() as tx:
            return Response(await profiles.portrait(tx, maker), media_type=MEDIA_TYPE)

    return api


def _profile_read(profile: Profile) -> ProfileRead:
    return ProfileRead(public=profile.public, name=profile.name, words=profile.words, has_portrait=profile.has_portrait)
