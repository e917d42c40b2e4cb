"""Of a commission that ended before notify began to mail, its end is not mailed, and the studio and intake hear so."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.notify import actions
from services.notify.domain.mails import MailStatus
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import Outcome
from shared.contracts.notifications import Intent
from tests.conftest import MakeDatabase
from tests.support.notify import Customer, Notify, opened

HOUR = timedelta(hours=1)


@pytest.fixture
async def notify(make_database: MakeDatabase) -> AsyncIterator[Notify]:
    """A notify of its own that begins to read now, and mails nothing that is older than ten minutes."""
    async with opened(make_database) as found:
        cut = timedelta(minutes=10)
        await found.do(lambda tx: actions.start_reading(tx, list(Topic), look_back=cut, now=found.now()))
        yield found


async def knows(notify: Notify, customer: Customer, *facts: CommissionFact, ago: timedelta) -> None:
    """Facts of so long ago are read, and who the customer is."""
    for fact in facts:
        await notify.receives(fact.model_copy(update={"at": notify.now() - ago}))
    await notify.know(customer)
    await notify.brief(customer)


async def somebody(notify: Notify) -> Customer:
    return await notify.submit()


@pytest.mark.parametrize(
    ("outcome", "intent"),
    [(Outcome.WITHDRAWN, Intent.COMMISSION_ENDED), (Outcome.CANCELLED, Intent.COMMISSION_CANCELLED)],
)
async def test_a_last_mail_from_before_the_cut_over_is_said_to_be_omitted(
    notify: Notify, outcome: Outcome, intent: Intent
) -> None:
    customer = await somebody(notify)
    facts = notify.facts_of(customer)

    await knows(notify, customer, facts.ended(outcome), ago=2 * HOUR)
    sent = await notify.post(customer, at=60)

    (mail,) = await notify.mails(customer, intent)
    assert intent not in sent
    assert mail.status is MailStatus.TOO_OLD
    assert (await notify.facts(customer)).count("MailOmitted") == 1


async def test_so_is_the_mail_about_a_certificate(notify: Notify) -> None:
    customer = await somebody(notify)
    facts = notify.facts_of(customer)

    await knows(notify, customer, facts.certified(), facts.ended(Outcome.COMPLETED), ago=2 * HOUR)
    sent = await notify.post(customer, at=60)

    assert Intent.CERTIFICATE_READY not in sent
    assert (await notify.facts(customer)).count("MailOmitted") == 1


async def test_of_what_ended_long_ago_nobody_hears(notify: Notify) -> None:
    customer = await somebody(notify)

    await knows(notify, customer, notify.facts_of(customer).ended(Outcome.WITHDRAWN), ago=100 * HOUR)
    await notify.post(customer, at=60)

    assert await notify.mails(customer, Intent.COMMISSION_ENDED) == []
    assert "MailOmitted" not in await notify.facts(customer)


async def test_of_another_mail_that_is_too_old_nobody_hears(notify: Notify) -> None:
    customer = await somebody(notify)

    await knows(notify, customer, notify.facts_of(customer).drafted(), ago=2 * HOUR)
    await notify.post(customer, at=60)

    assert await notify.mails(customer, Intent.QUOTE_DRAFTED) == []
    assert "MailOmitted" not in await notify.facts(customer)


async def test_an_end_after_the_cut_over_is_mailed(notify: Notify) -> None:
    customer = await somebody(notify)

    await knows(notify, customer, notify.facts_of(customer).ended(Outcome.WITHDRAWN), ago=timedelta(minutes=1))

    assert Intent.COMMISSION_ENDED in await notify.post(customer, at=60)
