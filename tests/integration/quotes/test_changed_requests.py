"""What is wished changes before the quote is accepted: a new draft, and nothing older can be sent or accepted."""

import asyncio

import pytest

from services.quotes.domain.quote import QuoteState
from services.quotes.domain.reasons import QuoteReason
from shared.contracts.quotes import QuoteEnd, Redraft
from shared.kernel.ids import new_id
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem
from shared.offerings.changes import AnswerChange
from tests.support.quotes import Quotes, brief


def code(problem: Problem) -> object:
    return problem.detail.code if isinstance(problem.detail, Phrase) else problem.detail


async def test_a_changed_request_is_drafted_again_and_says_why(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    first = await quotes.draft(commission)

    await quotes.record_brief(brief(commission, version=2, engraving="For ever and a day"))

    found = await quotes.overview(commission)
    facts = await quotes.facts(commission)
    assert found.quote is not None
    assert (found.quote.version, found.quote.brief_version, found.quote.state) == (2, 2, QuoteState.DRAFTED)
    assert found.quote.price.total.minor > first.total.minor
    assert [(name, said["redraft"], said["brief_version"]) for name, said in facts] == [
        ("QuoteDrafted", None, 1),
        ("QuoteDrafted", Redraft.BRIEF_CHANGED, 2),
    ]


async def test_the_desk_sees_what_changed_from_what_to_what(quotes: Quotes) -> None:
    commission = new_id()
    before, after = brief(commission), brief(commission, version=2, finish="hammered")
    await quotes.record_brief(before)
    await quotes.draft(commission)

    await quotes.record_brief(after)

    change = (await quotes.overview(commission)).change
    was, now = ({each.field: each for each in each.answers}["finish"] for each in (before, after))
    assert change is not None
    assert (change.before, change.answers, change.kept) == (1, (AnswerChange("finish", was, now),), frozenset())


async def test_two_changes_before_anybody_looks_are_compared_with_what_was_quoted(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    await quotes.record_brief(brief(commission, version=2, size="55"))
    await quotes.record_brief(brief(commission, version=3, size="55", finish="hammered"))

    change = (await quotes.overview(commission)).change

    assert change is not None
    assert change.answers is not None
    assert (change.before, [each.field for each in change.answers]) == (2, ["finish"])


async def test_lines_that_the_studio_set_are_kept_and_marked(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission)
    line = (await quotes.overview(commission)).quote.price.lines[0].code  # type: ignore[union-attr]  # just drafted
    await quotes.adjust(commission, draft.quote_version, line, 77_700, "A heavier band.")

    await quotes.record_brief(brief(commission, version=2, engraving="For ever and a day"))

    found = await quotes.overview(commission)
    assert found.quote is not None
    assert found.change is not None
    kept = found.quote.price.line(line)
    assert kept is not None
    assert kept.adjustment is not None
    assert (kept.amount.minor, kept.adjustment.reason) == (77_700, "A heavier band.")
    assert found.change.kept == frozenset({line})
    assert (await quotes.send(commission, 3)).state is QuoteState.SENT
    assert (await quotes.overview(commission)).change is None


async def test_a_quote_sent_as_the_change_came_is_withdrawn_and_cannot_be_accepted(quotes: Quotes) -> None:
    customer, commission = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)
    await quotes.send(commission)

    await quotes.record_brief(brief(commission, version=2, size="55"))

    with pytest.raises(Problem) as refused:
        await quotes.accept(customer, commission)
    offer, desk = await quotes.offer(customer, commission), await quotes.overview(commission)
    assert code(refused.value) is QuoteReason.BRIEF_CHANGED
    assert offer.quote is not None
    assert desk.quote is not None
    assert (offer.quote.version, offer.quote.state) == (1, QuoteState.REPLACED)
    assert (desk.quote.version, desk.quote.state, desk.offered) == (2, QuoteState.DRAFTED, None)
    await quotes.send(commission, 2)
    assert (await quotes.accept(customer, commission, 2)).state is QuoteState.ACCEPTED


async def test_of_an_acceptance_and_a_change_at_once_one_wins(quotes: Quotes) -> None:
    customer, commission = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)
    await quotes.send(commission)

    accepted, _ = await asyncio.gather(
        quotes.accept(customer, commission),
        quotes.record_brief(brief(commission, version=2, size="55"), customer),
        return_exceptions=True,
    )

    names = [name for name, _ in await quotes.facts(commission)]
    if isinstance(accepted, Problem):
        assert code(accepted) is QuoteReason.BRIEF_CHANGED
        assert (names.count("QuoteAccepted"), names.count("QuoteDrafted")) == (0, 2)
    else:
        assert (names.count("QuoteAccepted"), names.count("QuoteDrafted")) == (1, 1)


async def test_a_send_of_the_older_draft_is_refused_once_the_change_came(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    await quotes.record_brief(brief(commission, version=2, size="55"))

    with pytest.raises(Problem) as refused:
        await quotes.send(commission, 1)

    assert code(refused.value) is QuoteReason.NOT_NEWEST


async def test_a_change_that_cannot_be_priced_leaves_a_draft_that_cannot_be_sent(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    odd = brief(commission, version=2)
    unanswered = tuple(each for each in odd.answers if each.field not in {"metal", "engraving"})

    await quotes.record_brief(odd.model_copy(update={"answers": unanswered}))

    with pytest.raises(Problem) as refused:
        await quotes.send(commission)
    assert code(refused.value) is QuoteReason.BRIEF_NEWER


async def test_after_the_acceptance_or_the_end_a_newer_brief_drafts_nothing(quotes: Quotes) -> None:
    customer, accepted, ended = new_id(), new_id(), new_id()
    for commission in (accepted, ended):
        await quotes.record_brief(brief(commission), customer)
    await quotes.draft(accepted)
    await quotes.send(accepted)
    await quotes.accept(customer, accepted)
    await quotes.expire(ended, await quotes.draft(ended), QuoteEnd.WITHDRAWN)

    for commission in (accepted, ended):
        await quotes.record_brief(brief(commission, version=2, engraving="For evar"))

    for commission in (accepted, ended):
        assert [name for name, _ in await quotes.facts(commission)].count("QuoteDrafted") == 1


async def test_what_an_earlier_version_said_is_erased_with_the_brief(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    await quotes.record_brief(brief(commission, version=2, size="55"))

    await quotes.erase_brief(commission)

    async with quotes.database.statement() as tx:
        left = await tx.connection.fetchval("SELECT count(*) FROM earlier_brief WHERE commission = $1", commission)
    assert (left, (await quotes.overview(commission)).change) == (0, None)
