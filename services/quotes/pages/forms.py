"""The forms of the pages, as pydantic models; what is wrong is said of all fields at once."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from services.quotes.domain.amounts import AmountRefusedError, parse_amount
from services.quotes.domain.reasons import QuoteReason
from shared.contracts.quotes import DeclineReason
from shared.kernel.calendar import end_of_day
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import invalid
from shared.kernel.text import Line, Prose
from shared.web.forms import Form
from shared.web.validation import field_problems

M = TypeVar("M", bound=BaseModel)


def read_as(model: type[M], form: Form, **context: object) -> M:
    """The form as this model. Raises `validation-failed` with everything that is wrong with it."""
    try:
        return model.model_validate(dict(form.values), context=context)
    except ValidationError as error:
        raise invalid(*field_problems(error.errors())) from error


def _refused(reason: QuoteReason) -> PydanticCustomError:
    return PydanticCustomError("text_refused", "{phrase}", {"phrase": Phrase(reason)})


def _ticked(reason: QuoteReason) -> BeforeValidator:
    def check(typed: object) -> object:
        if typed != "yes":
            raise _refused(reason)
        return typed

    return BeforeValidator(check)


def _chosen(typed: object) -> object:
    if typed not in set(DeclineReason):
        raise _refused(QuoteReason.NO_DECLINE_REASON)
    return typed


def _day(typed: object) -> date | None:
    """A day as the browser sends it; None where nothing was chosen."""
    try:
        return date.fromisoformat(str(typed)) if typed else None
    except ValueError as error:
        raise _refused(QuoteReason.NO_DAY) from error


def _given_day(typed: object) -> date:
    if not (day := _day(typed)):
        raise _refused(QuoteReason.NO_DAY)
    return day


def _end_of(day: date | None, info: ValidationInfo) -> datetime | None:
    zone: ZoneInfo = (info.context or {})["zone"]
    return end_of_day(day, zone) if day else None


def _amount(typed: object, info: ValidationInfo) -> Money:
    context: dict[str, Any] = info.context or {}
    try:
        return parse_amount(str(typed), context["currency"], least=context["least"])
    except AmountRefusedError as error:
        raise PydanticCustomError("text_refused", "{phrase}", {"phrase": error.reason}) from error


Version = Annotated[int, BeforeValidator(lambda typed: typed if str(typed).isascii() else ""), Field(ge=1, le=100_000)]
Amount = Annotated[Money, BeforeValidator(_amount)]
Day = Annotated[date, BeforeValidator(_given_day)]


class VersionForm(BaseModel):
    """The version that the page showed when the form was sent."""

    version: Version


class AcceptForm(VersionForm):
    """`language` is the one that the page was read in: another tab may have chosen another since."""

    language: str = ""
    terms: Annotated[Literal["yes"], _ticked(QuoteReason.TERMS_NOT_AGREED)] = Field("", validate_default=True)
    variation: Annotated[Literal["yes"], _ticked(QuoteReason.VARIATION_NOT_AGREED)] = Field("", validate_default=True)
    address: Annotated[str, Prose(400, 0)] = ""


class DeclineForm(VersionForm):
    reason: Annotated[DeclineReason, BeforeValidator(_chosen)] = Field("", validate_default=True)
    words: Annotated[str, Prose(2000, 0)] = ""


class QuestionForm(BaseModel):
    words: Annotated[str, Prose(2000)] = Field("", validate_default=True)


class AnswerForm(QuestionForm):
    words: Annotated[str, Prose(4000)] = Field("", validate_default=True)


class LineForm(VersionForm):
    line: Annotated[str, Line(60)]


class AdjustmentForm(LineForm):
    amount: Amount = Field("", validate_default=True)
    reason: Annotated[str, Prose(1000)] = Field("", validate_default=True)


class SendForm(VersionForm):
    last_day: Annotated[datetime | None, BeforeValidator(_end_of), BeforeValidator(_day)] = None


class PaymentForm(BaseModel):
    amount: Amount = Field("", validate_default=True)
    received_on: Day = Field("", validate_default=True)
    bank_reference: Annotated[str, Line(140, 0)] = ""


class RefundForm(BaseModel):
    paid_on: Day = Field("", validate_default=True)
