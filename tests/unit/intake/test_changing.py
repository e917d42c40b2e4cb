"""A brief is typed again as it was, and a day that stays is not measured anew."""

from datetime import UTC, date, datetime

import pytest

from services.intake.domain.briefs import Brief, read_brief, typed_again
from services.intake.domain.changing import read_change, versions
from shared import offerings
from shared.kernel.problems import Problem
from tests.support.intake import RING

DAY = date(2026, 3, 2)
WRITTEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("size", [("54", "iso"), ("M", "uk"), ("6 1/2", "us")])
def test_what_is_typed_again_is_read_as_the_same_answers(size: tuple[str, str]) -> None:
    document = offerings.load("jewellery", "engraved-ring")
    typed = {**RING, "size": size[0], "size_system": size[1], "needed_by": "2026-08-01"}
    answers = read_brief(document, typed, DAY).answers

    again = read_brief(document, typed_again(document.offering.form, answers), DAY).answers

    assert again == answers


def test_a_day_that_stays_is_good_though_it_has_come_near() -> None:
    document = offerings.load("jewellery", "engraved-ring")
    typed = {**RING, "needed_by": "2026-04-20"}
    before = Brief(1, read_brief(document, typed, DAY).answers, WRITTEN, ())
    late = date(2026, 4, 19)

    changed = read_change(document, {**typed, "size": "55"}, before, late, [DAY])

    assert changed.needed_by == date(2026, 4, 20)
    with pytest.raises(Problem):
        read_change(document, {**typed, "needed_by": "2026-04-18"}, before, late, [DAY])
    with pytest.raises(Problem):
        read_change(document, {**typed, "size": "540"}, before, late, [DAY])


def test_each_version_says_what_it_changed_the_newest_first() -> None:
    document = offerings.load("jewellery", "engraved-ring")
    first = Brief(1, read_brief(document, RING, DAY).answers, WRITTEN, ())
    second = Brief(2, read_brief(document, {**RING, "size": "55"}, DAY).answers, WRITTEN, ())

    newest, oldest = versions((first, second))

    assert [each.field for each in newest.changes] == ["size"]
    assert (oldest.first, oldest.changes) == (True, ())
