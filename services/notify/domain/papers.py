"""Which papers go with a mail: those that it tells of."""

from collections.abc import Callable
from uuid import UUID

from services.notify.domain.known import Known
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import InvoiceIssued, InvoiceKind


def contract_and_invoice(issued: InvoiceIssued, _known: Known) -> tuple[UUID, ...]:
    """The contract first, where it was agreed in the same moment."""
    return tuple(each for each in (issued.contract, issued.invoice) if each)


def of_cancellation(_ended: CommissionFact, known: Known) -> tuple[UUID, ...]:
    """The invoice for what is owed of a price; there is none where nothing was agreed."""
    issued = invoice(InvoiceKind.CANCELLATION, known)
    return (issued.invoice,) if issued else ()


def newest(kind: InvoiceKind) -> Callable[[CommissionFact, Known], UUID | None]:
    """The invoice of this kind that is in force."""

    def found(_fact: CommissionFact, known: Known) -> UUID | None:
        issued = invoice(kind, known)
        return issued.invoice if issued else None

    return found


def invoice(kind: InvoiceKind, known: Known) -> InvoiceIssued | None:
    """The invoice of this kind that was issued last."""
    return next((each for each in reversed(known.all(InvoiceIssued)) if each.kind is kind), None)
