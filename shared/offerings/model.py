"""An offering: all that the platform knows about making one kind of piece (`shared/offerings/<craft>/<name>.toml`)."""

import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Final, Self

from pydantic import Field, PrivateAttr, model_validator

from shared.offerings.afterwards import Care, Life, ProductLabel, Withdrawal
from shared.offerings.form import OfferingForm
from shared.offerings.key import OfferingKey
from shared.offerings.making import Gate, Making, Material, Quality, Variation
from shared.offerings.measures import Answers, ByName, Measures, Quantity
from shared.offerings.pricing import Pricing
from shared.offerings.references import BrokenReferencesError, follow
from shared.offerings.section import Name, Section, ShortWords, Slug, Words
from shared.offerings.words import SOURCE, with_words

WORDS: Final = "words"
"""The document's key for the words of every language; no file has it."""


class Offering(Section):
    """One version of one offering, in the words of one language. Commissions keep the version they started with.

    Sections refer to each other by id (a price line to a field, a gate to a stage); every such reference is followed,
    so that a file that loads can be quoted, planned and made.
    """

    craft: Name
    name: Slug
    version: Annotated[int, Field(ge=1)]
    title: Words
    short: ShortWords = ""
    """What it is called where a piece is named in one line: "ring"; the title, where it is empty."""
    summary: Words
    drawing: Name
    """The renderer of its picture (`services/intake/pages`)."""
    drawing_alt: Words

    measures: ByName = Field(default={})
    form: OfferingForm
    pricing: Pricing
    making: Making
    gates: tuple[Gate, ...] = ()
    quality: Quality
    variation: Annotated[tuple[Variation, ...], Field(min_length=1)]
    materials: Annotated[tuple[Material, ...], Field(min_length=1)]
    care: Care
    life: Life
    label: ProductLabel
    withdrawal: Withdrawal | None = None

    _canonical: str = PrivateAttr(default="")
    """The document that it was read from, with the words of every language."""

    @property
    def key(self) -> OfferingKey:
        return OfferingKey(self.craft, self.name, self.version)

    def keep(self, canonical: str) -> None:
        """Remember the document that this was read from, so that it can be given in another language."""
        self._canonical = canonical

    def in_language(self, language: str) -> "Offering":
        """The same in the words of this language; in English where it has no others."""
        return read(self._canonical, language)

    def measure(self, name: str, answers: Answers) -> Quantity:
        """A measure for a brief with these answers. Raises UnansweredError and RuleError."""
        return Measures(self.measures).of(name, answers)

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        if findings := follow(self):
            raise BrokenReferencesError(findings)
        return self


def canonical_text(document: Mapping[str, Any]) -> str:
    """A document as canonical JSON: keys sorted, no blanks, UTF-8, decimals and dates as text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, Decimal | date | time):
        return str(value)
    raise TypeError(f"an offering's file has no use for {type(value).__name__}")


@lru_cache(maxsize=128)
def read(canonical: str, language: str = SOURCE) -> Offering:
    """An offering from its canonical JSON, as a service stored it, in this language, or in English if it has no other.

    Cached: it is frozen and costs milliseconds.
    """
    numbers = json.loads(canonical)
    words = numbers.pop(WORDS, {})
    spoken = language if language in words else SOURCE
    offering = Offering.model_validate_json(json.dumps(with_words(numbers, words.get(spoken, {}), spoken)))
    offering.keep(canonical_text({**numbers, WORDS: words}))
    return offering
