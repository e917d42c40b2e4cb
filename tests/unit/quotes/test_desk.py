"""What the studio does with lines by hand: the sums follow, a discount is last, and something is left to pay."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quotes.domain import desk
from services.quotes.domain.adjustments import NoSuchLineError, adjust_line, keep_adjustments, kept_lines, restore_line
from services.quotes.domain.desk import Direction, LastLineError, NothingLeftError, TooManyLinesError
from services.quotes.domain.price import price
from services.quotes.domain.quote import FixedLineCode, Price
from services.quotes.domain.vat import Vat
from services.quotes.domain.work import planned_work
from shared.kernel.money import Money, VatRounding
from tests.support.quotes import RING
from tests.unit.quotes.test_price import brief

PRICE = price(RING.offering, brief(), Vat(Decimal(19)))
TOTAL = VatRounding.TOTAL


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def with_line(before: Price, minor: int, title: str = "A stand") -> Price:
    line = desk.added_line(before, title, euros(minor), "")
    return desk.add_line(before, RING.offering, line, rounding=TOTAL)


def with_discount(before: Price, minor: int) -> Price:
    return desk.give_discount(before, RING.offering, euros(minor), "A friend of the house", rounding=TOTAL)


def without(before: Price, code: str) -> Price:
    return desk.remove_line(before, RING.offering, code, rounding=TOTAL)


def moved(before: Price, code: str, to: Direction) -> Price:
    return desk.move_line(before, RING.offering, code, to, rounding=TOTAL)


def codes(of: Price) -> list[str]:
    return [line.code for line in of.lines]


def test_a_line_of_our_own_is_above_the_discount_and_in_the_sums() -> None:
    changed = with_line(with_discount(PRICE, 5_000), 12_00)

    assert codes(changed)[-2:] == ["added_1", "discount"]
    assert changed.net.minor == PRICE.net.minor - 5_000 + 12_00
    assert changed.total == changed.net + changed.vat.amount


def test_two_lines_of_the_same_name_are_two_lines() -> None:
    changed = with_line(with_line(PRICE, 1_00), 2_00)

    assert codes(changed)[-2:] == ["added_1", "added_2"]
    assert codes(with_line(without(changed, "added_1"), 3_00))[-2:] == ["added_2", "added_3"]


def test_another_discount_replaces_the_first() -> None:
    changed = with_discount(with_discount(PRICE, 5_000), 1_000)

    assert codes(changed).count("discount") == 1
    assert changed.net.minor == PRICE.net.minor - 1_000


def test_a_percentage_is_of_the_lines_and_not_of_what_a_discount_left() -> None:
    first = with_discount(PRICE, 50_000)

    assert desk.percent_of(first, Decimal(10)) == desk.percent_of(PRICE, Decimal(10))


def test_a_discount_may_go_below_the_offerings_minimum_and_a_removed_line_may_not() -> None:
    minimum = RING.offering.pricing.minimum_minor
    cheap = with_discount(PRICE, PRICE.net.minor - 1)
    bare = PRICE
    for code in codes(PRICE)[1:]:
        bare = without(bare, code)

    assert cheap.net.minor == 1
    assert bare.net.minor == max(minimum, PRICE.lines[0].amount.minor)


def test_nothing_may_be_left_of_a_quote_but_not_of_its_price() -> None:
    with pytest.raises(NothingLeftError):
        with_discount(PRICE, PRICE.net.minor)
    only = with_line(PRICE, 100_000)
    for code in codes(PRICE):
        only = without(only, code)
    with pytest.raises(LastLineError):
        without(only, "added_1")


def test_a_discount_is_moved_and_adjusted_by_nobody() -> None:
    changed = with_discount(PRICE, 100)

    with pytest.raises(NoSuchLineError):
        moved(changed, FixedLineCode.DISCOUNT, Direction.UP)
    with pytest.raises(NoSuchLineError):
        adjust_line(changed, RING.offering, "discount", euros(1), "Why")
    with pytest.raises(NoSuchLineError):
        restore_line(changed, RING.offering, "discount")
    assert codes(moved(changed, codes(PRICE)[-1], Direction.DOWN)) == codes(changed)


def test_lines_are_moved_one_place_and_no_further_than_the_end() -> None:
    first, second = codes(PRICE)[:2]

    assert codes(moved(PRICE, second, Direction.UP))[:2] == [second, first]
    assert moved(PRICE, first, Direction.UP) == PRICE


def test_there_are_at_most_forty_lines() -> None:
    changed = PRICE
    while len(changed.lines) < desk.MOST_LINES:
        changed = with_line(changed, 1)

    with pytest.raises(TooManyLinesError):
        with_line(changed, 1)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(0, 100_000)),
            st.tuples(st.just("discount"), st.integers(1, 30_000)),
            st.tuples(st.just("remove"), st.integers(0, 20)),
            st.tuples(st.just("up"), st.integers(0, 20)),
            st.tuples(st.just("down"), st.integers(0, 20)),
        ),
        max_size=12,
    )
)
def test_whatever_is_done_the_sums_are_those_of_the_lines(steps: list[tuple[str, int]]) -> None:
    changed = PRICE
    for what, number in steps:
        code = codes(changed)[number % len(changed.lines)]
        try:
            match what:
                case "add":
                    changed = with_line(changed, number)
                case "discount":
                    changed = with_discount(changed, number)
                case "remove":
                    changed = without(changed, code)
                case _:
                    changed = moved(changed, code, Direction(what))
        except (NoSuchLineError, LastLineError, NothingLeftError):
            continue
        assert changed.net.minor == sum(line.amount.minor for line in changed.lines) > 0
        assert changed.vat.amount == changed.net.times(Decimal("0.19"))
        assert len(set(codes(changed))) == len(changed.lines)
        assert codes(changed).count("discount") <= 1
        assert "discount" not in codes(changed)[:-1]


def test_the_makers_share_is_rounded_down_and_is_silent_without_a_pay() -> None:
    hours = RING.offering.making.hands_on_hours

    work = planned_work(PRICE, RING.offering, 30_00)

    assert (work.pay, work.rest) == (euros(int(3000 * hours)), PRICE.net.less(euros(int(3000 * hours))))
    assert work.share == int(3000 * hours) * 100 // PRICE.net.minor
    assert planned_work(PRICE, RING.offering, 0).pay is None


def test_what_was_done_by_hand_stays_when_the_request_changes() -> None:
    first = PRICE.lines[0].code
    by_hand = adjust_line(
        with_discount(with_line(PRICE, 5_000), 2_000), RING.offering, first, euros(77_700), "Heavier."
    )
    removed = PRICE.lines[-1].code
    by_hand = moved(without(by_hand, removed), first, Direction.DOWN)
    longer = price(RING.offering, brief(text="For ever and a day", size="58.00"), Vat(Decimal(19)))

    kept = keep_adjustments(longer, RING.offering, by_hand, rounding=TOTAL)

    line = kept.line(first)
    assert codes(kept) == codes(by_hand)
    assert kept_lines(kept, by_hand) == {first, "added_1", FixedLineCode.DISCOUNT}
    assert line is not None
    assert line.adjustment is not None
    assert (line.amount, line.adjustment.was) == (euros(77_700), longer.lines[0].amount)
