"""The QR code of a transfer to the studio."""

from services.quotes.domain.account import Seller
from shared.kernel.epc import transfer_data
from shared.kernel.money import Money


def epc_data(seller: Seller, amount: Money, reference: str) -> str | None:
    """What the code says; None where there is none: what has none anywhere, or an account made up."""
    if seller.example:
        return None
    return transfer_data(amount, reference, holder=seller.bank_holder, iban=seller.bank_iban, bic=seller.bank_bic)
