"""What a mail has with it: papers, and where money is to be sent."""

from dataclasses import dataclass

from shared.contracts.documents import BankAccount
from shared.kernel.epc import transfer_data
from shared.kernel.money import Money


@dataclass(frozen=True)
class AttachedPaper:
    """A PDF; `file_name` has no ending."""

    file_name: str
    pdf: bytes


@dataclass(frozen=True)
class Transfer:
    """Where an invoice is paid, and what the transfer says."""

    account: BankAccount
    reference: str

    def code(self, amount: Money) -> str | None:
        """What a QR code for a transfer of this amount says; None where there is none."""
        account = self.account
        return transfer_data(amount, self.reference, holder=account.holder, iban=account.iban, bic=account.bic)
