"""What is agreed to besides the price, and until when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.quotes.domain.terms import terms, valid_until, variation
from services.quotes.labels.wording import QuoteWording
from shared import offerings
from shared.offerings.model import Offering, read
from tests.support.quotes import ENGLISH, sent_quote

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
DOCUMENT = offerings.load("jewellery", "engraved-ring")
RING = DOCUMENT.offering


def test_a_quote_is_valid_until_its_last_day_ends_at_the_studio() -> None:
    """At half past ten in the evening it is the same day in Berlin; at half past eleven it is the next one."""
    assert valid_until(NOW, 14, None, BERLIN) == datetime(2026, 12, 7, 23, tzinfo=UTC)
    assert valid_until(NOW + timedelta(hours=1), 14, None, BERLIN) == datetime(2026, 12, 8, 23, tzinfo=UTC)


def test_a_quote_is_never_valid_beyond_the_hours_that_are_held() -> None:
    soon = NOW + timedelta(hours=5)

    assert valid_until(NOW, 14, soon, BERLIN) == soon
    assert valid_until(NOW, 14, NOW + timedelta(days=90), BERLIN) == datetime(2026, 12, 7, 23, tzinfo=UTC)


def _said(offering: Offering) -> dict[str, str]:
    """The terms of a quote of this offering, by their headings."""
    found = terms(offering, deposit_percent=50, deposit_days=7, ready_by=None)
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
