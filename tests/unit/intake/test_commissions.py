"""What may become of a commission, and who may see it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.intake.domain.commissions import Commission, State, close, may_see, withdraw
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.contracts.production import PromiseEnd, PromiseHeld, PromiseReleased
from shared.kernel.problems import Problem, ProblemType

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ASKED = Commission(
    commission=uuid4(),
    customer=uuid4(),
    craft="jewellery",
    offering="engraved-ring",
    offering_version=1,
    offering_sha256="0" * 64,
    brief_version=1,
    delivery_country="DE",
    submitted_at=NOW,
    sent_by=uuid4(),
)


def test_an_open_request_can_be_cancelled() -> None:
    found = withdraw(ASKED, WithdrawalReason.TOO_SLOW, LATER)

    assert (found.state, found.withdrawn_at, found.withdrawal_reason) == (State.WITHDRAWN, LATER, "too_slow")
    assert not found.may_be_withdrawn


def test_taking_it_back_twice_is_the_same_as_once() -> None:
    once = withdraw(ASKED, WithdrawalReason.TOO_SLOW, NOW)

    assert withdraw(once, WithdrawalReason.OTHER, LATER) is once


def test_a_request_that_was_cancelled_and_closed_is_still_cancelled() -> None:
    closed = close(withdraw(ASKED, WithdrawalReason.OTHER, NOW), Outcome.WITHDRAWN, LATER)

    assert withdraw(closed, WithdrawalReason.TOO_SLOW, LATER) is closed


def test_a_request_that_lapsed_cannot_be_cancelled() -> None:
    lapsed = close(ASKED, Outcome.LAPSED, NOW)

    with pytest.raises(Problem) as refusal:
        withdraw(lapsed, WithdrawalReason.OTHER, LATER)
    assert refusal.value.type is ProblemType.CONFLICT


def test_closing_twice_keeps_the_first_end() -> None:
    closed = close(ASKED, Outcome.LAPSED, NOW)

    assert close(closed, Outcome.WITHDRAWN, LATER) is closed


def test_its_customer_and_ops_see_a_commission_and_no_other_customer() -> None:
    assert may_see(ASKED.customer, Role.CUSTOMER, ASKED, [])
    assert may_see(uuid4(), Role.OPS, ASKED, [])
    assert not may_see(uuid4(), Role.CUSTOMER, ASKED, [])
    assert not may_see(ASKED.customer, Role.CUSTOMER, replace(ASKED, customer=uuid4()), [])


def held(maker: UUID, promise: UUID) -> PromiseHeld:
    day = date(2027, 1, 29)
    return PromiseHeld(
        at=NOW,
        commission=ASKED.commission,
        promise=promise,
        maker=maker,
        ready_by=day,
        ready_by_p50=day,
        held_until=LATER,
    )


def test_a_maker_sees_a_commission_while_hours_are_promised_for_it() -> None:
    maker, promise = uuid4(), uuid4()
    released = PromiseReleased(at=LATER, commission=ASKED.commission, promise=promise, reason=PromiseEnd.LAPSED)

    assert not may_see(maker, Role.MAKER, ASKED, [])
    assert may_see(maker, Role.MAKER, ASKED, [held(maker, promise)])
    assert not may_see(uuid4(), Role.MAKER, ASKED, [held(maker, promise)])
    assert not may_see(maker, Role.MAKER, ASKED, [held(maker, promise), released])
