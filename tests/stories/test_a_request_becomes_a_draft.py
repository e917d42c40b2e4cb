"""From the customer's form to the draft quote on the desk, through all five services."""

import httpx

from shared.contracts.people import Role
from shared.kafka.connection import Kafka
from tests.support.studio import Studio
from tests.support.waiting import until

QUOTE = "SELECT state FROM quote_version JOIN quote USING (quote) WHERE commission = $1"


PROMISE = "SELECT state, ready_by FROM promise WHERE commission = $1"


async def test_a_submitted_ring_reaches_the_desk_with_a_day_and_a_price_and_takes_no_hours(studio: Studio) -> None:
    customer, ops = await studio.customer(), studio.as_role(Role.OPS)

    commission = await customer.submit()
    await studio.until_stage(commission, "desk")

    (quote,) = await studio.rows("quotes", f"{QUOTE} AND quote.ready_by > current_date", commission)
    shown = await ops.get(f"/api/v1/lifecycle/commissions/{commission}")
    assert await studio.rows("production", PROMISE, commission) == []
    assert quote["state"] == "drafted"
    assert (shown["phase"], shown["holder"]) == ("desk", "studio")


async def test_the_customer_gets_one_mail_for_each_intent_with_a_link_to_the_page(studio: Studio) -> None:
    customer = await studio.customer()

    commission = await customer.submit()

    await until("two mails", lambda: len(studio.mail_to(commission)) == 2, within=60)
    subjects = {str(mail["subject"]) for mail in studio.mail_to(commission)}
    assert len(subjects) == 2
    for mail in studio.mail_to(commission):
        assert f"{studio.url}/commissions/{commission}" in mail.as_string().replace("=\n", "")


async def test_the_customers_timeline_tells_what_the_other_services_did(studio: Studio) -> None:
    customer = await studio.customer()
    commission = await customer.submit()

    async def on_the_timeline() -> bool:
        story = await customer.get(f"/api/v1/intake/commissions/{commission}/timeline")
        happened = {entry["code"] for entry in story["entries"] if entry["state"] == "done"}
        return {"quote_drafted", "mail_sent"} <= happened

    await until("quote and mail on the timeline", on_the_timeline, within=60)


async def test_what_is_sent_while_the_bench_is_away_stays_a_draft_and_is_sent_once_it_is_back(studio: Studio) -> None:
    customer, ops = await studio.customer(), studio.as_role(Role.OPS)
    commission = await customer.submit()
    await studio.until_stage(commission, "desk")
    path = f"/api/v1/quotes/commissions/{commission}/quote"

    await studio.stop("production")
    for _ in range(2):
        answer = await ops.client.post(f"{path}/send", json={"version": 1})
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    away = await ops.get(path)
    await studio.start("production")
    await studio.until_stage(commission, "offered")

    assert (away["quote"]["state"], away["sending"]["state"], away["sending"]["number"]) == ("drafted", "asked", 1)
    (promise,) = await studio.rows("production", PROMISE, commission)
    sent = (await ops.get(path))["quote"]
    assert (promise["state"], promise["ready_by"].isoformat()) == ("held", sent["ready_by"])


async def test_a_withdrawn_commission_ends(studio: Studio) -> None:
    customer = await studio.customer()
    commission = await customer.submit()
    await studio.until_stage(commission, "desk")
    await until("the mail about the quote", lambda: len(studio.mail_to(commission)) == 2, within=30)

    answer = await customer.client.post(
        f"/api/v1/intake/commissions/{commission}/withdraw",
        json={"reason": "changed_mind"},
        headers={"Idempotency-Key": str(commission)},
    )

    assert answer.status_code == httpx.codes.OK, answer.text
    await studio.until_ended(commission)
    (quote,) = await studio.rows("quotes", QUOTE, commission)
    assert quote["state"] == "expired"
    await until("the goodbye mail", lambda: len(studio.mail_to(commission)) == 3, within=30)


async def test_personal_data_and_free_text_stay_out_of_facts_and_workflow_histories(
    studio: Studio, temporal: str, kafka: Kafka
) -> None:
    from tests.support.leaks import words_in_facts_and_histories  # noqa: PLC0415 (only this story needs Kafka itself)

    customer = await studio.customer()
    commission = await customer.submit()
    await studio.until_stage(commission, "desk")

    found = await words_in_facts_and_histories(kafka, temporal, studio.prefix, commission)

    assert b"QuoteDrafted" in found
    for private in (b"A customer of the studio", b"@example.org", b"as it was", b"say that we mean it"):
        assert private not in found
