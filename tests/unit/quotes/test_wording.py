"""What a quote says, in the language of its reader."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.quotes.domain.price import price
from services.quotes.domain.terms import TermFigures, terms
from services.quotes.domain.vat import Vat
from services.quotes.labels import LABELS, LOCALES
from services.quotes.labels.wording import QuoteWording, contract_words, percentage
from shared import offerings
from shared.contracts.briefs import BriefAnswer
from shared.i18n import Reader, Readers
from shared.kernel.money import Money
from shared.web.labels import LABELS as SHARED
from tests.support.quotes import RING, sent_quote
from tests.unit.quotes.test_price import brief, line

PRICE = price(RING.offering, brief(), Vat(Decimal(19)))


def reader(language: str) -> Reader:
    return Readers(zone="Europe/Berlin", labels=SHARED | LABELS, locales=[LOCALES]).of(language)


@pytest.mark.parametrize(
    ("language", "title", "count", "detail"),
    [
        ("en", "Work at the bench", "6.5 hours", "(0.75 h)"),
        ("de", "Arbeit an der Werkbank", "6,5 Stunden", "(0,75 Std.)"),
    ],
)
def test_a_line_is_said_in_the_readers_language(language: str, title: str, count: str, detail: str) -> None:
    words = QuoteWording(reader(language), RING.offering).line(line(PRICE, "bench"))

    assert (words.title, words.count) == (title, count)
    assert detail in words.detail


def test_a_line_whose_offering_is_not_here_yet_is_named_by_its_code() -> None:
    assert QuoteWording(reader("en"), None).line(line(PRICE, "bench")).title == "bench"


@pytest.mark.parametrize(("language", "said"), [("en", "8.1%"), ("de", "8,1\u00a0%")])
def test_a_percentage_keeps_its_decimals(language: str, said: str) -> None:
    assert percentage(reader(language), Decimal("8.1")) == said


def test_a_contract_keeps_the_words_that_its_customer_read() -> None:
    quote = sent_quote(terms(RING.offering, {}, TermFigures(50, 14)))

    words = contract_words(reader("de"))(quote, RING.offering, None)

    assert isinstance(words, dict)
    assert words["title"] == "Der gravierte Ring"
    assert "Nach Ihren Wünschen gefertigt" in str(words["terms"])


def test_a_quote_says_where_its_metal_comes_from_and_what_it_is_a_year() -> None:
    quote = replace(sent_quote(()), price=replace(PRICE, total=Money(minor=60_000, currency="EUR")))
    answers = (BriefAnswer(field="metal", value="gold_750_yellow"),)

    words = QuoteWording(reader("en"), RING.offering)
    life = words.life(quote)

    assert life is not None
    assert life.title == "Expected to last 60 years"
    assert "about €10.00 a year" in life.words
    assert [each.title for each in words.materials(answers)][:1] == ["18 ct gold, D-shaped wire"]
    assert "Recycled gold from a refiner in Germany." in words.materials(answers)[0].words


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_offering_says_what_it_is_made_of_and_how_long_it_lasts(language: str) -> None:
    for document in offerings.catalogue():
        words = QuoteWording(reader(language), document.offering.in_language(language))

        said = [*words.materials(()), words.life(sent_quote(()))]

        assert all(each is not None and each.title and "{" not in each.words for each in said)
