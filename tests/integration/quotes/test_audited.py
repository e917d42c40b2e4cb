"""What ops do in quotes: each fact of it names who did it, with the codes and the amounts."""

from typing import Any
from uuid import UUID

from shared.kernel.ids import new_id
from tests.support.quote_money import OPS
from tests.support.quotes import Quotes, brief

BY = str(OPS.person)


async def newest(quotes: Quotes, commission: UUID, name: str) -> dict[str, Any]:
    """The newest fact of this class about a commission."""
    return next(said for told, said in reversed(await quotes.facts(commission)) if told == name)


async def drafted(quotes: Quotes) -> UUID:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    return commission


def euros(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


async def test_a_draft_of_the_life_cycle_is_nobodys(quotes: Quotes) -> None:
    commission = await drafted(quotes)

    said = await newest(quotes, commission, "QuoteDrafted")

    assert (said["by"], said["redraft"], said["change"]) == (None, None, None)


async def test_a_price_change_names_the_line_its_amounts_and_who_made_it(quotes: Quotes) -> None:
    commission = await drafted(quotes)

    newer = await quotes.adjust(commission, 1, "bench", 40000)

    said = await newest(quotes, commission, "QuoteDrafted")
    assert (said["by"], said["redraft"], said["total"]) == (BY, "price_changed", newer.price.total.model_dump())
    assert said["change"] == {"line": "bench", "before": euros(44200), "amount": euros(40000)}


async def test_a_restored_price_names_the_same(quotes: Quotes) -> None:
    commission = await drafted(quotes)
    await quotes.adjust(commission, 1, "bench", 40000)

    await quotes.restore(commission, 2, "bench")

    said = await newest(quotes, commission, "QuoteDrafted")
    assert (said["by"], said["redraft"]) == (BY, "price_restored")
    assert said["change"] == {"line": "bench", "before": euros(40000), "amount": euros(44200)}


async def test_a_top_up_that_is_restored_and_no_longer_needed_has_no_amounts(quotes: Quotes) -> None:
    commission = await drafted(quotes)
    for version, line in enumerate(("metal", "bench", "engraving"), start=1):
        await quotes.adjust(commission, version, line, 0)
    await quotes.adjust(commission, 4, "minimum", 0)
    await quotes.adjust(commission, 5, "bench", 60000)

    await quotes.restore(commission, 6, "minimum")

    said = await newest(quotes, commission, "QuoteDrafted")
    assert (said["redraft"], said["change"]) == ("price_restored", None)


async def test_who_sends_a_quote_revises_it_and_answers_about_it_is_named(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    question = await quotes.ask(customer, commission)
    await quotes.answer(commission, question.question)
    await quotes.revise(commission, 1)

    revised = await newest(quotes, commission, "QuoteDrafted")

    assert (await newest(quotes, commission, "QuoteSent"))["by"] == BY
    assert (await newest(quotes, commission, "QuestionAnswered"))["by"] == BY
    assert (revised["by"], revised["redraft"], revised["change"]) == (BY, "nothing", None)


async def test_who_records_a_payment_and_a_refund_is_named(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    left = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, left + 700)
    refund = (await quotes.account(commission)).refunds[0].refund

    await quotes.pay_refund(refund)

    received, refunded = (
        await newest(quotes, commission, "PaymentReceived"),
        await newest(quotes, commission, "RefundPaid"),
    )
    assert (received["by"], received["amount"]) == (BY, euros(left + 700))
    assert (refunded["by"], refunded["amount"]) == (BY, euros(700))
