"""The forms of the pages where they differ from the inputs of the API: an input for each tick and text, and more."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.intake.api.approvals import CorrectionCreate, SignatureCreate
from services.intake.api.cancellations import CancellationCreate
from services.intake.api.colleagues import InvitationSecret
from services.intake.api.confirmations import ConfirmationCode
from services.intake.api.entering import EntryCreate
from services.intake.api.people import SECRET_LIMIT
from services.intake.api.second_step import AuthenticatorCreate, StepCode
from services.intake.api.sign_in import SignInByLink
from services.intake.domain.entering import RequestEntry
from services.intake.domain.people import SecondStepIs
from services.intake.domain.signing import TICK
from shared.contracts.commissions import EntryWay

TEXT = "text_"
"""How the names of the inputs begin that hold a corrected text."""


def _corrected(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name.removeprefix(TEXT): value for name, value in sent.items() if name.startswith(TEXT)}


class CorrectionForm(CorrectionCreate):
    """An input for each text; what is wrong with one, the rules of its field say."""

    model_config = ConfigDict(extra="ignore")

    corrected: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"corrected": _corrected(sent)}


class SignatureForm(SignatureCreate):
    """A tick for each thing that is signed, and the correction that was looked at."""

    model_config = ConfigDict(extra="ignore")

    corrected: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _ticked(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        ticks = [name.removeprefix(TICK) for name, value in sent.items() if name.startswith(TICK) and value == "yes"]
        return {**sent, "signed": ticks, "corrected": _corrected(sent)}


class CancellationForm(CancellationCreate):
    """With the tick by which the customer agrees to the terms."""

    agreed: Literal["yes"]


class InvitationForm(InvitationSecret):
    """A secret that cannot be one is answered as one that is used."""

    secret: str = ""


class NewLinkForm(BaseModel):
    """Whether the second step is lost as well; whom it is for is in the path."""

    second_step: SecondStepIs = SecondStepIs.KEPT


class LinkForm(SignInByLink):
    """A link that cannot be one is answered as one that is used."""

    link: str = ""


class AskedForm(BaseModel):
    """Which ask a form answers, or comes after; what cannot be one is none that there was."""

    ask: str = ""

    @property
    def asked(self) -> UUID:
        try:
            return UUID(self.ask)
        except ValueError:
            return UUID(int=0)


class CodeForm(AskedForm):
    """The code in the mail; without its ask it is answered as a wrong one."""

    code: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)]
    next: str = ""


class ConfirmationForm(ConfirmationCode):
    """The code as it was typed."""

    model_config = ConfigDict(extra="ignore")


class PasskeyForm(BaseModel):
    """What the browser answered, as JSON; what is none is answered as a passkey that does not fit."""

    credential: Annotated[str, Field(max_length=12_000)] = ""
    next: str = ""

    @property
    def answer(self) -> Mapping[str, Any]:
        try:
            found = json.loads(self.credential)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class StepForm(StepCode):
    """The code of a second step as it was typed, and where its sign-in leads to."""

    model_config = ConfigDict(extra="ignore")

    next: str = ""


class AuthenticatorForm(AuthenticatorCreate):
    """The first code of an app; an offer that cannot be one is answered as one that is over."""

    model_config = ConfigDict(extra="ignore")

    sealed: str = ""


class SignOutForm(BaseModel):
    """Whether a customer was asked, and is `sure`."""

    sure: bool = False


class LeavingForm(BaseModel):
    """Whether somebody who is to be erased is `sure`."""

    sure: bool = False


class ContractWithdrawalForm(BaseModel):
    """The step by which a withdrawal from the contract is confirmed."""

    confirmed: Literal["yes"]


class LanguageForm(BaseModel):
    """The language that was chosen, and the page where it was."""

    language: str = ""
    back: str = "/"


class ReadForm(BaseModel):
    """The page that one comes back to."""

    back: str = ""


class CommissionForm(BaseModel):
    """Which offering was filled in; its own inputs, by its own names, are read by its rules (`submitted_form`)."""

    craft: str = ""
    offering: str = ""


class ChangeForm(BaseModel):
    """Which version is changed, and how that came, where the studio enters it; the rest is the offering's form."""

    brief_version: Annotated[int, Field(ge=1, le=10_000)]
    way: EntryWay | None = None


class EntryForm(CommissionForm, EntryCreate):
    """The same, with whom the studio enters it for.

    `for_known` is the customer to whom the address belongs that was typed for somebody new: the studio pressed that it
    is for them.
    """

    for_known: UUID | None = None

    def entry(self, languages: Sequence[str], usual: str) -> RequestEntry:
        if self.for_known:
            return RequestEntry(self.way, self.for_known, self.for_email or "")
        return super().entry(languages, usual)
