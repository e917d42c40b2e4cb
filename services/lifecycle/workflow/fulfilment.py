"""From the finished piece to the certificate: the balance, the parcel, the certificate."""

from services.lifecycle.workflow.pausing import PauseSteps
from shared.contracts.commands.production import IssueCertificate, ReleaseParcel
from shared.contracts.commands.quotes import IssueBalance
from shared.contracts.lifecycle import Phase
from shared.contracts.payments import InvoiceKind


class FulfilmentSteps(PauseSteps):
    """The piece is paid for, sent and certified."""

    async def _wait_for_the_balance(self) -> None:
        """Nothing is sent before it is paid; nobody is asked for what is paid already."""
        if self._state.balance is None:
            self._stop_if_end_requested()
            self._enter(Phase.BALANCE)
            command = IssueBalance(id=self._next_id(IssueBalance), commission=self._start.commission)
            self._state.balance = await self._carry_out(command)
        await self._stay(Phase.BALANCE, self._is_paid, self._chore_of_a_pause)

    def _is_paid(self) -> bool:
        balance = self._state.balance
        return InvoiceKind.BALANCE in self._state.paid or (balance is not None and balance.left.minor <= 0)

    async def _ship_the_parcel(self) -> None:
        """The maker packs and hands over; the carrier brings it."""
        parcel = self._state.parcel
        if not parcel.released:
            self._enter(Phase.SHIPPING)
            command = ReleaseParcel(id=self._next_id(ReleaseParcel), commission=self._start.commission)
            await self._carry_out(command)
            parcel.released = True
        await self._stay(Phase.SHIPPING, lambda: parcel.delivered, self._chore_of_a_pause)

    async def _certify_the_piece(self) -> None:
        """The last step; if somebody asked to cancel meanwhile, a mail says that it is too late."""
        if self._state.serial is None:
            self._enter(Phase.CERTIFYING)
            command = IssueCertificate(id=self._next_id(IssueCertificate), commission=self._start.commission)
            issued = await self._carry_out(command)
            self._state.serial = issued.serial
        self._stop_if_end_requested()
