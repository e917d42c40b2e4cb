"""Quotes are drafted from briefs, once per command, and end for good."""

import asyncio

import pytest

from services.quotes.domain.quote import QuoteState
from shared.contracts.quotes import QuoteEnd
from shared.kernel.ids import new_id
from shared.kernel.problems import NotYet, Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quotes import NOW, WORDING, Quotes, brief


async def test_a_draft_waits_for_its_brief_and_then_comes(quotes: Quotes) -> None:
    commission, command = new_id(), new_id()

    with pytest.raises(NotYet):
        await quotes.draft(commission, command=command)
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission, command=command)

    assert (draft.quote_version, draft.total.currency) == (1, "EUR")
    assert await quotes.facts(commission) == [
        (
            "QuoteDrafted",
            {
                "quote": str(draft.quote),
                "quote_version": 1,
                "brief_version": 1,
                "total": draft.total.model_dump(),
                "redraft": None,
                "change": None,
                "by": None,
            },
        )
    ]


async def test_a_draft_waits_for_the_version_that_it_names_and_takes_a_newer_one(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))

    with pytest.raises(NotYet):
        await quotes.draft(commission, brief_version=2)
    await quotes.record_brief(brief(commission, version=3, finish="hammered"))
    await quotes.draft(commission, brief_version=2)

    found = (await quotes.overview(commission)).quote
    assert found is not None
    assert found.brief_version == 3


async def test_a_draft_waits_for_the_release_that_brings_its_craft(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission).model_copy(update={"offering_sha256": "0" * 64}))

    with pytest.raises(NotYet):
        await quotes.draft(commission)


async def test_the_same_command_twice_has_one_result_and_one_fact(quotes: Quotes) -> None:
    commission, command = new_id(), new_id()
    await quotes.record_brief(brief(commission))

    first = await quotes.draft(commission, command=command)
    second = await quotes.draft(commission, command=command)

    assert first == second
    assert len(await quotes.facts(commission)) == 1


async def test_the_same_command_from_two_workers_at_once_is_done_once(quotes: Quotes) -> None:
    commission, command = new_id(), new_id()
    await quotes.record_brief(brief(commission))

    both = await asyncio.gather(*(quotes.draft(commission, command=command) for _ in range(2)))

    assert both[0] == both[1]
    assert len(await quotes.facts(commission)) == 1


async def test_a_new_draft_replaces_the_one_before_it(quotes: Quotes, database: Database) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    first = await quotes.draft(commission)
    await quotes.record_brief(brief(commission, version=2, finish="hammered"))  # which is drafted by itself

    second = await quotes.draft(commission, brief_version=2)

    assert (second.quote, second.quote_version) == (first.quote, 3)
    assert second.total.minor > first.total.minor
    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT version, state FROM quote_version WHERE quote = $1 ORDER BY version", first.quote
        )
    assert [tuple(row) for row in rows] == [(1, "replaced"), (2, "replaced"), (3, "drafted")]


async def test_drafts_of_one_commission_at_once_get_versions_of_their_own(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))

    drafts = await asyncio.gather(*(quotes.draft(commission) for _ in range(5)))

    assert sorted(draft.quote_version for draft in drafts) == [1, 2, 3, 4, 5]
    assert len({draft.quote for draft in drafts}) == 1


async def test_the_lines_are_kept_as_they_were_reckoned(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))

    draft = await quotes.draft(commission)

    overview = await quotes.overview(commission)
    assert overview.quote is not None
    assert [line.code for line in overview.quote.price.lines] == [
        "metal",
        "bench",
        "finish",
        "engraving",
        "hallmark",
        "delivery",
    ]
    assert WORDING.count(overview.quote.price.lines[0]) == "5.59 g"
    assert WORDING.count(overview.quote.price.vat) == "19%"
    assert overview.quote.price.total == draft.total
    assert [WORDING.material(old.material) for old in overview.old_prices] == ["Fine gold"]


async def test_a_quote_expires_once_however_often_it_is_asked_to(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission)

    await quotes.expire(commission, draft, QuoteEnd.WITHDRAWN)
    await quotes.expire(commission, draft, QuoteEnd.LAPSED)

    overview = await quotes.overview(commission)
    assert overview.quote is not None
    assert (overview.quote.state, overview.quote.end_reason) == (QuoteState.EXPIRED, QuoteEnd.WITHDRAWN)
    assert overview.old_prices == (), "nobody is going to send it"
    assert [name for name, _ in await quotes.facts(commission)] == ["QuoteDrafted", "QuoteExpired"]


async def test_a_quote_of_another_commission_cannot_be_ended(quotes: Quotes) -> None:
    commission, other = new_id(), new_id()
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission)

    with pytest.raises(Problem) as refused:
        await quotes.expire(other, draft)

    assert refused.value.type is ProblemType.NOT_FOUND


async def test_a_brief_that_does_not_fit_its_craft_is_refused_for_people_to_look_at(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission).model_copy(update={"answers": ()}))

    with pytest.raises(Problem) as refused:
        await quotes.draft(commission)

    assert refused.value.type is ProblemType.CONFLICT


async def test_an_older_brief_that_comes_late_changes_nothing(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission, version=2))
    await quotes.record_brief(brief(commission, version=1, finish="hammered"))

    found = (await quotes.overview(commission)).brief

    assert found is not None
    assert found.version == 2


async def test_an_erased_brief_is_gone_for_good_and_its_quote_has_none_of_its_words(
    quotes: Quotes, database: Database
) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission, engraving="Only ours"))
    draft = await quotes.draft(commission)

    await quotes.erase_brief(commission)
    await quotes.record_brief(brief(commission, version=2))

    overview = await quotes.overview(commission)
    assert (overview.brief, overview.erased_at) == (None, NOW)
    assert overview.quote is not None
    assert overview.quote.price.total == draft.total
    async with database.transaction() as tx:
        kept = await tx.connection.fetchval(
            "SELECT (SELECT count(*) FROM quote_line AS l WHERE l::text LIKE '%Only ours%')"
            " + (SELECT count(*) FROM brief WHERE answers::text LIKE '%Only ours%')"
        )
    assert kept == 0
    with pytest.raises(Problem):
        await quotes.draft(commission)


async def test_a_commission_that_no_fact_mentions_is_not_found(quotes: Quotes) -> None:
    with pytest.raises(Problem) as refused:
        await quotes.overview(new_id())

    assert refused.value.type is ProblemType.NOT_FOUND
