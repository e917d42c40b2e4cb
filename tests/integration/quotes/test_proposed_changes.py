"""While a change is proposed nothing is accepted; agreed to it is the next draft, and refused the offer stands."""

import asyncio
from uuid import UUID

import pytest

from services.quotes.domain.quote import QuoteState
from services.quotes.domain.reasons import QuoteReason
from shared.kernel.ids import new_id
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem
from tests.support.proposed_briefs import proposed
from tests.support.quotes import Quotes, brief


@pytest.fixture
async def offered(quotes: Quotes) -> tuple[UUID, UUID]:
    """A customer, and their commission for which a quote is offered."""
    customer, commission = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)
    await quotes.send(commission)
    return customer, commission


async def test_what_is_proposed_blocks_the_acceptance_and_is_shown_beside_what_is_offered(
    quotes: Quotes, offered: tuple[UUID, UUID]
) -> None:
    customer, commission = offered

    await quotes.record_brief(proposed(commission, size="55"))

    with pytest.raises(Problem) as refused:
        await quotes.accept(customer, commission)
    desk, offer = await quotes.overview(commission), await quotes.offer(customer, commission)
    assert isinstance(refused.value.detail, Phrase)
    assert refused.value.detail.code is QuoteReason.CHANGE_PROPOSED
    assert refused.value.detail.params["address"] == f"/commissions/{commission}/proposal"
    assert desk.proposal is not None
    assert desk.quote is not None
    assert [each.field for each in desk.proposal.answers] == ["size"]
    assert (desk.quote.version, desk.quote.state) == (1, QuoteState.SENT)
    assert offer.proposal is not None


async def test_refused_or_taken_back_the_offer_can_be_accepted(quotes: Quotes, offered: tuple[UUID, UUID]) -> None:
    customer, commission = offered
    await quotes.record_brief(proposed(commission, size="55"))

    await quotes.record_brief(brief(commission))

    assert (await quotes.overview(commission)).proposal is None
    assert (await quotes.accept(customer, commission)).state is QuoteState.ACCEPTED


async def test_agreed_to_it_is_the_next_draft_with_the_lines_that_the_studio_had_set(
    quotes: Quotes, offered: tuple[UUID, UUID]
) -> None:
    customer, commission = offered
    await quotes.record_brief(proposed(commission, engraving="For ever and a day"))

    await quotes.record_brief(brief(commission, version=2, engraving="For ever and a day"))

    desk, offer = await quotes.overview(commission), await quotes.offer(customer, commission)
    assert desk.quote is not None
    assert desk.change is not None
    assert offer.quote is not None
    assert (desk.proposal, desk.quote.version, desk.quote.brief_version) == (None, 2, 2)
    assert offer.quote.state is QuoteState.REPLACED
    await quotes.send(commission, 2)
    assert (await quotes.accept(customer, commission, 2)).state is QuoteState.ACCEPTED


async def test_of_an_acceptance_and_a_proposal_at_once_one_wins(quotes: Quotes, offered: tuple[UUID, UUID]) -> None:
    customer, commission = offered

    accepted, _ = await asyncio.gather(
        quotes.accept(customer, commission),
        quotes.record_brief(proposed(commission, size="55"), customer),
        return_exceptions=True,
    )

    names = [name for name, _ in await quotes.facts(commission)]
    assert names.count("QuoteAccepted") == (0 if isinstance(accepted, Problem) else 1)
    if not isinstance(accepted, Problem):  # what was accepted stays so, whoever accepts it again
        assert (await quotes.accept(customer, commission)).state is QuoteState.ACCEPTED


async def test_what_is_proposed_is_erased_with_the_brief(quotes: Quotes, offered: tuple[UUID, UUID]) -> None:
    _, commission = offered
    await quotes.record_brief(proposed(commission, engraving="For Zoe"))

    await quotes.erase_brief(commission)
    await quotes.record_brief(proposed(commission, engraving="For Zoe"))

    async with quotes.database.transaction() as tx:
        kept = await tx.connection.fetchval("SELECT count(*) FROM brief_proposal WHERE commission = $1", commission)
    assert kept == 0
