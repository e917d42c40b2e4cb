"""What the bench needs of a commission's life next: gates asked for and opened, honest days."""

from enum import StrEnum

from services.lifecycle.domain.life import Gate, Progress


class Need(StrEnum):
    """One thing to be done for the bench."""

    OPEN = "open"
    """The customer has signed a gate: the bench may know."""
    ESCALATE = "escalate"
    """The customer wants it otherwise: ops should look."""
    ASK = "ask"
    """The customer has to sign the next gate."""
    DELAY = "delay"
    """The piece is ready later than the customer was told."""


def next_need(progress: Progress) -> tuple[Need, str] | None:
    """What is needed first, with the gate that it is about, if any."""
    for name, gate in progress.gates.items():
        if gate.signed is not None and not gate.opened:
            return Need.OPEN, name
        if gate.refused and not gate.escalated:
            return Need.ESCALATE, name
    if (to_ask := _gate_to_ask(progress)) is not None:
        return Need.ASK, to_ask
    return (Need.DELAY, "") if _is_delayed(progress) else None


def _gate_to_ask(progress: Progress) -> str | None:
    """Gates are asked for one by one, in the order in which the piece comes to them."""
    for planned in progress.booked.gates if progress.booked is not None else ():
        gate = progress.gates.get(planned.gate, Gate())
        if planned.customer_signs and not gate.passed:
            asked = gate.approval is not None or gate.signed is not None or gate.refused
            return None if asked else planned.gate
    return None


def _is_delayed(progress: Progress) -> bool:
    bench = progress.bench
    return bench.ready_by is not None and bench.said is not None and bench.ready_by > bench.said
