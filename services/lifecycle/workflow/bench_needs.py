"""What the bench needs next: a gate opened or asked for, an escalation."""

from enum import StrEnum

from services.lifecycle.workflow.state import CommissionState, GateProgress


class BenchNeed(StrEnum):
    """One thing to be done for the bench."""

    OPEN = "open"
    """The customer has signed a gate: the bench may open it."""
    ESCALATE = "escalate"
    """The customer asked for a change: ops should look."""
    ASK = "ask"
    """The customer has to sign the next gate."""


def next_need(state: CommissionState) -> tuple[BenchNeed, str] | None:
    """What is needed first, with the gate that it is about."""
    for name, gate in state.gates.items():
        if gate.signed is not None and not gate.opened:
            return BenchNeed.OPEN, name
        if gate.refused and not gate.escalated:
            return BenchNeed.ESCALATE, name
    to_ask = _gate_to_ask(state)
    return (BenchNeed.ASK, to_ask) if to_ask is not None else None


def _gate_to_ask(state: CommissionState) -> str | None:
    """Gates are asked for one by one, in the order in which the piece comes to them."""
    for planned in state.booked.gates if state.booked is not None else ():
        gate = state.gates.get(planned.gate, GateProgress())
        if planned.customer_signs and not gate.passed:
            is_asked_for = gate.approval is not None or gate.signed is not None or gate.refused
            return None if is_asked_for else planned.gate
    return None
