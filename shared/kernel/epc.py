"""The data of a QR code for a SEPA transfer: EPC069-12, version 002. Banking apps fill in a transfer from it."""

from typing import Final

from shared.kernel.money import Money

_LONGEST_NAME: Final = 70
_LARGEST_MINOR: Final = 999_999_999_99


def transfer_data(amount: Money, reference: str, *, holder: str, iban: str, bic: str) -> str | None:
    """What the code says; None where there is none: in another currency, or for nothing.

    `reference` is a creditor reference by ISO 11649, which is structured remittance information. The BIC may be left
    out within the European Economic Area.
    """
    if amount.currency != "EUR" or not 0 < amount.minor <= _LARGEST_MINOR:
        return None
    return "\n".join(
        (
            "BCD",
            "002",
            "1",  # UTF-8
            "SCT",
            bic,
            holder[:_LONGEST_NAME].strip(),
            iban.replace(" ", ""),
            f"EUR{amount.minor // 100}.{amount.minor % 100:02}",
            "",  # no purpose
            reference,
        )
    )
