"""A outgoing to begin from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.notify.domain.mails import OutgoingMail, mail_id
from shared.contracts.fact import Topic
from shared.contracts.failures import EventFailed
from shared.contracts.notifications import Intent

COMMISSION = UUID("01936e10-0000-7000-8000-000000000001")
FAILED = EventFailed(
    at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
    service="production",
    inbox="commissions",
    event_topic=Topic.COMMISSIONS,
    event_type="touchmark.commissions.CommissionConfirmed",
)


@pytest.fixture
def outgoing() -> Callable[..., OutgoingMail]:
    """A outgoing like any other, but for what the test names."""
    ordinary = OutgoingMail(
        mail=mail_id(COMMISSION, Intent.REQUEST_RECEIVED),
        attempt=1,
        commission=COMMISSION,
        person=UUID("01936e10-0000-7000-8000-000000000002"),
        intent=Intent.REQUEST_RECEIVED,
        dated=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        name="Ada Lovelace",
        email="ada@example.org",
        submitted_at=datetime(2027, 3, 1, 23, 30, tzinfo=UTC),
        needed_by=date(2027, 5, 31),
        failed=FAILED,
    )

    def like(**changes: Any) -> OutgoingMail:
        return replace(ordinary, **changes)

    return like
