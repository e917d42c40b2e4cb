"""What a quote says, in the language of its reader."""

from decimal import Decimal

import pytest

from services.quotes.domain.price import price
from services.quotes.domain.terms import TermFigures, terms
from services.quotes.domain.vat import Vat
from services.quotes.labels import LABELS, LOCALES
from services.quotes.labels.wording import QuoteWording, contract_words, percentage
from shared.i18n import Reader, Readers
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
