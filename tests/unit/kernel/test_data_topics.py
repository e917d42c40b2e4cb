"""The topics are planned once, and each has one owner."""

from pathlib import Path

from shared.contracts.fact import Topic
from shared.kafka import topics
from shared.runtime.settings import ServiceSettings

SERVICES = {path.name for path in (Path(__file__).parents[3] / "services").iterdir() if path.is_dir()}

DAY = 24 * 60 * 60 * 1000


def test_every_topic_has_a_plan_and_an_owner_that_is_a_service() -> None:
    plans = topics.plans()

    assert set(plans) == set(Topic)
    assert {plan.owner for plan in plans.values()} <= SERVICES


def test_facts_are_kept_for_good_but_for_the_end_of_a_session() -> None:
    kept = {plan.topic: plan.config["retention.ms"] for plan in topics.plans().values() if not plan.compacted}

    assert kept.pop(Topic.SESSIONS) == "86400000"
    assert set(kept.values()) == {"-1"}


def test_personal_data_and_free_text_travel_on_compacted_topics_that_must_compact() -> None:
    compacted = {plan.topic: plan.config for plan in topics.plans().values() if plan.compacted}

    assert set(compacted) == {Topic.PEOPLE, Topic.BRIEFS, Topic.TEXTS, Topic.DOCUMENTS}
    assert all("max.compaction.lag.ms" in config for config in compacted.values())


def test_documents_are_gone_after_a_week() -> None:
    documents = topics.plans()[Topic.DOCUMENTS].config

    assert documents["cleanup.policy"] == "compact,delete"
    assert int(documents["retention.ms"]) == 7 * DAY


def test_the_last_repeat_of_a_tombstone_closes_its_segment_before_compaction_is_due_two_days_after_it() -> None:
    last = 1000 * max(ServiceSettings.model_fields["erasure_repeats"].default)

    for plan in (each for each in topics.plans().values() if each.compacted):
        assert int(plan.config["segment.ms"]) < last < int(plan.config["max.compaction.lag.ms"]) == 2 * DAY
        assert float(plan.config["min.cleanable.dirty.ratio"]) == 0
