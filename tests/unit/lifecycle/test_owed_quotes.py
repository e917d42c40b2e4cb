"""A quote that the studio owes, since something else is wished than is offered, has its time and does not expire."""

from typing import Any

import pytest

from services.lifecycle.workflow.deadlines import outcome_when_due
from services.lifecycle.workflow.reducer import apply
from services.lifecycle.workflow.sequencing import FactEnvelope
from shared.contracts.commissions import ChangeProposalClosed, ChangeProposed, ProposalOutcome
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.kernel.ids import new_id
from tests.unit.lifecycle.test_deadlines import DAY, NOW, at, due, holder, offer


@pytest.mark.parametrize("owed", [{"proposed_at": NOW}, {"offer_withdrawn": True}])
def test_a_quote_that_the_studio_owes_lapses_and_does_not_expire(owed: dict[str, Any]) -> None:
    offered = at(Phase.OFFERED, offer=offer(2 * DAY))
    state = at(Phase.OFFERED, offer=offer(2 * DAY), **owed)

    assert state.current is not None
    assert offered.current is not None
    assert (holder(state), due(state)) == (Holder.STUDIO, NOW + 14 * DAY)
    assert outcome_when_due(state.current, state) is Outcome.LAPSED
    assert outcome_when_due(offered.current, offered) is Outcome.EXPIRED


def test_what_a_proposal_waited_for_its_answer_is_added_to_the_offer() -> None:
    state = at(Phase.OFFERED, offer=offer())
    said: dict[str, Any] = {"at": NOW, "commission": new_id(), "proposal": new_id()}
    refused = ChangeProposalClosed(**said, outcome=ProposalOutcome.REFUSED)

    apply(state, envelope(ChangeProposed(**said, number=1)), NOW + DAY)
    assert holder(state, NOW + DAY) is Holder.STUDIO
    apply(state, envelope(refused), NOW + 4 * DAY)

    assert (holder(state, NOW + 4 * DAY), due(state, NOW + 4 * DAY)) == (Holder.CUSTOMER, NOW + 23 * DAY)


def envelope(fact: CommissionFact) -> FactEnvelope:
    return FactEnvelope(topic=fact.topic, version=1, type=fact.type(), at=fact.at, data=fact.model_dump_json())
