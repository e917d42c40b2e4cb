"""What every part of an offering's file has in common."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""An id inside the file: small letters, digits and underscores, so that it can be a form field and a column."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A name that is used in addresses and file names: small letters and digits, in words joined by hyphens."""

PROSE: Final = "prose"
"""Marks the fields that a person reads: they are in the files of words, one a language."""

Words = Annotated[str, Field(min_length=1, max_length=1000), PROSE]
"""One or a few plain sentences that a person reads."""

MoreWords = Annotated[str, Field(max_length=1000), PROSE]
"""The same, where there may be none."""

ShortWords = Annotated[str, Field(max_length=60), PROSE]
"""A word or two, for a line that names a piece; the longer words stand there where there are none."""

GIVEN: Final = "given"
"""Marks words whose placeholders the section gives, beside the measures that are the same for every piece."""

Detail = Annotated[str, Field(min_length=1, max_length=1000), PROSE, GIVEN]
"""A sentence about what was worked out; which placeholders it may have, the section says."""

Pattern = Annotated[str, Field(max_length=60), PROSE, GIVEN]
"""How an answer is said in a line that names a piece: "size {answer}"; the answer alone where it is empty."""

Citation = Annotated[str, Field(min_length=1, max_length=1000)]
"""A law, a book or a page, named in its own language."""

Positive = Annotated[Decimal, Field(gt=0)]
NotNegative = Annotated[Decimal, Field(ge=0)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Minor = Annotated[int, Field(ge=0)]
"""An amount in minor units (cents) of the pricing section's currency, without VAT."""


class Section(BaseModel):
    """A part of an offering: frozen, strict about types, and closed, so that a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Conditional(Section):
    """Something that holds for some answers only: `when` names, for each choice, the options that it holds for."""

    when: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Whether it holds for a brief with these answers; an answer that is not known decides nothing."""
        return all(field not in answers or answers[field] in options for field, options in self.when.items())


class Source(Section):
    """Where a figure or a rule comes from, so that anybody can check it."""

    title: Citation
    where: Citation
    """A paragraph, a page or an address."""
