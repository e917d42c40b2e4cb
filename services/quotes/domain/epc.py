"""The data of a QR code for a SEPA transfer: EPC069-12, version 002. Banking apps fill in a transfer from it."""

from typing import Final

from services.quotes.domain.account import Seller
from shared.kernel.money import Money

_LONGEST_NAME: Final = 70
_LARGEST_MINOR: Final = 999_999_999_99


def epc_data(seller: Seller, amount: Money, reference: str) -> str | None:
    """What the code says; None where there is none: in another currency, for nothing, or with an account made up.

    `reference` is a creditor reference by ISO 11649, which is structured remittance information. The BIC may be left
    out within the European Economic Area.
    """
    payable = amount.currency == "EUR" and 0 < amount.minor <= _LARGEST_MINOR
    if seller.example or not payable:
        return None
    return "\n".join(
        (
            "BCD",
            "002",
            "1",  # UTF-8
            "SCT",
            seller.bank_bic,
            seller.bank_holder[:_LONGEST_NAME].strip(),
            seller.bank_iban.replace(" ", ""),
            f"EUR{amount.minor // 100}.{amount.minor % 100:02}",
            "",  # no purpose
            reference,
        )
    )
