"""Which facts are signalled: those that a life decides by."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.lifecycle.workflow.reducer import acts_on
from shared.contracts.fact import CommissionFact
from shared.contracts.production import GatePassed, GateReached, PieceMade, StageBegun, StageFinished

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ID = uuid4()
OF_PIECE = {"at": NOW, "commission": ID, "piece": ID}
STAGE = {**OF_PIECE, "task": ID, "stage": "bend", "maker": ID}


def gates(*, customer_signs: bool) -> tuple[CommissionFact, CommissionFact]:
    gate = {**OF_PIECE, "gate": "cut", "customer_signs": customer_signs}
    return GateReached.model_validate(gate), GatePassed.model_validate({**gate, "cancel_percent": 35})


@pytest.mark.parametrize("fact", [*gates(customer_signs=True), PieceMade.model_validate({**OF_PIECE, "maker": ID})])
def test_what_a_life_decides_by_is_signalled(fact: CommissionFact) -> None:
    assert acts_on(fact)


@pytest.mark.parametrize(
    "fact",
    [
        *gates(customer_signs=False),
        StageBegun.model_validate(STAGE),
        StageFinished.model_validate({**STAGE, "minutes": 60, "next_on": NOW.date(), "waiting": True}),
    ],
)
def test_a_stage_and_a_gate_that_the_bench_signs_by_itself_are_not(fact: CommissionFact) -> None:
    assert not acts_on(fact)
