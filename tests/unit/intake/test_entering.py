"""What the timeline says of a request that the studio entered, and of the mails that nobody wrote."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.intake.domain.people import Person
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline import EntryCode, build_timeline
from shared.contracts.commissions import EntryWay
from shared.contracts.notifications import Intent, MailOmitted
from shared.contracts.people import Role
from tests.unit.intake.facts import ASKED, ID, after


@pytest.mark.parametrize(
    ("way", "code"), [(EntryWay.COUNTER, EntryCode.ENTERED_AT_COUNTER), (EntryWay.PHONE, EntryCode.ENTERED_ON_PHONE)]
)
def test_the_timeline_begins_with_how_the_request_came(way: EntryWay, code: EntryCode) -> None:
    entered = replace(ASKED, entered_by=uuid4(), entered_way=way)

    assert build_timeline(CommissionRecord(entered))[0].code is code


def test_a_mail_that_nobody_wrote_for_want_of_an_address_is_in_small_print() -> None:
    omitted = MailOmitted(
        at=after(1), commission=ID, mail=uuid4(), person=ASKED.customer, intent=Intent.REQUEST_RECEIVED
    )

    found = build_timeline(CommissionRecord(ASKED, (omitted,)))

    assert [each.code for each in found if each.quiet] == [EntryCode.MAIL_OMITTED]


def test_whom_the_studio_recorded_awaits_the_proof_of_their_address_until_it_is_confirmed() -> None:
    typed = Person(uuid4(), Role.CUSTOMER, "Zoë", "zoe@example.org")
    entered = replace(typed, entered_by=uuid4())

    assert [each.awaits_proof for each in (typed, entered, replace(entered, confirmed_at=after(1)))] == [
        False,
        True,
        False,
    ]
