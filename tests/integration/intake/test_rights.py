"""Rights that work once, as they are kept."""

from datetime import timedelta

from services.intake import store
from services.intake.actions import housekeeping
from services.intake.domain import one_time
from services.intake.domain.one_time import OneTimeRight, Purpose
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database


def right_about(code: str = "12345678") -> OneTimeRight:
    now, secret = system_clock(), str(new_id())
    over = now + timedelta(minutes=10)
    return one_time.make(new_id(), Purpose.SIGN_IN, new_id(), secret=secret, code=code, now=now, expires_at=over)


async def test_a_right_is_found_by_its_link_and_by_what_it_is_about(database: Database) -> None:
    right = right_about()

    async with database.transaction() as tx:
        await store.add_right(tx, right)
        _, used = one_time.use_code(right, Purpose.SIGN_IN, "12345678", right.made_at)
        await store.save_right(tx, used)
    async with database.transaction() as tx:
        by_link = await store.right_of_link(tx, right.link_sha256)
        by_person = await store.newest_right(tx, Purpose.SIGN_IN, right.about)
        for_something_else = await store.newest_right(tx, Purpose.CONFIRMATION, right.about)

    assert by_link == by_person == used
    assert for_something_else is None


async def test_the_newest_right_counts(database: Database) -> None:
    right = right_about()
    newer = one_time.make(
        new_id(),
        Purpose.SIGN_IN,
        right.about,
        secret=str(new_id()),
        code="1",
        now=right.made_at + timedelta(seconds=1),
        expires_at=right.expires_at,
    )

    async with database.transaction() as tx:
        await store.add_right(tx, newer)
        await store.add_right(tx, right)
        found = await store.newest_right(tx, Purpose.SIGN_IN, right.about)

    assert found == newer


async def test_mails_to_an_address_are_counted_for_a_day(database: Database) -> None:
    now, address = system_clock(), new_id().bytes * 2

    async with database.transaction() as tx:
        for hours in (1, 23, 25):
            await tx.connection.execute(
                "INSERT INTO mail_to_address (id, address_sha256, asked_at) VALUES ($1, $2, $3)",
                new_id(),
                address,
                now - timedelta(hours=hours),
            )
        await housekeeping.sweep(tx, now)
        left = await tx.connection.fetchval("SELECT count(*) FROM mail_to_address WHERE address_sha256 = $1", address)

    assert left == 2
