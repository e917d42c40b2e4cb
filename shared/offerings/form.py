"""The form of an offering: what a customer is asked, field by field."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.offerings.section import MoreWords, Name, NotNegative, Pattern, Positive, Section, ShortWords, Words


class FieldBase(Section):
    """What every field has. `help` is shown beside the input; `picture` is a file beside the offering's own.

    `in_short` is how the answer is said where the piece is named in one line: "size {answer}".
    """

    name: Name
    label: Words
    help: MoreWords = ""
    in_short: Pattern = ""
    picture: str = ""
    required: bool = True

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names that this field's inputs have on the form and in the API."""
        return (self.name,)


class RingSizeField(FieldBase):
    """A ring's size and the system it is written in; the second input is `<name>_system`.

    `min_mm` and `max_mm` bound the inner circumference in millimetres.
    """

    kind: Literal["ring_size"]
    min_mm: Positive
    max_mm: Positive

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.name, self.system_input)

    @property
    def system_input(self) -> str:
        return f"{self.name}_system"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_mm >= self.max_mm:
            raise ValueError("min_mm must be below max_mm")
        return self


class Option(Section):
    """`short` is what it is called where the piece is named in one line: "14 ct"; its label, where it is empty."""

    id: Name
    label: Words
    short: ShortWords = ""
    help: MoreWords = ""


class ChoiceField(FieldBase):
    """One of a few options."""

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]

    def option(self, chosen: str) -> Option | None:
        return next((option for option in self.options if option.id == chosen), None)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _refuse_repeated("option", [option.id for option in self.options])
        return self


class NumberField(FieldBase):
    """A measure in `unit`, from `minimum` to `maximum` in steps of `step`."""

    kind: Literal["number"]
    unit: Name
    minimum: NotNegative
    maximum: Positive
    step: Positive = Decimal(1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum >= self.maximum:
            raise ValueError("minimum must be below maximum")
        return self


class LettersRule(Section):
    """Letters made by hand: Latin letters, digits, spaces and `marks`, as many as fit.

    `letter_mm` is what one letter with its space takes; `room` names the measure of the length there is.
    """

    letter_mm: Positive
    marks: str
    room: Name


class TextSize(StrEnum):
    LINE = "line"
    PARAGRAPHS = "paragraphs"


class TextField(FieldBase):
    """Words of the customer's own, of at most `max_length` characters (Unicode code points after NFC)."""

    kind: Literal["text"]
    size: TextSize = TextSize.LINE
    max_length: Annotated[int, Field(gt=0, le=10_000)]
    rule: LettersRule | None = None


class DateMeaning(StrEnum):
    """What a date is to the life of a commission."""

    NEEDED_BY = "needed_by"
    OCCASION = "occasion"


class DateField(FieldBase):
    """A day in the studio's zone, from `from_days` to `to_days` after today."""

    kind: Literal["date"]
    meaning: DateMeaning
    from_days: Annotated[int, Field(ge=0)] = 1
    to_days: Annotated[int, Field(gt=0, le=3660)]


class ImageField(FieldBase):
    """Pictures that come as files beside the answers; they are not answers themselves."""

    kind: Literal["image"]
    max_images: Annotated[int, Field(ge=1, le=10)] = 1


AnswerField = RingSizeField | ChoiceField | NumberField | TextField | DateField
FormField = Annotated[AnswerField | ImageField, Field(discriminator="kind")]


class OfferingForm(Section):
    """The whole form. `intro` is the sentence above it, `submit` the words on its button.

    `title_fields` are the fields whose answers stand where the piece is named in one line, in this order. What people
    write freely never does: it is nobody's but the customer's and the maker's.
    """

    title: Words
    intro: Words
    submit: Words
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    title_fields: tuple[Name, ...] = ()

    @property
    def questions(self) -> tuple[AnswerField, ...]:
        """The fields that are answered in words, in the form's order."""
        return tuple(field for field in self.fields if not isinstance(field, ImageField))

    @property
    def images(self) -> tuple[ImageField, ...]:
        return tuple(field for field in self.fields if isinstance(field, ImageField))

    @property
    def inputs(self) -> frozenset[str]:
        """Every name that an answer may come under."""
        return frozenset(name for field in self.questions for name in field.inputs)

    @property
    def needed_by(self) -> DateField | None:
        """The field that says by which day the piece is needed, if the offering asks."""
        dates = (field for field in self.fields if isinstance(field, DateField))
        return next((field for field in dates if field.meaning is DateMeaning.NEEDED_BY), None)

    @property
    def counted(self) -> tuple[str, ...]:
        """The fields that an estimate is asked with: choices and numbers, and nothing that somebody wrote."""
        return tuple(field.name for field in self.fields if isinstance(field, ChoiceField | NumberField))

    def field(self, name: str) -> "AnswerField | ImageField | None":
        return next((field for field in self.fields if field.name == name), None)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        _refuse_repeated("input", [name for field in self.fields for name in field.inputs])
        needed = [
            field for field in self.fields if isinstance(field, DateField) and field.meaning is DateMeaning.NEEDED_BY
        ]
        if len(needed) > 1:
            raise ValueError('only one date may have the meaning "needed_by"')
        return self


def _refuse_repeated(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"each {what} needs a name of its own; used twice: {', '.join(repeated)}")
