"""What comes after the making: care, a long life, and what the law wants to be said."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.offerings.section import Conditional, Name, Positive, Section, Source, Words


class Advice(Conditional):
    """One sentence of the care card."""

    id: Name
    says: Words


class Reminder(Section):
    """Something worth doing again every so many months after the piece arrived."""

    id: Name
    every_months: Annotated[int, Field(ge=1, le=240)]
    what: Words


class Care(Section):
    """The card in the box, and what the studio reminds of."""

    card: Annotated[tuple[Advice, ...], Field(min_length=1)]
    reminders: tuple[Reminder, ...] = ()


class Repair(Section):
    """Something that can be made good; `limits` says what it cannot do."""

    id: Name
    what: Words
    limits: Words


class Life(Section):
    """How long the piece should serve, in years of `use`, and how it can be kept going."""

    expected_years: Annotated[int, Field(ge=1, le=500)]
    use: Words
    repairs: tuple[Repair, ...]
    end: Words
    """What becomes of it in the end."""


class Mark(Section):
    id: Name
    title: Words


class Hallmark(Section):
    """What is struck, and below which weight in grams a piece is exempt where marking is compulsory."""

    marks: Annotated[tuple[Mark, ...], Field(min_length=1)]
    finenesses: dict[Name, Annotated[int, Field(gt=0, le=1000)]]
    """Parts per thousand, by the form's option."""
    exempt_below_g: dict[Name, Positive]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Restriction(Section):
    """A substance the law bounds. `limit` is in the unit that `unit_name` names."""

    id: Name
    substance: Words
    limit: Decimal
    unit_name: Words
    source: Source


class Statement(Section):
    """One thing that must be said; `at` is where: on the piece or its tag, or on the quote."""

    id: Name
    at: Annotated[str, Field(pattern="^(piece|quote)$")]
    says: Words


class ProductLabel(Section):
    """What must be on the piece, its tag or its papers."""

    says: Annotated[tuple[Statement, ...], Field(min_length=1)]
    hallmark: Hallmark | None = None
    restrictions: tuple[Restriction, ...] = ()
    sources: tuple[Source, ...] = ()


class Withdrawal(Section):
    """Which pieces carry the right of withdrawal: those for which none of these fields is answered.

    A piece that is made to its customer's own specification carries none (Directive 2011/83/EU, Article 16 (c)); one
    that was put together from preset options alone may. An offering without this section carries it for no piece.
    """

    personal: Annotated[tuple[Name, ...], Field(min_length=1)]

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Whether a piece with these answers carries it."""
        return not any(answers.get(field, "").strip() for field in self.personal)
