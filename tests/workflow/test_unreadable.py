"""A fact that nobody can read: it is kept, ops are notified, and the life goes on."""

from typing import Any

import pytest

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.state import UnreadableFact
from shared.contracts.commands.lifecycle import RecordEscalation
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Escalation, Holder, Phase
from tests.support.counterparts import Counterparts, envelope
from tests.support.lives import Life, at

QUOTES = Topic.QUOTES.value


def _without_its_amount(life: Life) -> Any:
    return envelope(life.sent(), 1).model_copy(update={"data": '{"quote_version": 1}'})


def _no_json(life: Life) -> Any:
    return envelope(life.sent(), 1).model_copy(update={"data": "<html>"})


@pytest.mark.parametrize("spoilt", [_without_its_amount, _no_json])
async def test_a_fact_that_is_none_wedges_nothing(services: Counterparts, spoilt: Any) -> None:
    life = await at(Phase.DESK, services)

    await life.handle.signal(CommissionWorkflow.facts, [spoilt(life)])
    await life.has_done(RecordEscalation)
    await life.handle.signal(CommissionWorkflow.facts, [envelope(life.sent(), 2)])

    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)
    assert [each.reason for each in services.of(RecordEscalation)] == [Escalation.FACT_UNREADABLE]
    assert (await life.state()).unreadable == [UnreadableFact(topic=QUOTES, version=1)]


async def test_a_signal_that_has_no_facts_in_it_is_seen_too(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)

    await life.handle.signal(CommissionWorkflow.facts, [{"topic": QUOTES}, 7, envelope(life.sent(), 1)])
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)

    await life.has_done(RecordEscalation)
    assert (await life.state()).unreadable == [UnreadableFact(), UnreadableFact()]
