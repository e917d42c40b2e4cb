"""Each mail as its addressee sees it: in Chromium, at both widths and in both lights."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page

from services.notify.domain.attachments import AttachedPaper, Transfer
from services.notify.domain.mails import Addressee, BriefAnswers, MailDetails, OutgoingMail, mail_id
from services.notify.mails import Writer, readers
from services.notify.mails.message import mark
from services.notify.mails.rendering import MARK, TRANSFER_CODE
from shared import offerings
from shared.auth.mail_secrets import MailSecrets, new_mail_secret
from shared.contracts.documents import BankAccount
from shared.contracts.fact import Topic
from shared.contracts.failures import EventFailed
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.offerings.key import OfferingKey
from tests.support.browser import WCAG, assert_accessible_everywhere, visitor
from tests.support.notify import Customer, brief

SECRETS = MailSecrets(new_mail_secret())
READERS = readers(zone="Europe/Berlin", language="en")
WRITER = Writer("Kiln & Anvil", "https://studio.example", secrets=SECRETS, readers=READERS)


RING = offerings.load("jewellery", "engraved-ring").offering
WRITTEN = brief(Customer(new_id(), new_id()))
BRIEF = BriefAnswers(OfferingKey.of(WRITTEN), WRITTEN.answers)
DETAILS = MailDetails(
    about=UUID("01936e10-0000-7000-8000-000000000003"),
    day=date(2027, 5, 31),
    amount=Money(minor=64000, currency="EUR"),
)
FAILED = EventFailed(
    at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC), service="production", inbox="people", event_topic=Topic.PEOPLE
)
READ_BY = {Intent.MAKER_REMINDER: Addressee.MAKER}
CODES = {Intent.PARCEL_SENT: "00340434161094042557", Intent.CERTIFICATE_READY: "TM-2027-0042"}
CASES: dict[str, dict[str, Any]] = {
    "nothing-due": {"intent": Intent.QUOTE_ACCEPTED, "details": MailDetails(amount=Money.zero("EUR"))},
    "a-long-reference": {"intent": Intent.QUOTE_ACCEPTED, "details": MailDetails(code="x" * 200)},
    "at-its-carrier": {
        "intent": Intent.PARCEL_SENT,
        "details": MailDetails(code="00340434161094042557", carrier="dhl"),
    },
    "with-its-papers": {
        "intent": Intent.BALANCE_DUE,
        "details": MailDetails(amount=Money(minor=57_803, currency="EUR")),
        "attached": (AttachedPaper("invoice-2027-0042", b""),),
        "transfer": Transfer(
            BankAccount(holder="Kiln & Anvil", iban="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX", bank="A Bank"),
            "RF18539007547034",
        ),
    },
    "to-the-maker": {"intent": Intent.MESSAGE_RECEIVED, "addressee": Addressee.MAKER},
    "with-the-piece": {"intent": Intent.APPROVAL_ASKED, "gate": "engraving", "brief": BRIEF},
    "with-the-answer": {
        "intent": Intent.QUESTION_ANSWERED,
        "question": "Could the inside be satin as well? My old ring is polished inside, and I find it slippery.",
        "answer": "Yes, gladly.\nIt costs the same, and we can do it in the same week.\n\nKind regards, Maya",
    },
}


@pytest.fixture(scope="module")
async def window(chromium: Browser) -> AsyncIterator[Page]:
    """Each mail is written over the one before it."""
    async with visitor(chromium, "http://localhost") as page:
        yield page


@pytest.mark.parametrize("language", READERS.languages)
@pytest.mark.parametrize("intent", Intent)
async def test_a_mail_is_accessible_and_fits_its_window(window: Page, intent: Intent, language: str) -> None:
    details = replace(DETAILS, code=CODES.get(intent, "RF18 5390 0754 7034"))
    outgoing = _outgoing(
        intent,
        details=details,
        brief=BRIEF,
        gate="engraving",
        addressee=READ_BY.get(intent, Addressee.CUSTOMER),
        language=language,
        failed=FAILED if intent is Intent.STUDIO_EVENT_FAILED else None,
    )

    await _looked_at(window, outgoing, f"mail-{intent}")


@pytest.mark.parametrize("language", READERS.languages)
@pytest.mark.parametrize("case", CASES)
async def test_a_mail_fits_whatever_it_says(window: Page, case: str, language: str) -> None:
    await _looked_at(window, _outgoing(**CASES[case], language=language), f"mail-{case}")


def _outgoing(intent: Intent, **changes: Any) -> OutgoingMail:
    commission = new_id()
    ordinary = OutgoingMail(
        mail=mail_id(commission, intent),
        attempt=1,
        commission=commission,
        person=new_id(),
        intent=intent,
        dated=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        name="Ada Lovelace",
        email="ada@example.org",
        submitted_at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        needed_by=date(2027, 5, 31),
    )
    return replace(ordinary, **changes)


async def _looked_at(window: Page, outgoing: OutgoingMail, name: str) -> None:
    written = WRITER.write(outgoing, RING)
    shown = written.html.replace(f"cid:{MARK}", f"data:image/png;base64,{b64encode(mark()).decode()}")
    if written.code:
        shown = shown.replace(f"cid:{TRANSFER_CODE}", f"data:image/png;base64,{b64encode(written.code).decode()}")
    await window.set_content(shown)

    # A mail is no page: the landmarks around it are the mail program's.
    await assert_accessible_everywhere(window, f"{name}-{written.language}", rules=WCAG)
