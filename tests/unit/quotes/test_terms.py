"""What is agreed to besides the price, and until when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.quotes.domain.terms import TermFigures, guarantee_months, terms, valid_until, variation, withdrawal_days
from services.quotes.labels.wording import QuoteWording
from shared import offerings
from shared.offerings.model import Offering, read
from tests.support.quotes import ENGLISH, sent_quote

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
DOCUMENT = offerings.load("jewellery", "engraved-ring")
RING = DOCUMENT.offering
MUG = offerings.load("ceramics", "mug").offering


def test_a_quote_is_valid_until_its_last_day_ends_at_the_studio() -> None:
    """At half past ten in the evening it is the same day in Berlin; at half past eleven it is the next one."""
    assert valid_until(NOW, 14, None, BERLIN) == datetime(2026, 12, 7, 23, tzinfo=UTC)
    assert valid_until(NOW + timedelta(hours=1), 14, None, BERLIN) == datetime(2026, 12, 8, 23, tzinfo=UTC)


def test_a_quote_is_never_valid_beyond_the_hours_that_are_held() -> None:
    soon = NOW + timedelta(hours=5)

    assert valid_until(NOW, 14, soon, BERLIN) == soon
    assert valid_until(NOW, 14, NOW + timedelta(days=90), BERLIN) == datetime(2026, 12, 7, 23, tzinfo=UTC)


def _said(offering: Offering, answers: dict[str, str] | None = None) -> dict[str, str]:
    """The terms of a quote of this offering, by their headings."""
    found = terms(offering, answers or {}, TermFigures(50, 7))
    quote = sent_quote(found)
    return {each.title: each.words for each in QuoteWording(ENGLISH, offering).terms(quote)}


def test_the_terms_say_what_a_cancellation_costs_after_each_gate() -> None:
    said = _said(RING)

    for gate in RING.gates:
        assert f"{gate.cancel_percent}%" in said[f"If you cancel after this step: {gate.title}"]
    assert "Ready by" not in said


def test_the_terms_say_what_the_offerings_label_wants_on_the_quote() -> None:
    assert _said(RING)["Made to your wishes"].startswith("The ring is made to your wishes")


def test_an_offering_whose_label_says_nothing_still_says_the_law() -> None:
    said = _said(read(DOCUMENT.canonical.replace('"at":"quote"', '"at":"piece"')))

    assert "right to withdraw within 14 days does not apply" in said["Made to your wishes"]
    assert "2011/83/EU" in said["Made to your wishes"]


def test_a_piece_differs_only_as_its_options_do() -> None:
    """A ring without hammering has no facets that could follow a pattern."""
    satin, hammered = (variation(RING, {"finish": finish}) for finish in ("satin", "hammered"))

    assert "hammering" not in satin
    assert set(hammered) - set(satin) == {"hammering"}


@pytest.mark.parametrize(
    ("offering", "answers", "days"),
    [
        (MUG, {"size": "small", "glaze": "celadon"}, 14),
        (MUG, {"size": "small", "glaze": "celadon", "words": " "}, 14),
        (MUG, {"size": "small", "glaze": "celadon", "words": "For Ada"}, None),
        (RING, {"size": "54"}, None),
    ],
    ids=["preset options alone", "words that are none", "words of its own", "an offering that never carries it"],
)
def test_the_right_of_withdrawal_depends_on_what_was_answered(
    offering: Offering, answers: dict[str, str], days: int | None
) -> None:
    found = terms(offering, answers, TermFigures(50, 7))

    assert withdrawal_days(found) == days
    assert ("Right of withdrawal" in _said(offering, answers)) == (days is not None)
    assert ("Made to your wishes" in _said(offering, answers)) == (days is None)


def test_the_guarantee_is_agreed_with_every_quote() -> None:
    found = terms(RING, {}, TermFigures(50, 7, guarantee_months=36))

    assert guarantee_months(found) == 36
    assert "For 36 months" in QuoteWording(ENGLISH, RING).terms(sent_quote(found))[-1].words
