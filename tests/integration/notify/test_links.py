"""Links to sign in by, mailed to people as such: about no commission, and good for a while only."""

import re
from datetime import timedelta

import pytest

from services.notify import actions
from shared.auth.mail_secrets import MailSecrets
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from tests.integration.notify.conftest import Mailing
from tests.support.mail_server import MailServer
from tests.support.notify import Customer, Notify
from tests.support.service import MAIL_SECRET
from tests.support.waiting import until

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
            await notify.do(lambda tx: actions.send_link(tx, asked, 1, now))
        await until("the mail arrived", lambda: len(mail.to(somebody.email)) == 1, within=30)

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
    asked = LinkAsked(at=now, person=somebody.person, right=new_id(), purpose=LinkPurpose.SIGN_IN, until=now)

    async with mailing():
        await notify.do(lambda tx: actions.send_link(tx, asked, 1, now))
        await until("the mail arrived", lambda: len(mail.to(somebody.email)) == 1, within=30)

    assert await notify.facts(Customer(somebody.person, somebody.person)) == []
