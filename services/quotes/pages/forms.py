"""The forms of the pages where they differ from the inputs of the API: ticks, days, amounts as people type them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.quotes.api.change_orders import StageName, SunkReason, SunkTitle
from services.quotes.api.customer import QuoteAccept
from services.quotes.api.desk import LineTitle, OptionalReason, Reason
from services.quotes.api.payments import RefundPay
from services.quotes.api.studio import AdjustmentDelete, QuoteRevise
from services.quotes.api.unmatched import UnmatchedSentBack
from services.quotes.domain.amounts import AmountRefusedError, parse_amount
from services.quotes.domain.reasons import QuoteReason
from shared.contracts.payments import PaymentMethod
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.calendar import end_of_day
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, invalid
from shared.kernel.text import Line, Prose

_PERCENTAGE = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,2})?")


def _day(typed: object) -> date | None:
    """A day as the browser sends it; None where nothing was chosen."""
    try:
        return date.fromisoformat(str(typed)) if typed else None
    except ValueError as error:
        raise PydanticCustomError("text_refused", "{phrase}", {"phrase": Phrase(QuoteReason.NO_DAY)}) from error


def _end_of(day: date | None, info: ValidationInfo) -> datetime | None:
    zone: ZoneInfo = (info.context or {})["zone"]
    return end_of_day(day, zone) if day else None


def _amount(typed: object, info: ValidationInfo) -> Money:
    context: dict[str, Any] = info.context or {}
    try:
        return parse_amount(str(typed), context["currency"], least=context["least"])
    except AmountRefusedError as error:
        raise PydanticCustomError("text_refused", "{phrase}", {"phrase": error.reason}) from error


def _optional_amount(typed: object, info: ValidationInfo) -> Money | None:
    return _amount(typed, info) if str(typed).strip() else None


def _percent(typed: object) -> Decimal | None:
    """A percentage above 0 and below 100, with a comma or a point; None where nothing was typed."""
    text = str(typed).strip().removesuffix("%").strip()
    if not text:
        return None
    value = Decimal(text.replace(",", ".")) if _PERCENTAGE.fullmatch(text) else Decimal(0)
    if not value:
        raise PydanticCustomError("text_refused", "{phrase}", {"phrase": Phrase(QuoteReason.NO_PERCENTAGE)})
    return value


def _whole(least: int, most: int) -> Callable[[object], int | None]:
    def read(typed: object) -> int | None:
        text = str(typed).strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            said = Phrase(QuoteReason.NO_WHOLE_NUMBER, least=least, most=most)
            raise PydanticCustomError("text_refused", "{phrase}", {"phrase": said})
        return int(text)

    return read


Day = Annotated[date, BeforeValidator(_day)]
"""A day as the browser sends it: pydantic alone would take a number for seconds since 1970."""
Amount = Annotated[Money, BeforeValidator(_amount)]
"""An amount as people type it. Its context has the `currency`, and the `least` amount in minor units."""


OptionalAmount = Annotated[Money | None, BeforeValidator(_optional_amount)]
OptionalPercent = Annotated[Decimal | None, BeforeValidator(_percent)]


class AcceptForm(QuoteAccept):
    """`language` is the one that the page was read in: another tab may have chosen another since."""

    language: str = ""

    @field_validator("terms", "variation", mode="before")
    @classmethod
    def _ticked(cls, sent: object) -> bool:
        return sent == "yes"


class AdjustmentForm(AdjustmentDelete):
    """A line's new amount as it was typed, in the currency of the quote."""

    amount: Amount
    reason: Annotated[str, Prose(1000)]


class LineForm(QuoteRevise):
    """A line of the studio's own, its amount as it was typed, in the currency of the quote."""

    title: LineTitle
    amount: Amount
    reason: OptionalReason = ""


class DiscountForm(QuoteRevise):
    """An amount or a percentage, as it was typed."""

    amount: OptionalAmount = None
    percent: OptionalPercent = None
    reason: Reason

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.amount is None) == (self.percent is None):
            raise invalid(FieldProblem("amount", QuoteReason.ONE_OF_BOTH))
        return self


class ConditionsForm(QuoteRevise):
    """What holds for this quote alone; empty is what the settings say."""

    deposit_percent: Annotated[int | None, BeforeValidator(_whole(1, 100))] = None
    deposit_days: Annotated[int | None, BeforeValidator(_whole(1, 365))] = None
    valid_days: Annotated[int | None, BeforeValidator(_whole(1, 365))] = None


class ChangeOrderForm(BaseModel):
    """What is offered for a proposal, as it was typed, in the currency of the quote."""

    proposal: UUID
    from_stage: StageName
    sunk: OptionalAmount = None
    sunk_title: SunkTitle = ""
    sunk_reason: SunkReason = ""
    last_day: Annotated[datetime | None, BeforeValidator(_end_of), BeforeValidator(_day)] = None


class SendForm(QuoteRevise):
    """The last day on which the quote can be accepted, in the studio's zone: the `zone` of its context."""

    last_day: Annotated[datetime | None, BeforeValidator(_end_of), BeforeValidator(_day)] = None


class PaymentForm(BaseModel):
    """What the bank statement says, in the currency of the quote."""

    amount: Amount
    received_on: Day
    bank_reference: Annotated[str, Line(140, 0)] = ""
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    confirmed: Annotated[str, Line(20, 0)] = ""
    """The amount, in minor units, that somebody was told is not what is due, and said is right."""


class UnmatchedForm(PaymentForm):
    """The same, with what the transfer said."""

    reference: Annotated[str, Line(140)]


class AssignForm(BaseModel):
    """The reference of the commission that a payment is for."""


class SentBackForm(UnmatchedSentBack):
    """The day is typed, as on the form for a payment."""

    sent_on: Day


class RefundForm(RefundPay):
    """The day is typed, as on the form for a payment."""

    paid_on: Day


class ClaimAnswerForm(BaseModel):
    """What the studio answers; the amount of a reduction as it was typed."""

    remedy: ClaimRemedy
    words: Annotated[str, Prose(4000)]
    amount: Annotated[str, Line(60, 0)] = ""
