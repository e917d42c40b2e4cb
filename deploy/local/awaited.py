"""The facts that the demo waits for, and what it says when they have come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.i18n import N_


@dataclass(frozen=True)
class Awaited:
    """A fact that lifecycle is to receive; `about` picks one of several."""

    title: str
    fact: str
    about: tuple[str, str] | None = None

    def among(self, facts: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """The first that is it."""
        return next((one for one in facts if self._is(one)), None)

    def _is(self, happening: Mapping[str, Any]) -> bool:
        named = str(happening["type"]).rpartition(".")[2] == self.fact
        return named and (self.about is None or happening["detail"].get(self.about[0]) == self.about[1])


TO_THE_DESK: Final = (
    Awaited(N_("Its workflow begins"), "CommissionConfirmed"),
    Awaited(N_("A quote is drafted"), "QuoteDrafted"),
    Awaited(N_("It is on the desk of the studio"), "PhaseEntered", ("phase", "desk")),
)
HELD: Final = Awaited(N_("A maker's hours are held"), "PromiseHeld")
SENT: Final = Awaited(N_("The studio checks it and sends it"), "QuoteSent")
ACCEPTED: Final = Awaited(N_("The customer accepts"), "QuoteAccepted")
BOOKED: Final = Awaited(N_("The deposit has arrived; the hours are booked"), "PromiseBooked")
PASSED_A_GATE: Final = Awaited(N_("What cannot be undone is begun"), "GatePassed")
MADE: Final = Awaited(N_("It is made, and every check is met"), "PieceMade")
BALANCED: Final = Awaited(N_("The balance has arrived"), "InvoicePaid", ("kind", "balance"))
HANDED_OVER: Final = Awaited(N_("The carrier has it"), "ParcelHandedOver")
DELIVERED: Final = Awaited(N_("It has arrived"), "ParcelDelivered")
CERTIFIED: Final = Awaited(N_("Its certificate is signed"), "CertificateIssued")
