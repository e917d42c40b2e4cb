"""The forms of the pages where they differ from the inputs of the API: an input for each tick, day and check."""

from collections.abc import Mapping
from typing import Any

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.production.actions.gates import SIGN
from services.production.api.board import TaskFinish, TaskStart
from services.production.api.makers import MakerUpdate
from services.production.api.mishaps import MishapCreate
from services.production.api.profiles import ProfileUpdate
from services.production.domain.makers import DAYS
from services.production.domain.quality import PREFIX

SKILL = "skill_"
"""Of the inputs that say what a maker can do."""


def _of(sent: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """What was filled in of the inputs with this prefix, by the rest of their names."""
    return {name.removeprefix(prefix): value for name, value in sent.items() if name.startswith(prefix) and value}


class StartForm(TaskStart):
    """A tick for each sign-off of the maker's own."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _ticked(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"sign_offs": tuple(_of(sent, SIGN))}


class FinishForm(TaskFinish):
    """An input for each check; what is wrong with one, its checklist says."""

    model_config = ConfigDict(extra="ignore")

    checks: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _checked(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**sent, "checks": _of(sent, PREFIX)}


class MakerForm(MakerUpdate):
    """A tick for each skill, and an input for each day; what is wrong with one, the rules of makers say."""

    model_config = ConfigDict(extra="ignore")

    skills: tuple[str, ...] = ()
    week: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _skilled(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**sent, "skills": tuple(_of(sent, SKILL)), "week": tuple(sent.get(day, "") for day in DAYS)}


class ProfileForm(ProfileUpdate):
    """With the portrait, which the API takes by a route of its own."""

    public: bool = False
    portrait: UploadFile | None = None
    portrait_dropped: bool = False


class MishapForm(MishapCreate):
    """With a photo, which the API takes by a route of its own."""

    photo: UploadFile | None = None


class PhotoForm(BaseModel):
    """A photo from the bench; `public` lets the certificate show it."""

    photo: UploadFile
    public: bool = False
