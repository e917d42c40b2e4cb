"""Questions and answers, and what is forgotten of them when somebody asks to be."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.quotes.actions import questions
from services.quotes.actions.questions import MOST_OPEN
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quote_money import OPS
from tests.support.quotes import NOW, Quotes


async def test_a_question_and_its_answer_are_texts_and_published_by_their_ids(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    asked = await quotes.ask(customer, commission, "May it be wider?")
    answered = await quotes.answer(commission, asked.question, "Yes, by 1 mm.")

    event = dict((await quotes.facts(commission))[-2:])
    assert event["QuestionAsked"]["question"] == str(asked.question)
    assert (event["QuestionAnswered"]["answer"], event["QuestionAnswered"]["open"]) == (str(answered.answer), 0)
    [(_, question)], [(_, answer)] = await quotes.facts(asked.question), await quotes.facts(_id(answered.answer))
    assert (question["subject"], question["body"]) == ("question", "May it be wider?")
    assert (answer["subject"], answer["body"]) == ("answer", "Yes, by 1 mm.")
    assert (await quotes.offer(customer, commission)).questions[0].answer_body == "Yes, by 1 mm."


async def test_an_answer_says_how_many_questions_are_still_open(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    first, _ = await quotes.ask(customer, commission), await quotes.ask(customer, commission)

    await quotes.answer(commission, first.question)

    assert (await quotes.facts(commission))[-1][1]["open"] == 1


async def test_a_question_is_answered_once(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    asked = await quotes.ask(customer, commission)
    await quotes.answer(commission, asked.question)

    with pytest.raises(Problem, match="question_answered"):
        await quotes.answer(commission, asked.question)


async def test_a_question_of_another_commission_is_missing(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    _, other = await quotes.sent()
    asked = await quotes.ask(customer, commission)

    with pytest.raises(Problem) as refused:
        await quotes.answer(other, asked.question)

    assert refused.value.type is ProblemType.NOT_FOUND


async def test_nobody_else_asks_about_a_quote_and_nobody_after_its_end(quotes: Quotes) -> None:
    customer, commission = await quotes.sent(held_days=2)

    with pytest.raises(Problem) as refused:
        await quotes.ask(new_id(), commission)
    assert refused.value.type is ProblemType.NOT_FOUND
    quotes.now = NOW + timedelta(days=2)
    with pytest.raises(Problem, match="expired"):
        await quotes.ask(customer, commission)


async def test_only_so_many_questions_wait_at_once(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    for _ in range(MOST_OPEN):
        await quotes.ask(customer, commission)

    with pytest.raises(Problem, match="questions_wait"):
        await quotes.ask(customer, commission)


async def test_the_oldest_question_waits_first_in_the_list_of_them_all(quotes: Quotes, database: Database) -> None:
    customer, commission = await quotes.sent()
    newer = await quotes.ask(customer, commission)
    quotes.now = NOW - timedelta(hours=1)
    older_customer, older_commission = await quotes.sent()
    older = await quotes.ask(older_customer, older_commission)

    async with database.transaction() as tx:
        waiting = [each.question for each in await questions.open_questions(tx, OPS)]

    assert waiting.index(older.question) < waiting.index(newer.question)


async def test_a_tombstone_takes_the_words_and_leaves_that_there_were_some(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    asked = await quotes.ask(customer, commission)
    answered = await quotes.answer(commission, asked.question)

    await quotes.erase_text(asked.question)
    await quotes.erase_text(_id(answered.answer))

    [question] = (await quotes.overview(commission)).questions
    assert (question.body, question.answer_body, question.open) == (None, None, False)


async def test_an_erased_person_is_forgotten_with_all_they_wrote_and_their_invoices_are_kept(
    quotes: Quotes, database: Database
) -> None:
    customer, commission = await quotes.sent()
    asked = await quotes.ask(customer, commission)
    await quotes.accept(customer, commission)
    declining, declined = await quotes.sent()
    await quotes.decline(declining, declined, words="Not now.")

    await quotes.erase_person(customer)
    await quotes.erase_person(declining)
    await quotes.record_person(customer, "Ada again")

    overview = await quotes.overview(commission)
    assert (overview.customer_name, overview.questions[0].body) == (None, None)
    assert overview.account is not None
    assert overview.account.invoices[0].customer_name == "Ada Quist"
    other = (await quotes.overview(declined)).quote
    assert other is not None
    assert other.decline is not None
    assert other.decline.words is None
    async with database.transaction() as tx:
        last = await tx.connection.fetchrow(
            "SELECT type, data FROM outbox WHERE key = $1 ORDER BY position DESC LIMIT 1", asked.question
        )
    assert last is not None
    assert (last["type"], last["data"]) == ("touchmark.texts.Tombstone", None)


async def test_an_invoice_waits_for_its_name_and_is_sealed_with_it(quotes: Quotes) -> None:
    customer, commission = await quotes.sent(name=None)
    await quotes.accept(customer, commission)

    assert (await quotes.account(commission)).invoices[0].customer_name is None
    await quotes.record_person(customer, "Ada Quist")
    await quotes.record_person(customer, "Ada Married")

    assert (await quotes.account(commission)).invoices[0].customer_name == "Ada Quist"


async def test_no_invoice_is_left_without_a_name_that_comes_at_the_same_moment(quotes: Quotes) -> None:
    offered = [await quotes.sent(name=None) for _ in range(12)]

    await asyncio.gather(
        *(quotes.accept(customer, commission) for customer, commission in offered),
        *(quotes.record_person(customer) for customer, _ in offered),
    )

    names = [(await quotes.account(commission)).invoices[0].customer_name for _, commission in offered]
    assert names == ["Ada Quist"] * 12


def _id(text: UUID | None) -> UUID:
    assert text is not None
    return text
