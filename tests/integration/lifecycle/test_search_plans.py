"""A search reads indexes alone: what `tests/bench/a_search.py` measures at a million commissions, in its small form."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.lifecycle import opened
from tests.support.many_commissions import fill, plans_of

MANY = 20_000


@pytest.fixture(scope="module")
async def filled(make_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await make_database("searched")) as database:
        async with database.transaction() as tx:
            await fill(tx, MANY)
        yield database


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("zoe schwarz", "person_word_pkey"),
        ("c1f4@", "person_word_pkey"),
        ("@house7.example", "person_word_pkey"),
        ("018bcfe5-6800", "commission_pkey"),
        ("…4f21c", "commission_reversed"),
        ("a4f21c", "commission_reversed"),
        ("RF18 5390 0754", "search_term_pkey"),
    ],
)
async def test_a_search_is_answered_from_indexes(filled: Database, text: str, index: str) -> None:
    plans = await plans_of(filled, text, datetime.now(UTC))

    assert any(index in plan for plan in plans), plans
    for table in ("person_word", "search_term", "commission"):
        assert not any(f"Seq Scan on {table}" in plan for plan in plans), plans


async def test_a_word_that_very_many_have_reads_the_list_in_its_order(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_GATHERED", 100)

    gathering, walking = await plans_of(filled, "m", datetime.now(UTC))

    assert "never executed" in gathering
    assert "commission_listed" in walking
    assert "Seq Scan on commission" not in walking
    assert "Seq Scan on person_word" not in walking


async def test_what_ended_long_ago_is_gathered_where_very_many_are_found(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes last in the list, which is not read that far."""
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_GATHERED", 100)
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_WALKED", 1_000)

    _, walking, again, listing = await plans_of(filled, "bowl", datetime.now(UTC))

    assert "rows=1000" in walking
    assert "commission_listed" in walking
    assert "commission_offering" in again
    assert "commission_pkey" in listing
    assert "commission_listed" not in listing
