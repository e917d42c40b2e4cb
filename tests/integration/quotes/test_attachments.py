"""What is issued is published once as PDF, for the mail that tells of it; nothing of somebody who left."""

from io import BytesIO
from uuid import UUID

from pypdf import PdfReader

from services.quotes.actions import attachments
from services.quotes.documents import set_paper
from services.quotes.domain.documents import PaperToAttach
from services.quotes.domain.references import reference_of
from shared.contracts.documents import DocumentKind, DocumentWritten
from shared.contracts.fact import Topic
from shared.postgres.database import Database
from tests.support.quotes import NOW, Quotes


async def taken(database: Database, commission: UUID) -> list[PaperToAttach]:
    """The papers of this commission that wait; those of others are taken on the way."""
    found: list[PaperToAttach] = []
    while True:
        async with database.transaction() as tx:
            paper = await attachments.take_next(tx, NOW)
        if paper is None:
            return [each for each in found if each.commission == commission]
        found.append(paper)


async def publish(database: Database, paper: PaperToAttach, pdf: bytes) -> None:
    async with database.transaction() as tx:
        await attachments.publish_paper(tx, paper, pdf, NOW)


async def documents(database: Database, paper: PaperToAttach) -> list[DocumentWritten | None]:
    """The records of a paper, oldest first; None is a tombstone."""
    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT data::text FROM outbox WHERE topic = $1 AND key = $2 ORDER BY position",
            Topic.DOCUMENTS.value,
            paper.paper,
        )
    return [DocumentWritten.model_validate_json(data) if data else None for (data,) in rows]


async def test_contract_and_invoice_of_an_order_are_published_once_as_they_can_be_read(
    quotes: Quotes, database: Database
) -> None:
    _, commission = await quotes.accepted()
    (issued,) = [says for name, says in await quotes.facts(commission) if name == "InvoiceIssued"]

    papers = {each.kind.value: each for each in await taken(database, commission)}
    for paper in papers.values():
        pdf = (await set_paper(paper)).content
        await publish(database, paper, pdf)
        await publish(database, paper, pdf)

    assert {kind: str(each.paper) for kind, each in papers.items()} == {
        "contract": issued["contract"],
        "invoice": issued["invoice"],
    }
    (contract,), (invoice,) = [await documents(database, papers[kind]) for kind in ("contract", "invoice")]
    assert contract is not None
    assert (contract.kind, contract.account) == (DocumentKind.CONTRACT, None)
    assert invoice is not None
    assert invoice.reference == reference_of(commission)
    said = PdfReader(BytesIO(invoice.pdf)).pages[0].extract_text()
    assert issued["number"] in said
    assert "Ada Quist" in said


async def test_who_leaves_takes_along_what_was_published_and_what_was_going_to_be(
    quotes: Quotes, database: Database
) -> None:
    customer, commission = await quotes.accepted()
    first, second = await taken(database, commission)
    await publish(database, first, b"%PDF-1.7")

    await quotes.erase_person(customer)
    await publish(database, second, b"%PDF-1.7")

    assert [each is None for each in await documents(database, first)] == [False, True]
    assert await documents(database, second) == []
