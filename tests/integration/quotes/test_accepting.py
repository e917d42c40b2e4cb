"""QuoteAccept is one transaction with one answer, also if somebody asks twice, too late, or for what is gone."""

import asyncio
import hashlib
import json
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from services.quotes.domain.quote import QuoteState
from shared.contracts.quotes import QuoteEnd
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quotes import NOW, WORDING, Quotes, brief


async def _refused(quotes: Quotes, customer: UUID, commission: UUID, version: int = 1) -> str:
    with pytest.raises(Problem) as refused:
        await quotes.accept(customer, commission, version)
    assert refused.value.type is ProblemType.CONFLICT
    return str(refused.value.detail)


async def test_accepting_makes_the_contract_the_invoice_and_the_posting_at_once(
    quotes: Quotes,
) -> None:
    customer, commission = await quotes.accepted()

    account = await quotes.account(commission)
    [deposit] = account.invoices
    quote = (await quotes.overview(commission)).quote
    assert quote is not None
    assert quote.offer is not None
    assert quote.state is QuoteState.ACCEPTED
    assert deposit.total == quote.offer.deposit == account.left
    assert (deposit.customer_name, deposit.details.address) == ("Ada Quist", "Lindenweg 4\n10115 Berlin")
    assert await quotes.published(commission) == [
        *("QuoteDrafted", "QuoteSendAsked", "QuoteSent", "QuoteAccepted", "InvoiceIssued")
    ]
    assert (await quotes.balances(commission))["receivable"] == deposit.total.minor
    assert account.contract is not None
    assert account.contract.customer == customer
    [amendment] = account.contract.amendments
    assert (amendment.number, amendment.language) == (0, "en")
    assert hashlib.sha256(amendment.document.encode()).hexdigest() == amendment.sha256
    agreed = json.loads(amendment.document)
    assert agreed["total"] == quote.price.total.minor
    assert [each["code"] for each in agreed["terms"]] == [each.code for each in quote.offer.terms]
    assert agreed["words"]["terms"] == [[each.title, each.words] for each in WORDING.terms(quote)]
    assert len(agreed["variation"]) == len(agreed["words"]["variation"]) == 3


async def test_the_deposit_has_one_last_day_wherever_it_is_read(quotes: Quotes) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    draft = await quotes.draft(commission)
    await quotes.send(commission)

    await quotes.accept(customer, commission)
    ending = await quotes.expire(commission, draft, QuoteEnd.EXPIRED)

    [deposit] = (await quotes.account(commission)).invoices
    event = dict(await quotes.facts(commission))

    assert deposit.due_on == ending.deposit_due_on == NOW.date() + timedelta(days=quotes.settings.deposit_days)
    assert event["QuoteAccepted"]["deposit_due_on"] == event["InvoiceIssued"]["due_on"] == str(deposit.due_on)
    assert not ending.deposit_paid


async def test_an_end_is_refused_once_the_deposit_is_here(quotes: Quotes) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    draft = await quotes.draft(commission)
    await quotes.send(commission)
    await quotes.accept(customer, commission)
    left = (await quotes.account(commission)).left

    await quotes.pay(commission, left.minor - 1)
    assert not (await quotes.expire(commission, draft)).deposit_paid
    await quotes.pay(commission, 1)

    assert (await quotes.expire(commission, draft)).deposit_paid


async def test_the_balance_has_one_last_day_wherever_it_is_read(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    issued = await quotes.issue_balance(commission)

    name, event = (await quotes.facts(commission))[-1]
    assert (name, event["due_on"]) == ("InvoiceIssued", str(issued.due_on))
    assert issued.due_on == NOW.date() + timedelta(days=quotes.settings.balance_days)


async def test_accepting_twice_has_the_same_answer_and_is_published_once(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    first = await quotes.accept(customer, commission)
    second = await quotes.accept(customer, commission)

    assert first == second
    assert (await quotes.published(commission)).count("QuoteAccepted") == 1


async def test_accepting_from_two_browsers_at_once_is_accepting_once(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    both = await asyncio.gather(*(quotes.accept(customer, commission) for _ in range(4)))

    assert len(set(map(str, both))) == 1
    assert (await quotes.published(commission)).count("InvoiceIssued") == 1


async def test_a_quote_cannot_be_accepted_after_it_expired_by_the_clock_alone(quotes: Quotes) -> None:
    customer, commission = await quotes.sent(held_days=2)
    quotes.now = NOW + timedelta(days=2)

    assert "expired" in await _refused(quotes, customer, commission)
    assert (await quotes.published(commission))[-1] == "QuoteSent"


async def test_a_quote_can_be_accepted_until_its_very_last_moment(quotes: Quotes) -> None:
    customer, commission = await quotes.sent(held_days=2)
    quotes.now = NOW + timedelta(days=2) - timedelta(microseconds=1)

    assert (await quotes.accept(customer, commission)).state is QuoteState.ACCEPTED


async def test_the_clock_is_read_once_the_lock_is_there(quotes: Quotes, database: Database) -> None:
    """Somebody who pressed in time, and waited behind another transaction until the last moment had gone by."""
    customer, commission = await quotes.sent(held_days=2)
    async with database.transaction() as tx:
        await tx.connection.fetch("SELECT 1 FROM quote WHERE commission = $1 FOR UPDATE", commission)
        waiting = asyncio.create_task(_refused(quotes, customer, commission))
        await _until_somebody_waits(database)
        quotes.now = NOW + timedelta(days=2)

    assert "expired" in await waiting


async def test_a_version_cannot_be_accepted_after_a_newer_one_was_sent(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    await quotes.adjust(commission, 1, "bench", 50000)
    await quotes.send(commission, 2)

    assert "newer_version" in await _refused(quotes, customer, commission, 1)
    assert (await quotes.accept(customer, commission, 2)).version == 2
    assert "accepted_version" in await _refused(quotes, customer, commission, 1)


async def test_what_was_sent_may_be_accepted_while_a_revision_is_drafted_which_is_moot_then(
    quotes: Quotes, database: Database
) -> None:
    customer, commission = await quotes.sent()
    await quotes.adjust(commission, 1, "bench", 50000)

    await quotes.accept(customer, commission, 1)

    overview = await quotes.overview(commission)
    assert overview.quote is not None
    assert (overview.quote.version, overview.quote.state) == (1, QuoteState.ACCEPTED)
    async with database.transaction() as tx:
        states = await tx.connection.fetch(
            "SELECT state FROM quote_version WHERE quote = $1 ORDER BY version", overview.quote.quote
        )
    assert [row["state"] for row in states] == ["accepted", "replaced"]
    with pytest.raises(Problem, match="accepted_for_good"):
        await quotes.send(commission, 2)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (QuoteEnd.WITHDRAWN, "withdrawn"),
        (QuoteEnd.LAPSED, "lapsed"),
        (QuoteEnd.EXPIRED, "expired"),
        (QuoteEnd.CANCELLED, "cancelled"),
    ],
)
async def test_a_quote_that_has_ended_cannot_be_accepted_and_says_why(
    quotes: Quotes, reason: QuoteEnd, said: str
) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    draft = await quotes.draft(commission)
    await quotes.send(commission)

    ending = await quotes.expire(commission, draft, reason)

    assert not ending.accepted
    assert said in await _refused(quotes, customer, commission)


async def test_ending_comes_too_late_where_the_customer_was_quicker(quotes: Quotes) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    draft = await quotes.draft(commission)
    await quotes.send(commission)
    accepted = await quotes.accept(customer, commission)

    ending = await quotes.expire(commission, draft, QuoteEnd.EXPIRED)

    assert accepted.offer is not None
    assert (ending.accepted, ending.total, ending.deposit) == (True, draft.total, accepted.offer.deposit)
    assert "QuoteExpired" not in await quotes.published(commission)


async def test_ending_ends_the_draft_and_what_was_sent(quotes: Quotes) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    draft = await quotes.draft(commission)
    await quotes.send(commission)
    await quotes.revise(commission, 1)

    await quotes.expire(commission, draft)

    assert (await quotes.facts(commission))[-1][1]["quote_version"] == 2
    assert "lapsed" in await _refused(quotes, customer, commission)
    for act in (quotes.send(commission, 2), quotes.revise(commission, 2)):
        with pytest.raises(Problem, match="ended"):
            await act


async def test_nobody_but_its_customer_accepts_a_quote_and_nobody_one_that_was_not_sent(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    for person, version in ((new_id(), 1), (customer, 2), (customer, 0)):
        with pytest.raises(Problem) as refused:
            await quotes.accept(person, commission, version)
        assert refused.value.type is ProblemType.NOT_FOUND


async def test_declining_twice_is_declining_once_and_its_words_are_a_text(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    await quotes.decline(customer, commission, words="A little over what I have.")
    await quotes.decline(customer, commission, words="Again.")

    name, event = (await quotes.facts(commission))[-1]
    assert (name, event["reason"]) == ("QuoteDeclined", "price")
    [(written, text)] = await quotes.facts(UUID(event["text"]))
    assert (written, text["body"], text["subject"]) == ("TextWritten", "A little over what I have.", "reason")
    assert "declined" in await _refused(quotes, customer, commission)
    assert "A little" not in json.dumps(await quotes.facts(commission))


async def test_what_was_accepted_cannot_be_declined(quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()

    with pytest.raises(Problem, match="accepted_by_you"):
        await quotes.decline(customer, commission)


async def test_the_database_lets_nothing_of_an_accepted_quote_be_changed(quotes: Quotes, database: Database) -> None:
    _, commission = await quotes.accepted()
    overview = await quotes.overview(commission)
    assert overview.quote is not None
    quote = overview.quote.quote

    for sql in (
        "UPDATE quote_version SET total_minor = 1, net_minor = 1, vat_minor = 0 WHERE quote = $1",
        "UPDATE quote_version SET state = 'sent' WHERE quote = $1",
        "UPDATE quote_line SET amount_minor = 1 WHERE quote = $1",
        "UPDATE contract_amendment SET sha256 = '' WHERE quote = $1",
        "DELETE FROM contract_amendment WHERE quote = $1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with database.transaction() as tx:
                await tx.connection.execute(sql, quote)


async def test_acceptances_at_once_get_numbers_without_a_gap(quotes: Quotes, database: Database) -> None:
    offered = [await quotes.sent() for _ in range(5)]

    await asyncio.gather(*(quotes.accept(customer, commission) for customer, commission in offered))

    async with database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT number FROM invoice ORDER BY number")
    assert [row["number"] for row in rows] == [f"2026-{place:04d}" for place in range(1, len(rows) + 1)]


async def _until_somebody_waits(database: Database) -> None:
    async with asyncio.timeout(10):
        while True:
            async with database.transaction() as tx:
                waiting = await tx.connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
            if waiting:
                return
            await asyncio.sleep(0)
