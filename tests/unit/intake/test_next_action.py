"""What is asked of the customer now, and until when."""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.domain.commissions import close
from services.intake.domain.delivery import ChosenDelivery
from services.intake.domain.next_action import CustomerAction, next_action
from shared.contracts.commissions import DeliveryWay
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Holder, Outcome, Phase, PhaseEntered
from shared.contracts.payments import InvoiceKind
from shared.contracts.production import (
    ParcelDelivered,
    PieceMade,
    ReadyForPickup,
)
from shared.contracts.quotes import QuoteEnd, QuoteExpired
from tests.unit.intake.facts import (
    ASKED,
    ID,
    QUOTE,
    accepted,
    after,
    answer,
    approval,
    cancellation,
    euros,
    handed_over,
    held,
    invoice,
    paid,
    payment,
    question,
    record,
    sent,
    words_of,
)


def test_nothing_is_asked_before_the_quote_is_sent() -> None:
    assert next_action(record(held())) is None


def test_a_quote_that_was_sent_is_to_be_decided_until_its_last_day() -> None:
    ask = next_action(record(held(), sent()))

    assert ask
    assert (ask.kind, ask.address, ask.until) == (CustomerAction.DECIDE, f"/quotes/{ID}", after(9999))


def test_nothing_is_asked_while_the_studio_owes_an_answer() -> None:
    assert next_action(record(sent(), question(6))) is None
    assert next_action(record(sent(), question(6), question(7), answer(8, still_open=1))) is None


def test_an_answer_is_to_be_read() -> None:
    ask = next_action(record(sent(), question(6), answer(8)))

    assert ask
    assert ask.kind is CustomerAction.READ_ANSWER


def test_a_new_version_is_asked_about_after_the_one_before_was_ended() -> None:
    gone = QuoteExpired(at=after(6), commission=ID, quote=QUOTE, quote_version=1, reason=QuoteEnd.EXPIRED)

    assert next_action(record(sent(), gone)) is None
    assert next_action(record(sent(), gone, sent(7, version=2)))


def test_what_is_left_of_the_deposit_is_asked_for_until_it_is_paid() -> None:
    due = next_action(record(sent(), accepted(), invoice(11)))
    short = next_action(record(sent(), accepted(), invoice(11), payment(12, 400, 90)))
    nothing = next_action(record(sent(), accepted(), invoice(11), payment(12, 490, 0), paid(12)))

    assert due
    assert (due.kind, due.amount, due.until) == (CustomerAction.PAY_DEPOSIT, euros(490), date(2026, 12, 1))
    assert short
    assert short.amount == euros(90)
    assert nothing is None


@pytest.mark.parametrize(
    ("stage", "earlier"),
    [
        (Phase.OFFERED, (sent(),)),
        (Phase.DEPOSIT, (sent(), accepted(), invoice(11))),
        (Phase.BALANCE, (sent(), accepted(), invoice(11, InvoiceKind.BALANCE))),
    ],
)
def test_more_time_that_the_studio_gave_is_shown(stage: Phase, earlier: tuple[CommissionFact, ...]) -> None:
    first, more = (
        PhaseEntered(
            number=at + 1,
            at=after(at),
            commission=ID,
            phase=stage,
            holder=Holder.CUSTOMER,
            since=after(12),
            due=after(due),
        )
        for at, due in ((12, 10_000), (20, 20_000))
    )

    ask = next_action(record(*earlier, first, more))

    assert ask
    assert ask.until == after(20_000)


def test_the_studios_own_clock_is_not_the_customers() -> None:
    clock = PhaseEntered(
        number=13,
        at=after(12),
        commission=ID,
        phase=Phase.OFFERED,
        holder=Holder.STUDIO,
        since=after(12),
        due=after(13),
    )

    ask = next_action(record(sent(), clock))

    assert ask
    assert ask.until == after(9999)


def test_a_signature_comes_before_everything_else() -> None:
    open_one = approval()
    ask = next_action(replace(record(sent(), accepted(), invoice(11)), approvals=(open_one,)))

    assert ask
    assert (ask.kind, ask.address) == (CustomerAction.SIGN, f"/commissions/{ID}/approvals/{open_one.approval}")
    assert words_of(record()).action_title(ask) == "Sign off: The first cut of the engraving"


def test_the_receipt_is_asked_for_while_the_parcel_is_under_way() -> None:
    received = replace(ASKED, receipt_confirmed_at=after(95))
    delivered = ParcelDelivered(at=after(99), commission=ID)

    under_way = next_action(record(handed_over()))

    assert under_way
    assert under_way.kind is CustomerAction.CONFIRM_RECEIPT
    assert next_action(record(handed_over(), commission=received)) is None
    assert next_action(record(handed_over(), delivered)) is None


def test_where_the_piece_goes_is_asked_once_it_is_made_and_before_the_balance() -> None:
    made = PieceMade(at=after(20), commission=ID, piece=ID, maker=ID)
    due = record(sent(), accepted(), made, invoice(21, InvoiceKind.BALANCE))
    said = ChosenDelivery(ID, 1, DeliveryWay.PICKUP, None, None, after(22))

    first, then = next_action(due), next_action(replace(due, delivery=said))

    assert first
    assert then
    assert (first.kind, first.address) == (CustomerAction.SAY_WHERE, f"/commissions/{ID}/delivery")
    assert then.kind is CustomerAction.PAY_BALANCE


def test_a_piece_that_is_ready_is_collected() -> None:
    said = ChosenDelivery(ID, 1, DeliveryWay.PICKUP, None, None, after(22))
    ready = replace(record(accepted(), ReadyForPickup(at=after(30), commission=ID)), delivery=said)

    found = next_action(ready)

    assert found
    assert found.kind is CustomerAction.COLLECT
    assert next_action(replace(ready, delivery=replace(said, way=DeliveryWay.PARCEL))) is None


def test_nothing_is_asked_while_a_cancellation_waits_or_after_the_end() -> None:
    due = record(sent(), accepted(), invoice(11))

    assert next_action(replace(due, cancellations=(cancellation(),))) is None
    assert next_action(replace(due, commission=close(ASKED, Outcome.LAPSED, after(20)))) is None


def test_what_a_cancellation_left_to_pay_is_asked_for_after_the_end() -> None:
    ended = close(ASKED, Outcome.CANCELLED, after(20))

    ask = next_action(record(sent(), accepted(), invoice(21, InvoiceKind.CANCELLATION, left=50), commission=ended))

    assert ask
    assert (ask.kind, ask.amount) == (CustomerAction.PAY_CANCELLATION, euros(50))
