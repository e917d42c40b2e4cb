"""The topics are planned once, and each has one owner."""

from pathlib import Path

from shared.contracts.fact import Topic
from shared.kafka import topics

SERVICES = {path.name for path in (Path(__file__).parents[3] / "services").iterdir() if path.is_dir()}


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

    assert set(compacted) == {Topic.PEOPLE, Topic.BRIEFS, Topic.TEXTS}
    assert all("max.compaction.lag.ms" in config for config in compacted.values())
