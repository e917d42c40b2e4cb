"""The desk sets lines right, sends, revises; and the offering's minimum holds or is explained."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.quotes.domain.quote import QuoteState
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from tests.support.quotes import NOW, WORDING, Quotes, brief


async def test_a_changed_line_makes_a_new_draft_with_its_reason(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)

    newer = await quotes.adjust(commission, 1, "bench", 40000, "You bring the wire yourself.")

    bench = next(line for line in newer.price.lines if line.code == "bench")
    assert bench.amount.minor == 40000
    assert bench.adjustment is not None
    assert (bench.adjustment.was.minor, bench.adjustment.reason) == (44200, "You bring the wire yourself.")
    assert newer.price.net.minor == sum(line.amount.minor for line in newer.price.lines)
    assert newer.price.total.minor == newer.price.net.minor + newer.price.vat.amount.minor
    assert (await quotes.overview(commission)).quote == newer
    assert await quotes.published(commission) == ["QuoteDrafted", "QuoteDrafted"]


async def test_an_adjustment_that_is_taken_back_leaves_the_price_as_the_craft_makes_it(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission)
    await quotes.adjust(commission, 1, "bench", 100)
    await quotes.adjust(commission, 2, "bench", 200)

    restored = await quotes.restore(commission, 3, "bench")

    assert restored.price.total == draft.total


async def test_a_price_below_the_minimum_comes_up_to_it_unless_that_line_is_set_itself(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    for version, line in enumerate(("metal", "bench"), start=1):
        await quotes.adjust(commission, version, line, 0)

    lowered = await quotes.adjust(commission, 3, "engraving", 0)

    assert (lowered.price.lines[-1].code, lowered.price.net.minor) == ("minimum", 38000)

    waived = await quotes.adjust(commission, 4, "minimum", 0, "A present from the studio.")
    lower = await quotes.adjust(commission, 5, "hallmark", 0)

    assert waived.price.net.minor < 38000
    assert lower.price.lines[-1].amount.minor == 0
    assert lower.price.net.minor == 2400


async def test_of_two_changes_at_once_the_first_is_kept_and_the_second_refused(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    await quotes.adjust(commission, 1, "bench", 40000)

    with pytest.raises(Problem, match="not_newest"):
        await quotes.adjust(commission, 1, "metal", 100)


async def test_a_line_that_there_is_not_cannot_be_set(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)

    for act in (quotes.adjust(commission, 1, "vat", 0), quotes.restore(commission, 1, "bench")):
        with pytest.raises(Problem) as refused:
            await act
        assert refused.value.type is ProblemType.VALIDATION_FAILED


async def test_a_quote_that_is_sent_says_its_terms_and_is_events(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    quote = (await quotes.offer(customer, commission)).quote

    assert quote is not None
    assert quote.offer is not None
    assert quote.offer.valid_until == datetime(2026, 12, 7, 23, tzinfo=UTC), "the end of the 14th day, at the studio"
    assert quote.offer.deposit.minor == quote.price.total.minor // 2
    words = " ".join(f"{each.title} {each.words}" for each in WORDING.terms(quote))
    for said in ("right of withdrawal does not apply", "35%", "65%", "95%", "26 February 2027"):
        assert said in words
    assert WORDING.variation(quote)[0].title == "No two engraved letters are quite alike."
    name, event = (await quotes.facts(commission))[-1]
    assert (name, event["quote_version"]) == ("QuoteSent", 1)
    assert (event["ready_by"], event["ready_by_p50"]) == ("2027-02-26", "2027-02-19")
    assert event["deposit"] == quote.offer.deposit.model_dump()


async def test_a_quote_is_not_valid_beyond_the_hours_that_are_held(quotes: Quotes) -> None:
    customer, commission = await quotes.sent(held_days=3)

    quote = (await quotes.offer(customer, commission)).quote

    assert quote is not None
    assert quote.offer is not None
    assert quote.offer.valid_until == NOW + timedelta(days=3)


@pytest.mark.parametrize(("asked", "given"), [(timedelta(days=2), 2), (timedelta(days=300), 3)])
async def test_the_studio_may_want_an_answer_sooner_and_cannot_give_longer_than_the_hours_are_held(
    quotes: Quotes, asked: timedelta, given: int
) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission, held_until=NOW + timedelta(days=3))

    sent = await quotes.send(commission, until=NOW + asked)

    assert sent.offer is not None
    assert sent.offer.valid_until == NOW + timedelta(days=given)


async def test_an_answer_cannot_be_wanted_before_now(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)

    with pytest.raises(Problem) as refused:
        await quotes.send(commission, until=NOW)

    assert [found.field for found in refused.value.fields] == ["valid_until"]
    assert "QuoteSendAsked" not in await quotes.published(commission)


async def test_sending_twice_is_sending_once(quotes: Quotes) -> None:
    _, commission = await quotes.sent()

    await quotes.send(commission)

    assert await quotes.published(commission) == ["QuoteDrafted", "QuoteSendAsked", "QuoteSent"]


async def test_what_was_sent_stays_with_the_customer_until_the_revision_is_sent(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    revised = await quotes.revise(commission, 1)
    overview = await quotes.overview(commission)

    assert (revised.version, revised.state) == (2, QuoteState.DRAFTED)
    assert overview.offered is not None
    assert overview.offered.version == 1
    shown = (await quotes.offer(customer, commission)).quote
    assert shown is not None
    assert shown.version == 1

    await quotes.send(commission, 2)

    newer = (await quotes.offer(customer, commission)).quote
    assert newer is not None
    assert newer.version == 2


async def test_nobody_sees_a_quote_before_it_is_sent_and_no_stranger_ever(quotes: Quotes) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)

    assert (await quotes.offer(customer, commission)).quote is None
    await quotes.send(commission)
    with pytest.raises(Problem) as refused:
        await quotes.offer(new_id(), commission)
    assert refused.value.type is ProblemType.NOT_FOUND


async def test_a_quote_that_is_extended_lives_longer_and_never_shorter(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission, held_until=NOW + timedelta(days=2), ready_by=date(2027, 1, 29))
    await quotes.send(commission)

    longer = await quotes.extend(commission, draft, NOW + timedelta(days=9))
    shorter = await quotes.extend(commission, draft, NOW)

    assert longer.valid_until == shorter.valid_until == NOW + timedelta(days=9)


async def test_what_is_decided_is_not_extended(quotes: Quotes) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    draft = await quotes.draft(commission)
    await quotes.send(commission)
    await quotes.accept(customer, commission)
    ended = new_id()
    await quotes.record_brief(brief(ended))
    other = await quotes.draft(ended)
    await quotes.expire(ended, other)

    assert (await quotes.extend(commission, draft, NOW + timedelta(days=99))).accepted
    assert (await quotes.extend(ended, other, NOW + timedelta(days=99))).ended
