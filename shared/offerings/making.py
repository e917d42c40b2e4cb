"""How a piece is made: stages, what cannot be undone, what is checked, what will differ, and what it is made of."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.offerings.section import (
    Conditional,
    MoreWords,
    Name,
    NotNegative,
    Percent,
    Positive,
    Section,
    Source,
    Words,
)


class Counting(StrEnum):
    """What a wait counts: every day (drying goes on at night), or working days (an office is shut on Sunday)."""

    EVERY_DAY = "every_day"
    WORKING_DAYS = "working_days"


class Wait(Section):
    """After a stage that ends on a day, the next one can begin so many days later."""

    days: Annotated[int, Field(ge=1, le=365)]
    counts: Counting
    why: Words


class Stage(Section):
    """One step at the bench. `hands_on_hours` is the maker's own time, in steps of a minute."""

    id: Name
    title: Words
    hands_on_hours: NotNegative
    skills: tuple[Name, ...] = ()
    measures: tuple[Name, ...] = ()
    """What the maker goes by at this step."""
    partner: MoreWords = ""
    """Who does it outside the studio, if not the maker alone."""
    equipment: Name | None = None
    """What it keeps busy besides the maker, such as a kiln."""
    after: tuple[Name, ...] | None = None
    """The stages that must be done first; without it, the one that is listed before this one."""
    wait: Wait | None = None

    @property
    def hands_on_minutes(self) -> int:
        """Whole minutes, rounded up: a promise must not be short."""
        return -int(-(self.hands_on_hours * 60) // 1)


class Skill(Section):
    """What a maker can do."""

    id: Name
    title: Words


class Making(Section):
    """The stages in order.

    `lead_working_days` pass between the customer's acceptance and the first stage, while materials come. A promise is
    held for `hold_days` while the customer thinks.
    """

    lead_working_days: Annotated[int, Field(ge=0, le=365)]
    lead_why: Words
    hold_days: Annotated[int, Field(ge=1, le=365)]
    skills: tuple[Skill, ...] = ()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @property
    def hands_on_hours(self) -> Decimal:
        return sum((stage.hands_on_hours for stage in self.stages), Decimal(0))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Stages are listed so that each comes after those it needs: doing them as listed is always possible."""
        for place, stage in enumerate(self.stages):
            known = {each.id for each in self.stages[:place]}
            if unknown := set(stage.after or ()) - known:
                raise ValueError(f"{stage.id} comes after {min(unknown)}, which is not listed before it")
        return self

    def predecessors(self, stage: str) -> tuple[str, ...]:
        """The stages that must be done before this one can begin; without `after`, the one that is listed before it."""
        ids = [each.id for each in self.stages]
        place = ids.index(stage)
        after = self.stages[place].after
        return tuple(ids[max(place - 1, 0) : place]) if after is None else after

    def stage(self, stage: str) -> Stage | None:
        return next((each for each in self.stages if each.id == stage), None)


class AnswerSheet(Section):
    """The answer to one field, as it is."""

    kind: Literal["answer"]
    field: Name


class LettersSheet(Section):
    """A text field, letter by letter; its spelling may be corrected before it is signed."""

    kind: Literal["letters"]
    field: Name


class DrawingSheet(Section):
    """A drawing to scale by the renderer of this name (`services/intake/pages`), of a text field and some measures.

    `measures` gives the renderer's parameters: for each, the measure that it is.
    """

    kind: Literal["drawing"]
    drawing: Name
    field: Name
    measures: dict[Name, Name]


class SignOff(Section):
    """Something a person says yes to before a gate; `shows` is what they see of it."""

    id: Name
    title: Words
    by: Literal["customer", "maker", "ops"]
    shows: Annotated[AnswerSheet | LettersSheet | DrawingSheet, Field(discriminator="kind")] | None = None


class Gate(Section):
    """A step that cannot be undone: `before` is the stage it guards.

    `cancel_percent` of the quoted price is owed by a customer who cancels after it, and `cancel_why` says for what.
    """

    id: Name
    title: Words
    before: Name
    why: Words
    sign_offs: Annotated[tuple[SignOff, ...], Field(min_length=1)]
    cancel_percent: Percent
    cancel_why: Words


class Tolerance(Section):
    """How far a figure may be off: against a `measure`, or against `nominal` in `unit`.

    `plus` and `minus` are in the figure's own unit, or percent of it.
    """

    measure: Name | None = None
    nominal: NotNegative | None = None
    unit: Literal["mm", "g", "ml", "percent", "degree"] | None = None
    plus: NotNegative
    minus: NotNegative

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        if (self.measure is None) == (self.nominal is None):
            raise ValueError("needs exactly one of measure and nominal")
        if self.nominal is not None and self.unit in {None, "percent"}:
            raise ValueError("has a nominal figure without its unit")
        if self.measure is not None and self.unit not in {None, "percent"}:
            raise ValueError("has a measure, which has its own unit; only percent can be said here")
        return self


class QualityCheck(Conditional):
    """One line of the quality checklist; without a tolerance it is a matter of yes or no."""

    id: Name
    title: Words
    method: Words
    tolerance: Tolerance | None = None


class Quality(Section):
    checks: Annotated[tuple[QualityCheck, ...], Field(min_length=1)]


class Variation(Conditional):
    """What will differ from piece to piece, and within what: agreed when the quote is accepted."""

    id: Name
    what: Words
    within: Words
    why: Words


class Material(Conditional):
    """One entry of the bill of materials; `measure` is how much of it is in the piece.

    `recycled_percent` and `carbon_kg_per_kg` (kg CO2e per kg of the pure material) are left out where unknown.
    """

    id: Name
    title: Words
    measure: Name | None = None
    composition: Words
    origin: Words
    recycled_percent: Percent | None = None
    carbon_kg_per_kg: Positive | None = None
    source: Source | None = None
