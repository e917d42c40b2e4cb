"""How a piece is made: stages, what cannot be undone, what is checked, what will differ, and what it is made of."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.offerings.section import Name, NotNegative, Percent, Positive, Section, Source, Words


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
    partner: str = ""
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


class Making(Section):
    """The stages in order.

    `lead_working_days` pass between the customer's acceptance and the first stage, while materials come. A promise is
    held for `hold_days` while the customer thinks.
    """

    lead_working_days: Annotated[int, Field(ge=0, le=365)]
    lead_why: Words
    hold_days: Annotated[int, Field(ge=1, le=365)]
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


class SignOff(Section):
    """Something a person says yes to before a gate."""

    id: Name
    title: Words
    by: Literal["customer", "maker", "ops"]


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
    """How far a measure may be off, in `unit`; `of` names in words what it is measured against.

    One of three says what that is in numbers, so that a measured value can be judged (`shared/offerings/quality.py`):
    `nominal`, a figure; `nominal_field`, a measure that the form asks for; `nominal_rule`, a rule that works it out
    from the brief. Percent are of that figure, and the measure is in the figure's own unit.
    """

    of: Words
    plus: NotNegative
    minus: NotNegative
    unit: Literal["mm", "g", "percent", "degrees"]
    nominal: NotNegative | None = None
    nominal_field: Name | None = None
    nominal_rule: Literal["band_weight"] | None = None

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        given = [each for each in (self.nominal, self.nominal_field, self.nominal_rule) if each is not None]
        if len(given) > 1:
            raise ValueError("only one of nominal, nominal_field and nominal_rule can be given")
        if self.unit == "percent" and self.nominal is not None:
            raise ValueError("percent are of a field or a rule; give a figure of its own in its unit")
        return self


class Check(Section):
    """One line of the quality checklist; without a tolerance it is a matter of yes or no."""

    id: Name
    title: Words
    method: Words
    tolerance: Tolerance | None = None


class Quality(Section):
    checks: Annotated[tuple[Check, ...], Field(min_length=1)]


class Variation(Section):
    """What will differ from piece to piece, and within what: agreed when the quote is accepted."""

    id: Name
    what: Words
    within: Words
    why: Words


class Material(Section):
    """One entry of the bill of materials. `options` are the form's options it is used for; none means for all.

    `recycled_percent` and `carbon_kg_per_kg` (kg CO2e per kg of the pure material) are left out where unknown.
    """

    id: Name
    title: Words
    options: tuple[Name, ...] = ()
    composition: Words
    origin: Words
    recycled_percent: Percent | None = None
    carbon_kg_per_kg: Positive | None = None
    source: Source | None = None
