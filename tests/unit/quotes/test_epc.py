"""The QR code of a SEPA transfer, by EPC069-12, version 002."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
import segno.helpers

from services.quotes.domain.account import Seller
from services.quotes.domain.epc import epc_data
from shared.kernel.money import Money
from shared.web.qr import qr_drawing

SELLER = Seller("Kiln", "A", "1", "Kiln & Anvil", "DE89 3704 0044 0532 0130 00", "A Bank", bank_bic="COBADEFFXXX")
REFERENCE = "RF18539007547034"


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def test_a_transfer_is_said_line_by_line() -> None:
    assert epc_data(SELLER, euros(57803), REFERENCE) == (
        "BCD\n002\n1\nSCT\nCOBADEFFXXX\nKiln & Anvil\nDE89370400440532013000\nEUR578.03\n\nRF18539007547034"
    )


@pytest.mark.parametrize("amount", ["0.01", "578.03", "999999.99"])
def test_the_code_is_the_one_that_another_writer_of_the_standard_draws(amount: str) -> None:
    """The standard allows no other error correction than M, where a code could have more of it for nothing."""
    other = segno.helpers.make_epc_qr(
        name="Kiln & Anvil",
        iban="DE89370400440532013000",
        amount=Decimal(amount),
        reference=REFERENCE,
        bic="COBADEFFXXX",
        encoding=1,
    )
    said = epc_data(SELLER, euros(int(amount.replace(".", ""))), REFERENCE)

    assert said is not None
    drawn = BytesIO()
    other.save(drawn, kind="svg", border=4, omitsize=True, xmldecl=False)
    assert qr_drawing(said) == drawn.getvalue().decode()


def test_a_bic_may_be_left_out_and_a_name_is_at_most_seventy_characters() -> None:
    said = epc_data(replace(SELLER, bank_bic="", bank_holder="Ä" * 90), euros(100), REFERENCE)

    assert said is not None
    assert said.split("\n")[4:6] == ["", "Ä" * 70]


@pytest.mark.parametrize(
    ("seller", "amount"),
    [
        (SELLER, Money(minor=100, currency="CHF")),
        (SELLER, euros(0)),
        (SELLER, euros(100_000_000_000)),
        (replace(SELLER, example=True), euros(100)),
    ],
    ids=["another currency", "nothing", "too much", "an account made up"],
)
def test_where_no_such_transfer_can_be_made_there_is_no_code(seller: Seller, amount: Money) -> None:
    assert epc_data(seller, amount, REFERENCE) is None
