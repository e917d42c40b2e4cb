"""What the pages and the API answer to what is wrong, twice, too late, or somebody else's."""

from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import httpx
import pytest

from services.quotes.main import web
from shared import offerings
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.offerings.document import digest
from shared.offerings.model import read
from shared.offerings.store import record
from shared.postgres.database import Database
from tests.support.quotes import RING, Quotes, brief, kernel_of
from tests.support.web import ORIGIN, bearer, client_of, cookie

HERE = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
AGREED = {"version": "1", "terms": "yes", "variation": "yes"}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


class Visitor:
    """Somebody with a browser, who sends forms."""

    def __init__(self, client: httpx.AsyncClient, role: Role, person: UUID | None = None) -> None:
        self._client = client
        self._headers = cookie(role, person) | HERE

    async def sends(self, path: str, **form: str) -> httpx.Response:
        return await self._client.post(path, data=form, headers=self._headers)

    async def looks(self, path: str) -> httpx.Response:
        return await self._client.get(path, headers=self._headers)


async def test_a_form_without_its_boxes_keeps_what_was_typed_and_accepts_nothing(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    ada = Visitor(client, Role.CUSTOMER, customer)

    answer = await ada.sends(f"/quotes/{commission}/accept", version="1", terms="yes", address="Lindenweg 4")

    assert answer.status_code == 422
    assert "You have not yet agreed to how the piece may differ." in answer.text
    assert "Lindenweg 4" in answer.text
    assert "QuoteAccepted" not in await quotes.published(commission)


async def test_quote_and_order_show_what_is_ordered(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    ada = Visitor(client, Role.CUSTOMER, customer)

    pages = [await ada.looks(f"/quotes/{commission}{path}") for path in ("", "/accept")]
    program = await client.get(
        f"/api/v1/quotes/commissions/{commission}/offer", headers=bearer(Role.CUSTOMER, customer)
    )

    brief = program.json()["brief"]
    assert brief["version"] == 1
    assert {"size", "metal", "engraving"} <= {answer["field"] for answer in brief["answers"]}
    for page in pages:
        shown = unescape(page.text)
        assert "What you order" in shown
        assert f"Commission {str(commission)[-6:]}, brief version 1 of" in shown
        assert all(answer["shown"] in shown for answer in brief["answers"])


async def test_a_yes_that_is_sent_twice_leads_to_the_same_page_twice(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    ada = Visitor(client, Role.CUSTOMER, customer)

    answers = [await ada.sends(f"/quotes/{commission}/accept", **AGREED) for _ in range(2)]

    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, f"/quotes/{commission}")] * 2
    assert (await quotes.published(commission)).count("QuoteAccepted") == 1


async def test_a_contract_is_in_the_language_of_the_page_that_was_agreed_to(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    ada = Visitor(client, Role.CUSTOMER, customer)
    shown = await ada.looks(f"/quotes/{commission}/accept")

    await ada.sends(f"/quotes/{commission}/accept", **AGREED, language="de")

    account = await quotes.account(commission)
    assert '<input type="hidden" name="language" value="en">' in shown.text
    assert account.contract is not None
    assert account.contract.language == "de"


async def test_a_last_day_that_is_none_is_said_so_at_the_desk(client: httpx.AsyncClient, quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    ops = Visitor(client, Role.OPS, new_id())

    answers = [
        await ops.sends(f"/quotes/{commission}/send", version="1", last_day=day) for day in ("soon", "2020-01-01")
    ]

    assert ["This is not a date." in answers[0].text, "This day has passed." in answers[1].text] == [True, True]
    assert "QuoteSendAsked" not in await quotes.published(commission)


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 30, "000000001" + "9" * 5000, "\u0661"])
async def test_a_version_that_is_none_is_said_so(client: httpx.AsyncClient, quotes: Quotes, version: str) -> None:
    customer, commission = await quotes.sent()
    ada = Visitor(client, Role.CUSTOMER, customer)

    answer = await ada.sends(f"/quotes/{commission}/accept", **AGREED | {"version": version})

    assert answer.status_code in {404, 422}


async def test_an_expired_quote_says_so_to_a_customer_who_still_accepts(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    overview = await quotes.overview(commission)
    assert overview.quote is not None
    await quotes.decline(customer, commission)
    ada = Visitor(client, Role.CUSTOMER, customer)

    answer = await ada.sends(f"/quotes/{commission}/accept", **AGREED)

    assert answer.status_code == 409
    assert "You have declined this quote." in answer.text
    assert (await ada.looks(f"/quotes/{commission}/accept")).headers["location"] == f"/quotes/{commission}"


async def test_somebody_elses_quote_is_missing_like_one_that_there_is_not(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    await quotes.ask(customer, commission)
    eve = Visitor(client, Role.CUSTOMER)

    for about in (commission, new_id()):
        for path in ("", "/live", "/accept", "/decline", "/ask", "/quote.pdf"):
            assert (await eve.looks(f"/quotes/{about}{path}")).status_code == 404
        assert (await eve.sends(f"/quotes/{about}/accept", **AGREED)).status_code == 404
        assert (await eve.sends(f"/quotes/{about}/decline", version="1", reason="price")).status_code == 404
        assert (await eve.sends(f"/quotes/{about}/ask", words="What is it?")).status_code == 404


async def test_a_question_that_is_sent_twice_is_asked_once(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    ada = Visitor(client, Role.CUSTOMER, customer)
    form = {"words": "May it be wider?", "idempotency_key": str(new_id())}

    answers = [await ada.sends(f"/quotes/{commission}/ask", **form) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert len((await quotes.overview(commission)).questions) == 1


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001, "a\x00b"])
async def test_words_that_cannot_be_taken_come_back_with_what_to_do(
    client: httpx.AsyncClient, quotes: Quotes, words: str
) -> None:
    customer, commission = await quotes.sent()

    answer = await Visitor(client, Role.CUSTOMER, customer).sends(f"/quotes/{commission}/ask", words=words)

    assert answer.status_code == 422
    assert (await quotes.overview(commission)).questions == ()


async def test_a_payment_form_says_everything_that_is_wrong_at_once(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    ops = Visitor(client, Role.OPS)

    answer = await ops.sends(f"/quotes/{commission}/payments", amount="1.234", received_on="tomorrow")

    assert answer.status_code == 422
    assert "This amount can be read in two ways." in answer.text
    assert "This is not a date." in answer.text
    assert 'value="1.234"' in answer.text


@pytest.mark.parametrize(("day", "said"), [("2026-11-24", "in the future"), ("2025-01-01", "more than a year ago")])
async def test_a_payment_on_an_impossible_day_is_refused(
    client: httpx.AsyncClient, quotes: Quotes, day: str, said: str
) -> None:
    _, commission = await quotes.accepted()

    answer = await Visitor(client, Role.OPS).sends(f"/quotes/{commission}/payments", amount="10", received_on=day)

    assert answer.status_code == 422
    assert said in answer.text
    assert (await quotes.account(commission)).payments == ()


async def test_a_payment_form_that_is_sent_twice_is_one_payment(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    ops = Visitor(client, Role.OPS)
    form = {"amount": "100,00", "confirmed": "10000", "received_on": "2026-11-23", "idempotency_key": str(new_id())}

    answers = [await ops.sends(f"/quotes/{commission}/payments", **form) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    [payment] = (await quotes.account(commission)).payments
    assert payment.amount.minor == 10000


async def test_a_payment_is_read_in_the_currency_that_its_craft_is_priced_in(
    client: httpx.AsyncClient, quotes: Quotes, database: Database
) -> None:
    commission = new_id()
    text = RING.canonical.replace('"EUR"', '"JPY"').replace('"version":1', '"version":2000')
    yen = offerings.OfferingDocument(read(text), text, digest(text))
    async with database.transaction() as tx:
        await record(tx, [yen])
    await quotes.record_brief(
        brief(commission).model_copy(update={"offering_version": yen.version, "offering_sha256": yen.sha256})
    )
    await quotes.draft(commission)

    form = {"amount": "1500", "confirmed": "1500", "received_on": "2026-11-23"}
    answer = await Visitor(client, Role.OPS).sends(f"/quotes/{commission}/payments", **form)

    assert answer.status_code == 303
    [payment] = (await quotes.account(commission)).payments
    assert payment.amount == Money(minor=1500, currency="JPY")


async def test_a_payment_by_its_reference_finds_the_commission(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    reference = (await quotes.account(commission)).reference
    form = {"reference": f"deposit {reference}".removeprefix("deposit "), "amount": "5", "received_on": "2026-11-22"}
    form["confirmed"] = "500"

    answer = await Visitor(client, Role.OPS).sends("/quotes/payments", **form)

    assert answer.headers["location"] == f"/quotes/{commission}"


async def test_a_line_is_set_once_however_often_the_form_is_sent(client: httpx.AsyncClient, quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.draft(commission)
    ops = Visitor(client, Role.OPS)
    form = {"version": "1", "line": "bench", "amount": "400", "reason": "As agreed.", "idempotency_key": str(new_id())}

    answers = [await ops.sends(f"/quotes/{commission}/adjust", **form) for _ in range(2)]
    late = await ops.sends(f"/quotes/{commission}/adjust", **form | {"idempotency_key": str(new_id())})

    assert [each.status_code for each in answers] == [303, 303]
    assert late.status_code == 409
    assert "Version 2 is the newest one" in late.text
    assert 'value="400"' in late.text


async def test_the_api_does_what_the_pages_do(client: httpx.AsyncClient, quotes: Quotes) -> None:
    """A whole quote, from the draft to the refund, as a program would have it."""
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)
    ops, ada, path = bearer(Role.OPS), bearer(Role.CUSTOMER, customer), f"/api/v1/quotes/commissions/{commission}"

    async def post(where: str, who: dict[str, str], **body: object) -> dict[str, object]:
        keyed = who | {"Idempotency-Key": str(new_id())}
        address = where if where.startswith("/api") else f"{path}/{where}"
        answer = await client.post(address, json=body, headers=keyed)
        return dict(answer.raise_for_status().json())

    await post("quote/adjust", ops, version=1, line="bench", minor=1, currency="EUR", reason="As agreed.")
    await post("quote/restore", ops, version=2, line="bench")
    sent = await post("quote/send", ops, version=3)
    assert (await post("quote/keep", ops, version=3))["state"] == "drafted"
    await post("quote/send", ops, version=3)
    assert (await client.get(f"{path}/quote", headers=ops)).json()["sending"]["number"] == 2
    await quotes.held(commission, 3)
    assert (await post("quote/revise", ops, version=3))["version"] == 4
    await post("quote/send", ops, version=4)
    await quotes.held(commission, 4)
    question = (await post("questions", ada, words="May it be wider?"))["question"]
    waiting = (await client.get("/api/v1/quotes/questions", headers=ops)).json()
    assert str(question) in [each["question"] for each in waiting]
    await post(f"questions/{question}/answer", ops, words="Yes.")
    accepted = await post("offer/accept", ada, version=4, terms=True, variation=True)
    assert (accepted["state"], accepted["price"]) == ("accepted", sent["price"])
    offer = (await client.get(f"{path}/offer", headers=ada)).json()
    reference, left = offer["account"]["reference"], offer["account"]["left"]["minor"]
    found = await client.get("/api/v1/quotes/references", params={"reference": reference}, headers=ops)
    assert found.json() == {"commission": str(commission)}
    invoices = (await client.get("/api/v1/quotes/invoices", headers=ops)).json()["items"]
    assert reference in [each["reference"] for each in invoices]
    paid = await post(
        "payments", ops, minor=left + 5, differs=True, currency="EUR", received_on="2026-11-23", bank_reference=None
    )
    assert paid["left"] == {"minor": 0, "currency": "EUR"}
    refunds = (await client.get("/api/v1/quotes/refunds", headers=ops)).json()
    [refund] = [each["refund"] for each in refunds if each["commission"] == str(commission)]
    back = await post(f"/api/v1/quotes/refunds/{refund}/paid", ops, paid_on="2026-11-23")
    assert back["paid_on"] == "2026-11-23"


async def test_the_api_refuses_a_yes_without_terms(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    answer = await client.post(
        f"/api/v1/quotes/commissions/{commission}/offer/accept",
        json={"version": 1, "terms": False, "variation": True},
        headers=bearer(Role.CUSTOMER, customer),
    )

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "/terms"


async def test_the_list_is_sifted_by_how_quotes_stand(client: httpx.AsyncClient, quotes: Quotes) -> None:
    (_, accepted), (_, sent) = await quotes.accepted(), await quotes.sent()

    answer = await client.get("/api/v1/quotes/quotes?state=accepted&limit=100", headers=bearer(Role.OPS))

    listed = [each["commission"] for each in answer.json()["items"]]
    assert str(accepted) in listed
    assert str(sent) not in listed


async def test_a_day_that_is_too_late_is_said_on_quote_and_desk(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent(needed_by="2027-02-20")
    ada, ops = Visitor(client, Role.CUSTOMER, customer), Visitor(client, Role.OPS, new_id())

    pages = [(await ada.looks(f"/quotes/{commission}{page}")).text for page in ("", "/accept")]
    desk = (await ops.looks(f"/quotes/{commission}")).text

    for page in pages:
        assert "It will not be ready by the day you need it" in page
        assert "26 February 2027: 6 days later" in " ".join(page.split())
    assert "It will not be ready by the day the customer needs it" in desk


async def test_a_day_that_is_kept_is_not_called_late(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent(needed_by="2027-02-26")

    page = (await Visitor(client, Role.CUSTOMER, customer).looks(f"/quotes/{commission}")).text

    assert "It will not be ready by the day you need it" not in page
