"""Links to sign in by, mailed to people as such: about no commission, and good for a while only."""

import re
from datetime import datetime, timedelta

import pytest

from services.notify import actions
from services.notify.domain.mails import MailState
from shared.auth.mail_secrets import MailSecrets
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from tests.integration.notify.conftest import Mailing
from tests.support.mail_server import MailServer
from tests.support.notify import Customer, Notify
from tests.support.service import MAIL_SECRET
from tests.support.waiting import until as eventually

SECRETS = MailSecrets(MAIL_SECRET)


@pytest.mark.parametrize(
    ("purpose", "page", "with_code"),
    [
        (LinkPurpose.SIGN_IN, "/sign-in/link", True),
        (LinkPurpose.INVITATION, "/invitation", False),
        (LinkPurpose.NEW_ACCESS, "/invitation", False),
    ],
)
async def test_a_person_gets_one_mail_with_the_link_that_intake_knows_by_its_hash(
    notify: Notify, mail: MailServer, mailing: Mailing, purpose: LinkPurpose, page: str, *, with_code: bool
) -> None:
    somebody, now = Customer(new_id(), new_id()), notify.now()
    await notify.know(somebody, role=Role.MAKER)
    asked = LinkAsked(
        at=now, person=somebody.person, right=new_id(), purpose=purpose, until=now + timedelta(minutes=10)
    )

    async with mailing():
        for _ in range(2):
            await notify.do(lambda tx: actions.tell_person(tx, asked, 1, now))
        await eventually("the mail arrived", lambda: len(mail.to(somebody.email)) == 1, within=30)

    [received] = mail.to(somebody.email)
    body = received.get_body(("plain",))
    assert body
    found = re.search(rf"{page}\?link=(\S+)", body.get_content())
    assert found
    assert found[1] == SECRETS.link(asked.right)
    digits = re.sub(r"\D", "", body.get_content())
    assert (SECRETS.code(asked.right) in digits) == with_code


async def test_nothing_is_published_of_it(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    somebody, now = Customer(new_id(), new_id()), notify.now()
    await notify.know(somebody)
    asked = _asked(somebody, now, now + timedelta(minutes=10))

    async with mailing():
        await notify.do(lambda tx: actions.tell_person(tx, asked, 1, now))
        await eventually("the mail arrived", lambda: len(mail.to(somebody.email)) == 1, within=30)

    assert await notify.facts(Customer(somebody.person, somebody.person)) == []


async def test_a_link_says_until_when_it_is_good_however_late_its_mail_leaves(notify: Notify) -> None:
    somebody, now = Customer(new_id(), new_id()), notify.now()
    await notify.know(somebody)
    asked = _asked(somebody, now, now + timedelta(minutes=25))
    await notify.do(lambda tx: actions.tell_person(tx, asked, 1, now))

    [sent] = [each for each in await notify.deliver(at=24) if each.person == somebody.person]

    assert sent.good_until == asked.until


async def test_a_link_that_is_over_is_mailed_to_nobody(notify: Notify) -> None:
    """By its own end: how long a link is good is for intake to say."""
    somebody, now = Customer(new_id(), new_id()), notify.now()
    await notify.know(somebody)
    asked = _asked(somebody, now, now + timedelta(minutes=3))
    await notify.do(lambda tx: actions.tell_person(tx, asked, 1, now))

    sent = await notify.deliver(at=3)

    assert somebody.person not in {each.person for each in sent}
    assert await notify.states(somebody) == [MailState.OVERTAKEN]


def _asked(somebody: Customer, at: datetime, until: datetime) -> LinkAsked:
    return LinkAsked(at=at, person=somebody.person, right=new_id(), purpose=LinkPurpose.SIGN_IN, until=until)
