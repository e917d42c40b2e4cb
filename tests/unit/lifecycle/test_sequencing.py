"""Each fact once and in its turn, however often and however mixed it comes."""

from datetime import UTC, datetime
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from services.lifecycle.workflow.sequencing import FactEnvelope, Sequencer

TOPIC = "touchmark.commissions"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def fact(version: int, follows: int | None = None, topic: str = TOPIC) -> FactEnvelope:
    return FactEnvelope(topic=topic, version=version, follows=follows, type="a.b.C", at=AT, data="{}")


def test_facts_come_out_in_the_order_of_their_versions() -> None:
    heard = Sequencer()

    taken = heard.take([fact(3), fact(1), fact(2)])

    assert [each.version for each in taken] == [1, 2, 3]
    assert heard.versions == {TOPIC: 3}
    assert heard.waiting == {}


def test_what_was_taken_in_is_not_taken_again() -> None:
    heard = Sequencer()
    heard.take([fact(1), fact(1), fact(2)])

    assert heard.take([fact(1), fact(2)]) == []


def test_a_fact_waits_for_the_ones_before_it() -> None:
    heard = Sequencer()

    assert heard.take([fact(3)]) == []
    assert heard.take([fact(1)]) == [fact(1)]
    assert heard.take([fact(2)]) == [fact(2), fact(3)]


def test_topics_do_not_wait_for_each_other() -> None:
    heard = Sequencer()

    taken = heard.take([fact(2), fact(1, topic="touchmark.quotes")])

    assert [each.topic for each in taken] == ["touchmark.quotes"]
    assert list(heard.waiting) == [TOPIC]


def test_versions_that_the_bridge_never_passes_on_are_not_waited_for() -> None:
    heard = Sequencer()
    heard.take([fact(1, follows=0)])

    assert heard.take([fact(4, follows=1)]) == [fact(4, follows=1)]
    assert heard.take([fact(2), fact(3)]) == []


@given(st.data())
def test_any_order_and_any_repetition_come_out_the_same(data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=8), label="steps between versions")
    versions = list(accumulate(steps))
    facts = [fact(version, follows) for version, follows in zip(versions, [0, *versions], strict=False)]
    mixed = data.draw(st.permutations([*facts, *data.draw(st.lists(st.sampled_from(facts)))]), label="as they come")
    cut = data.draw(st.integers(0, len(mixed)), label="first signal")
    heard = Sequencer()

    taken = heard.take(mixed[:cut]) + heard.take(mixed[cut:])

    assert [each.version for each in taken] == versions
    assert heard.waiting == {}


def test_what_is_buffered_survives_being_carried_into_a_new_run() -> None:
    heard = Sequencer()
    heard.take([fact(1), fact(3)])

    carried = Sequencer.model_validate_json(heard.model_dump_json())

    assert carried == heard
    assert carried.take([fact(2)]) == [fact(2), fact(3)]
