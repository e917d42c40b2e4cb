"""What every part of an offering's file has in common."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""An id inside the file: small letters, digits and underscores, so that it can be a form field and a column."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A name that stands in addresses and file names: small letters and digits, in words joined by hyphens."""

Words = Annotated[str, Field(min_length=1, max_length=1000)]
"""One or a few plain sentences that a person reads."""

Positive = Annotated[Decimal, Field(gt=0)]
NotNegative = Annotated[Decimal, Field(ge=0)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Minor = Annotated[int, Field(ge=0)]
"""An amount in minor units (cents) of the pricing section's currency, without VAT."""


class Section(BaseModel):
    """A part of an offering: frozen, strict about types, and closed, so that a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Source(Section):
    """Where a figure or a rule comes from, so that anybody can check it."""

    title: Words
    where: Words
    """A paragraph, a page or an address."""
