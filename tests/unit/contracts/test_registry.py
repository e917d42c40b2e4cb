from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError

from shared.contracts import registry
from shared.contracts.fact import CommissionFact, Fact, Topic
from shared.contracts.quotes import QuoteDrafted
from shared.kernel.money import Money

DRAFTED = QuoteDrafted(
    at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    commission=uuid4(),
    quote=uuid4(),
    quote_version=1,
    brief_version=1,
    total=Money(minor=48_500, currency="EUR"),
)


def test_a_fact_comes_back_as_it_went() -> None:
    assert registry.parse(QuoteDrafted.type(), DRAFTED.model_dump_json().encode()) == DRAFTED


def test_a_type_that_is_not_known_here_is_passed_over() -> None:
    assert registry.parse("touchmark.quotes.QuoteFramed", b"{}") is None


def test_a_field_that_is_not_known_here_is_passed_over() -> None:
    data = DRAFTED.model_dump_json().encode().replace(b"{", b'{"mood":"good",', 1)

    assert registry.parse(QuoteDrafted.type(), data) == DRAFTED


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"commission": 7}', b"\xff"])
def test_data_that_is_not_what_its_type_says_is_an_error(data: bytes) -> None:
    with pytest.raises(ValidationError):
        registry.parse(QuoteDrafted.type(), data)


def test_every_topic_has_facts_and_every_fact_a_name_of_its_own() -> None:
    assert {fact.topic for fact in registry.FACTS.values()} == set(Topic)
    assert all(fact.type() == name for name, fact in registry.FACTS.items())
    assert not {Fact, CommissionFact} & set(registry.FACTS.values())


def test_every_command_is_run_by_one_of_the_five_services() -> None:
    services = {command.service for command in registry.COMMANDS.values()}

    assert services <= {"intake", "quotes", "production", "notify", "lifecycle"}


def test_facts_and_commands_are_frozen_and_tolerate_what_they_do_not_know() -> None:
    loose = [
        cls.__name__
        for cls in [*registry.FACTS.values(), *registry.COMMANDS.values()]
        if not cls.model_config.get("frozen") or cls.model_config.get("extra") != "ignore"
    ]

    assert loose == []
