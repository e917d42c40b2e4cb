"""A fact that nobody can read: it is kept, ops are notified, and the life goes on."""

from typing import Any

import pytest

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.state import MOST_UNREADABLE
from shared.contracts.commands.lifecycle import RecordEscalation
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Escalation, Holder, Phase
from tests.support.counterparts import Counterparts, envelope
from tests.support.lives import KEPT_BY, Life, at

QUOTES = Topic.QUOTES.value


def _without_its_amount(life: Life) -> Any:
    return envelope(life.sent(), 1).model_copy(update={"data": '{"quote_version": 1}'})


def _no_json(life: Life) -> Any:
    return envelope(life.sent(), 1).model_copy(update={"data": "<html>"})


def _of_another_form(_: Life) -> Any:
    return {"topic": QUOTES, "version": 1, "what": "another release writes"}


def _escalated(services: Counterparts) -> list[tuple[Escalation, str | None, int | None]]:
    return [(each.reason, each.event_topic, each.event_version) for each in services.of(RecordEscalation)]


@pytest.mark.parametrize("spoilt", [_without_its_amount, _no_json, _of_another_form])
async def test_a_fact_that_is_none_wedges_nothing(services: Counterparts, spoilt: Any) -> None:
    """Neither the life nor the facts behind it on its topic; ops are told which it is."""
    life = await at(Phase.DESK, services)

    await life.handle.signal(CommissionWorkflow.facts, [spoilt(life)])
    await life.has_done(RecordEscalation)
    await life.handle.signal(CommissionWorkflow.facts, [envelope(life.sent(), 2)])

    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)
    assert _escalated(services) == [(Escalation.FACT_UNREADABLE, QUOTES, 1)]


@pytest.mark.parametrize("phase", [Phase.CERTIFYING, Phase.ENDED])
async def test_ops_are_told_of_a_fact_that_comes_in_the_last_moment(services: Counterparts, phase: Phase) -> None:
    life = await at(phase, services)

    await life.handle.signal(CommissionWorkflow.facts, [{"no": "fact"}])
    services.closed[KEPT_BY[phase], life.commission].set()
    await life.handle.result()

    assert _escalated(services)[-1:] == [(Escalation.FACT_UNREADABLE, None, None)]
    assert life.names()[-2:] == ["RecordEscalation", "RecordEnd"]


async def test_a_signal_that_has_no_facts_in_it_is_seen_too(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)

    await life.handle.signal(CommissionWorkflow.facts, [{"topic": QUOTES}, 7, envelope(life.sent(), 1)])
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)

    await life.has_done(RecordEscalation, 2)
    assert _escalated(services) == [(Escalation.FACT_UNREADABLE, None, None)] * 2


async def test_ever_so_many_unreadable_facts_do_not_grow_the_state(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)

    await life.handle.signal(CommissionWorkflow.facts, [{"no": "fact"}] * 500)
    await life.has_done(RecordEscalation, MOST_UNREADABLE)

    state = await life.state()
    assert state.unreadable == []
    assert life.did(RecordEscalation) == MOST_UNREADABLE
