"""How the lines of a price come about."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quotes.domain.account import Seller
from services.quotes.domain.adjustments import adjust_line
from services.quotes.domain.price import UNITS, old_prices, price, summed
from services.quotes.domain.quote import LineUnit, Price, QuoteLine
from services.quotes.domain.vat import Vat, VatRules
from services.quotes.labels.wording import no_vat_note
from shared import offerings
from shared.contracts.briefs import BriefAnswer
from shared.kernel.money import Money, VatRounding
from shared.offerings.pricing import COUNTED, BriefMismatchError, CountedLine, LineRule, PricedBrief, PriceLine
from tests.support.quotes import ENGLISH, WORDING

RING = offerings.load("jewellery", "engraved-ring").offering
VAT = Vat(Decimal(19))

sizes = st.decimals("44", "76", places=2)
metals = st.sampled_from(["silver_925", "gold_585_yellow", "gold_750_yellow", "gold_750_rose", "platinum_950"])
finishes = st.sampled_from(["polished", "satin", "hammered"])
texts = st.text(alphabet="abc ", min_size=0, max_size=36)
rates = st.decimals("0", "27", places=1)


def brief(
    size: str = "54.00", metal: str = "gold_750_yellow", finish: str = "satin", text: str = "For ever"
) -> list[BriefAnswer]:
    values = {"size": size, "metal": metal, "finish": finish, "engraving": text}
    return [BriefAnswer(field=field, value=value) for field, value in values.items() if value]


def line(found: Price, code: str) -> QuoteLine:
    return next(each for each in found.lines if each.code == code)


def euros(amount: str) -> Money:
    return Money(minor=int(Decimal(amount) * 100), currency="EUR")


def test_the_metal_is_weighed_from_the_size_and_priced_by_its_fineness() -> None:
    """4.0 x 1.8 mm of D section, 54 mm around: 0.3325 cm³ of 15.58 g/cm³, 8 percent more, at 83.90 x 0.75 x 1.12."""
    metal = line(price(RING, brief(), VAT), "metal")

    assert metal.quantity == Decimal("5.59")
    assert metal.unit is LineUnit.GRAMS
    assert metal.unit_price == euros("70.48")
    assert metal.amount == euros("393.98")
    assert "5.18 g in the finished piece" in WORDING.line(metal).detail
    assert "10 January 2025" in WORDING.line(metal).detail


def test_the_bench_is_paid_by_the_hours_of_its_stages() -> None:
    bench = line(price(RING, brief(), VAT), "bench")

    assert (bench.quantity, bench.unit, bench.unit_price) == (Decimal("6.5"), LineUnit.HOURS, euros("68"))
    assert bench.amount == euros("442")


def test_every_unit_that_a_rule_counts_in_can_be_kept_and_said() -> None:
    assert set(UNITS) == set(COUNTED)
    assert all(WORDING.count(QuoteLine("any", euros("1"), quantity=Decimal(2), unit=unit)) for unit in UNITS.values())


def test_engraving_counts_letters_without_spaces() -> None:
    engraving = line(price(RING, brief(text="For ever"), VAT), "engraving")

    assert (engraving.base, engraving.quantity, engraving.unit_price) == (euros("45"), Decimal(7), euros("3.50"))
    assert engraving.amount == euros("69.50")


def test_no_line_repeats_the_customers_own_words() -> None:
    found = price(RING, brief(text="Secret"), VAT)

    assert "Secret" not in repr(found)


def test_what_costs_nothing_is_said_to_cost_nothing() -> None:
    assert line(price(RING, brief(finish="satin"), VAT), "finish").amount == Money.zero("EUR")
    assert line(price(RING, brief(finish="hammered"), VAT), "finish").amount == euros("55")


def test_a_sum_under_the_minimum_is_raised_to_it_by_a_line_that_says_so() -> None:
    dear = RING.model_copy(update={"pricing": RING.pricing.model_copy(update={"minimum_minor": 200_000})})

    found = price(dear, brief(), VAT)

    assert found.net == euros("2000")
    assert found.lines[-1].code == "minimum"
    assert WORDING.line(found.lines[-1]).why == RING.pricing.minimum_why


def test_vat_is_reckoned_once_on_the_sum() -> None:
    found = price(RING, brief(), VAT)

    assert found.vat.amount == found.net.times(Decimal("0.19"))
    assert WORDING.count(found.vat) == "19%"


def test_vat_is_rounded_of_each_line_where_the_studio_does_so() -> None:
    found = price(RING, brief(), VAT, VatRounding.LINE)

    assert found.vat.amount == sum((each.amount.times(Decimal("0.19")) for each in found.lines), Money.zero("EUR"))
    assert found.total == found.net + found.vat.amount


def test_two_halves_of_a_cent_are_two_cents_by_line_and_one_by_total() -> None:
    lines = tuple(QuoteLine(code=code, amount=Money(minor=250, currency="EUR")) for code in ("one", "other"))

    assert summed(lines, "EUR", Vat(Decimal(19)), VatRounding.LINE).vat.amount.minor == 96
    assert summed(lines, "EUR", Vat(Decimal(19)), VatRounding.TOTAL).vat.amount.minor == 95


def test_a_line_that_ops_change_keeps_vat_rounded_of_each_line() -> None:
    found = adjust_line(
        price(RING, brief(), VAT, VatRounding.LINE), RING, "finish", euros("12.50"), "a", rounding=VatRounding.LINE
    )

    assert found.vat.amount == sum((each.amount.times(Decimal("0.19")) for each in found.lines), Money.zero("EUR"))


def test_a_price_without_vat_says_so() -> None:
    found = price(RING, brief(), Vat(Decimal(0)))

    assert (found.vat.amount.minor, WORDING.line(found.vat).why) == (0, "We charge no VAT.")


RULES = VatRules("DE", Decimal(19), {"AT": Decimal(20)}, exports_free=True)


@pytest.mark.parametrize(
    ("rules", "country", "vat"),
    [
        (RULES, None, Vat(Decimal(19))),
        (RULES, "DE", Vat(Decimal(19))),
        (RULES, "AT", Vat(Decimal(20), "AT")),
        (RULES, "FR", Vat(Decimal(19))),
        (RULES, "NO", Vat(Decimal(0), "NO")),
        (replace(RULES, exports_free=False), "NO", Vat(Decimal(19))),
        (replace(RULES, percent=Decimal(0)), "AT", Vat(Decimal(0))),
        (VatRules("CH", Decimal("8.1"), exports_free=True), "DE", Vat(Decimal(0), "DE")),
    ],
)
def test_the_vat_follows_the_country_of_delivery(rules: VatRules, country: str | None, vat: Vat) -> None:
    assert rules.of(country) == vat


@pytest.mark.parametrize(
    ("country", "why"),
    [
        ("NO", "Export to Norway: the delivery is exempt from VAT. Import duty and tax there are not included."),
        ("AT", "The tax on the sale. We pay it to the tax office."),
    ],
)
def test_a_quote_says_whose_vat_it_has_also_after_a_line_was_changed(country: str, why: str) -> None:
    found = price(RING, brief(), RULES.of(country))

    changed = adjust_line(found, RING, "finish", euros("12.50"), "a")

    assert WORDING.line(changed.vat).why == why
    assert Vat.of_line(changed.vat) == RULES.of(country)


@pytest.mark.parametrize(
    ("note", "country", "printed"),
    [
        ("", "DE", "We charge no VAT: small business, § 19 UStG."),
        ("", "AT", "We charge no VAT."),
        ("Exempt by article 5.", "AT", "Exempt by article 5."),
    ],
)
def test_papers_print_why_no_vat_is_charged(note: str, country: str, printed: str) -> None:
    seller = Seller("A", "B", "C", "D", "E", "F", vat_note=note, country=country)

    assert no_vat_note(ENGLISH, seller) == printed


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], "unanswered"),
        (brief(metal="tin"), "no_option"),
        (brief(size="large"), "unanswered"),
        (brief(finish="glitter"), "no_option"),
    ],
)
def test_a_brief_that_does_not_fit_its_craft_is_not_priced(answers: list[BriefAnswer], words: str) -> None:
    with pytest.raises(BriefMismatchError, match=words):
        price(RING, answers, VAT)


@given(size=sizes, metal=metals, finish=finishes, text=texts, rate=rates)
def test_every_sum_can_be_reckoned_again_from_what_is_shown(
    size: Decimal, metal: str, finish: str, text: str, rate: Decimal
) -> None:
    found = price(RING, brief(str(size), metal, finish, text), Vat(rate))

    for each in found.lines:
        assert each.amount.minor >= 0
        if each.unit_price and each.quantity is not None:
            base = each.base or Money.zero("EUR")
            assert each.amount == base + each.unit_price.times(each.quantity)
    assert found.net == sum((each.amount for each in found.lines), Money.zero("EUR"))
    assert found.total == found.net + found.vat.amount
    assert found.net.minor >= RING.pricing.minimum_minor


@given(metal=metals, one=sizes, other=sizes)
def test_a_larger_ring_never_costs_less(metal: str, one: Decimal, other: Decimal) -> None:
    smaller, larger = (price(RING, brief(str(size), metal), VAT).total.minor for size in sorted([one, other]))

    assert smaller <= larger


def test_a_metals_price_is_old_after_so_many_days() -> None:
    on_the_last_day = old_prices(RING, brief(), date(2025, 2, 9), 30)
    a_day_later = old_prices(RING, brief(), date(2025, 2, 10), 30)

    assert on_the_last_day == ()
    assert [(WORDING.material(old.material), old.days) for old in a_day_later] == [("Fine gold", 31)]


def test_only_the_metal_of_the_brief_can_be_old() -> None:
    assert [
        WORDING.material(old.material) for old in old_prices(RING, brief(metal="silver_925"), date(2026, 1, 1), 30)
    ] == ["Fine silver"]


class DozenLine(LineRule):
    """A price for each dozen letters: all that there is of this rule."""

    measure: str
    dozen_minor: int

    def counted(self, brief: PricedBrief) -> CountedLine:
        dozens = (brief.measure(self.measure).value / 12).to_integral_value(ROUND_CEILING)
        return CountedLine(brief.money(self.dozen_minor).times(dozens), measured=dozens)


def test_a_rule_is_one_class() -> None:
    rule = DozenLine(code="dozens", title="Dozens", why="By the dozen.", measure="letters", dozen_minor=1000)
    lines = cast("tuple[PriceLine, ...]", (rule,))
    offering = RING.model_copy(update={"pricing": RING.pricing.model_copy(update={"lines": lines})})

    found = line(price(offering, brief(text="Thirteen letters"), VAT), "dozens")

    assert (found.amount, found.measured) == (euros("20"), Decimal(2))
