"""Papers go with the mails that tell of them: waited for a while, erased with their customer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from services.notify.actions import attachments
from services.notify.domain.mails import OutgoingMail, Waits
from shared.contracts.documents import BankAccount, DocumentKind, DocumentWritten
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceIssued
from shared.kernel.ids import new_id
from tests.support.mail_facts import REFERENCE
from tests.support.notify import Customer, Notify, opened

WAITS = Waits(for_words=timedelta(minutes=1), for_facts=timedelta(hours=1), in_order=timedelta(hours=1))
ACCOUNT = BankAccount(holder="Kiln & Anvil", iban="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX", bank="A Bank")


@pytest.fixture
async def alone(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    async with opened(make_database) as doors:
        yield doors


def contract_of(issued: InvoiceIssued, customer: Customer) -> DocumentWritten:
    assert issued.contract is not None
    return DocumentWritten(
        at=issued.at,
        commission=issued.commission,
        document=issued.contract,
        customer=customer.person,
        kind=DocumentKind.CONTRACT,
        file_name="contract-1",
        pdf=b"JVBERi0xLjcgYQ==",
    )


def invoice_of(issued: InvoiceIssued, customer: Customer) -> DocumentWritten:
    changes = {
        "document": issued.invoice,
        "kind": DocumentKind.INVOICE,
        "file_name": "invoice-1",
        "account": ACCOUNT,
        "reference": REFERENCE,
    }
    return contract_of(issued, customer).model_copy(update=changes)


async def ordered(notify: Notify) -> tuple[Customer, InvoiceIssued]:
    """A customer whose order is told of, with a contract."""
    customer = await notify.submit()
    await notify.know(customer)
    await notify.brief(customer)
    await notify.post(customer)
    facts = notify.facts_of(customer)
    issued = facts.invoiced(due_on=facts.submitted().at.date()).model_copy(update={"contract": new_id()})
    await notify.receives(issued)
    return customer, issued


async def arrives(notify: Notify, document: DocumentWritten) -> None:
    await notify.do(lambda tx: attachments.record_document(tx, document, notify.now()))


async def sent(notify: Notify, at: float = 0) -> list[OutgoingMail]:
    return [each for each in await notify.deliver(at=at, waits=WAITS) if each.intent is Intent.QUOTE_ACCEPTED]


async def test_a_mail_waits_for_its_papers_and_has_them_in_order_with_where_to_pay(alone: Notify) -> None:
    customer, issued = await ordered(alone)

    before = await sent(alone)
    await arrives(alone, invoice_of(issued, customer))
    half = await sent(alone, at=0.1)
    await arrives(alone, contract_of(issued, customer))
    (mail,) = await sent(alone, at=0.2)

    assert (before, half) == ([], [])
    assert [each.file_name for each in mail.attached] == ["contract-1", "invoice-1"]
    assert mail.transfer is not None
    assert (mail.transfer.account, mail.transfer.reference) == (ACCOUNT, REFERENCE)


async def test_a_mail_whose_papers_are_late_goes_without_those(alone: Notify) -> None:
    customer, issued = await ordered(alone)
    await arrives(alone, invoice_of(issued, customer))

    (mail,) = await sent(alone, at=1.1)

    assert [each.file_name for each in mail.attached] == ["invoice-1"]


async def test_papers_are_dropped_once_no_mail_waits_and_all_goes_with_its_customer(alone: Notify) -> None:
    customer, issued = await ordered(alone)
    await arrives(alone, invoice_of(issued, customer))
    tomorrow = alone.now() + timedelta(days=1)

    async with alone.database.transaction() as tx:
        dropped = [await attachments.drop_papers(tx, tomorrow) for _ in range(2)]
    kept = await alone.holds("COBADEFFXXX", table="document")
    await alone.erase(customer)
    await arrives(alone, contract_of(issued, customer))

    assert dropped == [1, 0]
    assert kept
    assert not await alone.holds("contract-1", table="document")
    assert not await alone.holds("COBADEFFXXX", table="document")
