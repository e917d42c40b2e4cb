"""A payment that does not count: what the customer is to do, and which papers there are."""

from services.intake.domain.documents import DocumentCode, documents
from services.intake.domain.next_action import CustomerAction, next_action
from tests.unit.intake.facts import accepted, euros, invoice, paid, payment, record, sent, undone


def test_a_deposit_that_is_open_again_is_asked_for_again() -> None:
    received = payment(20, 490, 0)
    life = (sent(), accepted(), invoice(19), received, paid(20))

    before = next_action(record(*life))
    after = next_action(record(*life, *undone(21, received, 490)))

    assert before is None
    assert after is not None
    assert (after.kind, after.amount) == (CustomerAction.PAY_DEPOSIT, euros(490))


def test_a_receipt_for_what_does_not_count_is_no_paper_and_the_invoice_is_open() -> None:
    received = payment(20, 490, 0)
    life = record(sent(), accepted(), invoice(19), received, paid(20), *undone(21, received, 490))

    found = [(each.code, each.paid) for each in documents(life) if each.code is not DocumentCode.ACCEPTED_QUOTE]

    assert found == [(DocumentCode.DEPOSIT_INVOICE, False)]


def test_what_is_paid_again_is_paid() -> None:
    received = payment(20, 490, 0)
    life = (
        sent(),
        accepted(),
        invoice(19),
        received,
        paid(20),
        *undone(21, received, 490),
        payment(22, 490, 0),
        paid(22),
    )

    assert next_action(record(*life)) is None
