"""A customer left: the notes and photos of their pieces go, but for what a certificate shows to everybody."""

from uuid import UUID

from services.production.actions import leaving
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, NOW, Production


async def a_customer_with(database: Database, production: Production) -> tuple[UUID, UUID]:
    """A piece at the bench with a note, a photo for everybody and one for the customer; the customer and the note."""
    commission, customer, note = await production.booked(), new_id(), new_id()
    piece, task = (await production.piece(commission)).piece, (await production.current(commission)).task
    async with database.transaction() as tx:
        await tx.connection.execute("INSERT INTO customer VALUES ($1, $2)", commission, customer)
        await tx.connection.execute(
            "INSERT INTO note VALUES ($1, $2, $3, 'For Zoë.', $4, 'maker', $4, $4)",
            note,
            task,
            MAKER.person,
            NOW,
        )
        for public in (True, False):
            await tx.connection.execute(
                "INSERT INTO bench_photo VALUES ($1, $2, $3, $4, 'saw', $5, $6, $7, 'image/jpeg', 1, 1, 'x', $7, $7)",
                new_id(),
                piece,
                commission,
                task,
                public,
                MAKER.person,
                NOW,
            )
    return customer, note


async def test_notes_and_photos_of_a_customers_pieces_go_and_nobody_elses(
    production: Production, database: Database
) -> None:
    leaver, note = await a_customer_with(database, production)
    stayer, kept = await a_customer_with(database, production)

    await production.handle(leaving.erase_person, leaver, 1000)

    async with database.statement() as tx:
        words = await tx.connection.fetch("SELECT note, body FROM note WHERE note = ANY($1)", [note, kept])
        photos = await tx.connection.fetch(
            "SELECT c.customer, b.public FROM bench_photo AS b JOIN customer AS c USING (commission) "
            "WHERE c.customer = ANY($1)",
            [leaver, stayer],
        )
        told = await tx.connection.fetch("SELECT key FROM outbox WHERE data IS NULL AND key = ANY($1)", [note, kept])
    assert {each["note"]: each["body"] for each in words} == {note: None, kept: "For Zoë."}
    assert {(each["customer"], each["public"]) for each in photos} == {(leaver, True), (stayer, True), (stayer, False)}
    assert [each["key"] for each in told] == [note]
