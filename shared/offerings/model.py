"""An offering: all that the platform knows about making one kind of piece (`shared/offerings/<craft>/<name>.toml`)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.offerings.afterwards import Care, Label, Life
from shared.offerings.form import Form
from shared.offerings.key import OfferingKey
from shared.offerings.making import Gate, Making, Material, Quality, Variation
from shared.offerings.pricing import Pricing
from shared.offerings.references import BrokenReferencesError, follow
from shared.offerings.section import Name, Section, Slug, Words


class Offering(Section):
    """One version of one offering. Commissions keep the version they started with.

    Sections refer to each other by id (a price line to a field, a gate to a stage); every such reference is followed,
    so that a file that loads can be quoted, planned and made.
    """

    craft: Name
    name: Slug
    version: Annotated[int, Field(ge=1)]
    title: Words
    summary: Words

    form: Form
    pricing: Pricing
    making: Making
    gates: tuple[Gate, ...] = ()
    quality: Quality
    variation: Annotated[tuple[Variation, ...], Field(min_length=1)]
    materials: Annotated[tuple[Material, ...], Field(min_length=1)]
    care: Care
    life: Life
    label: Label

    @property
    def key(self) -> OfferingKey:
        return OfferingKey(self.craft, self.name, self.version)

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        if findings := follow(self):
            raise BrokenReferencesError(findings)
        return self
