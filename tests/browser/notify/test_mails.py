"""Each mail as its addressee sees it: in Chromium, at both widths and in both lights."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser

from services.notify.domain import Addressee, MailDetails, OutgoingMail, addressee_of, mail_id
from services.notify.mails import Studio, write
from shared.auth.keys import new_signing_key
from shared.auth.tokens import Signer
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.support.browser import WCAG, assert_accessible_everywhere, visitor

SIGNER = Signer.read(new_signing_key(), issuer="https://studio.example")
STUDIO = Studio("Kiln & Anvil", ZoneInfo("Europe/Berlin"), "https://studio.example", SIGNER)


DETAILS = MailDetails(
    about=UUID("01936e10-0000-7000-8000-000000000003"),
    day=date(2027, 5, 31),
    amount=Money(minor=64000, currency="EUR"),
)
CODES = {Intent.PARCEL_SENT: "00340434161094042557", Intent.CERTIFICATE_READY: "TM-2027-0042"}
CASES = {
    "nothing-due": (Intent.QUOTE_ACCEPTED, MailDetails(amount=Money.zero("EUR")), Addressee.CUSTOMER),
    "a-long-reference": (Intent.QUOTE_ACCEPTED, MailDetails(code="x" * 200), Addressee.CUSTOMER),
    "to-the-maker": (Intent.MESSAGE_RECEIVED, MailDetails(), Addressee.MAKER),
}


@pytest.mark.parametrize("intent", Intent)
async def test_a_mail_is_accessible_and_fits_its_window(chromium: Browser, intent: Intent) -> None:
    details = replace(DETAILS, code=CODES.get(intent, "RF18 5390 0754 7034"))

    await _looked_at(chromium, _outgoing(intent, details, addressee_of(intent)), f"mail-{intent}")


@pytest.mark.parametrize("case", CASES)
async def test_a_mail_fits_whatever_it_says(chromium: Browser, case: str) -> None:
    intent, details, addressee = CASES[case]

    await _looked_at(chromium, _outgoing(intent, details, addressee), f"mail-{intent}-{case}")


def _outgoing(intent: Intent, details: MailDetails, addressee: Addressee) -> OutgoingMail:
    commission = new_id()
    return OutgoingMail(
        mail=mail_id(commission, intent),
        attempt=1,
        commission=commission,
        person=new_id(),
        intent=intent,
        addressee=addressee,
        details=details,
        dated=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        name="Ada Lovelace",
        email="ada@example.org",
        submitted_at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        needed_by=date(2027, 5, 31),
    )


async def _looked_at(chromium: Browser, outgoing: OutgoingMail, name: str) -> None:
    async with visitor(chromium, "http://localhost") as page:
        await page.set_content(write(outgoing, STUDIO).html)

        # A mail is no page: the landmarks around it are the mail program's.
        await assert_accessible_everywhere(page, name, rules=WCAG)
