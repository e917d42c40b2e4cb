"""Messages at the bench: on board, ticket and piece, for who works on it, with badges, until they are erased."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.production.actions import board, briefs, conversations, makers, making, parcels
from services.production.main import web
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.texts import TextWritten
from shared.conversation.model import SHOWN_AT_MOST
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from shared.postgres.database import Database
from tests.support.conversations import message, messages_read
from tests.support.production import MAKER, NOW, OPS, Production, kernel_of
from tests.support.web import client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as client:
        yield client


async def write(production: Production, commission: UUID, words: str, **more: Any) -> TextWritten:
    written = message(commission, words, **{"at": NOW, **more})
    await production.handle(conversations.record_text, written)
    return written


async def read(production: Production, commission: UUID, by: Caller, until: datetime = NOW) -> None:
    await production.handle(conversations.record_read, messages_read(commission, by, until))


async def unread(production: Production, commission: UUID, by: Caller = MAKER) -> int | None:
    """How many messages the board says are new; None where the piece is not on it."""
    found = await production.act(board.read_board, by=by)
    return next((each.unread for each in found.pieces if each.piece.commission == commission), None)


async def test_board_and_ticket_show_a_message_with_its_pictures_and_a_form_that_posts_to_intake(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission, image = await production.booked(), new_id()
    await write(production, commission, "Like this <b>one</b>.", images=(image,))
    task = await production.current(commission)

    bench = (await client.get("/bench", headers=cookie(Role.MAKER, MAKER.person))).text
    ticket = (await client.get(f"/bench/tasks/{task.task}", headers=cookie(Role.MAKER, MAKER.person))).text

    assert "1 new message" in bench
    assert "Like this &lt;b&gt;one&lt;/b&gt;." in ticket
    assert f'href="/commissions/{commission}/images/{image}"' in ticket
    assert f'action="/commissions/{commission}/messages"' in ticket
    assert f'name="back" value="/bench/tasks/{task.task}#messages"' in ticket


async def test_a_badge_counts_for_each_person_what_others_wrote_since_they_last_read(production: Production) -> None:
    commission = await production.booked()
    await write(production, commission, "One.")
    await write(production, commission, "Own.", by=MAKER, at=NOW + timedelta(minutes=1))
    await read(production, commission, MAKER)
    await read(production, commission, MAKER, until=NOW - timedelta(hours=1))
    mine = await unread(production, commission)
    await write(production, commission, "Two.", at=NOW + timedelta(minutes=2))

    assert mine == 0
    assert await unread(production, commission) == 1
    assert await unread(production, commission, OPS) == 3


async def test_a_piece_says_how_many_messages_there_are_before_the_newest_fifty(production: Production) -> None:
    commission = await production.booked()
    for number in range(SHOWN_AT_MOST):
        await write(production, commission, str(number), at=NOW + timedelta(minutes=number))
    as_many = await production.act(board.read_piece_details, commission)
    for number in range(2):
        await write(production, commission, "before", at=NOW - timedelta(minutes=1 + number))
    more = await production.act(board.read_piece_details, commission)

    assert (as_many.conversation.earlier, as_many.conversation.unread) == (0, SHOWN_AT_MOST)
    assert (more.conversation.earlier, more.conversation.unread) == (2, SHOWN_AT_MOST + 2)
    assert "before" not in {each.body for each in more.conversation.messages}


async def test_a_message_that_is_delivered_again_or_erased_is_so_once(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    written = await write(production, commission, "My number.", images=(new_id(),))
    piece = (await production.piece(commission)).piece
    before = await production.act(board.read_piece_details, commission)
    await production.handle(conversations.erase_text, written.text)
    await production.handle(conversations.record_text, written)
    await production.handle(conversations.erase_text, new_id())
    page = (await client.get(f"/bench/pieces/{piece}", headers=cookie(Role.MAKER, MAKER.person))).text
    after = await production.act(board.read_piece_details, commission)

    assert [each.body for each in before.conversation.messages] == ["My number."]
    assert [(each.body, each.images) for each in after.conversation.messages] == [(None, ())]
    assert "This text was erased." in page
    assert "My number." not in page


async def test_another_makers_board_shows_it_after_the_piece_was_given_to_them(production: Production) -> None:
    commission = await production.booked()
    other = await production.another_maker(*makers.known_skills())
    await write(production, commission, "Hello.")
    task = await production.current(commission)
    await production.act(making.give_to_another_maker, commission, other.person, by=OPS)

    with pytest.raises(Problem):
        await production.act(board.read_job_ticket, task.task)
    ticket = await production.act(board.read_job_ticket, (await production.current(commission)).task, by=other)

    assert await unread(production, commission) is None
    assert await unread(production, commission, other) == 1
    assert [each.body for each in ticket.conversation.messages] == ["Hello."]


async def test_a_piece_that_arrived_comes_back_to_the_board_for_an_unread_message(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    await production.sent(commission)
    await production.act(parcels.note_delivery, commission)
    gone = await unread(production, commission)

    await write(production, commission, "May it get wet?", at=NOW + timedelta(days=9))
    bench = (await client.get("/bench", headers=cookie(Role.MAKER, MAKER.person))).text
    there = await unread(production, commission)
    await read(production, commission, MAKER, until=NOW + timedelta(days=9))

    assert gone is None
    assert there == 1
    assert "Messages about finished pieces" in bench
    assert await unread(production, commission) is None


async def test_reference_pictures_stand_on_board_and_ticket_until_the_brief_is_erased(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission, image = await production.booked(), new_id()
    brief = BriefWritten(
        at=NOW,
        commission=commission,
        brief_version=2,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        answers=(BriefAnswer(field="size", value="54.00"),),
        images=(image,),
    )
    await production.handle(briefs.record_brief, brief)
    task = await production.current(commission)
    pages = [
        (await client.get(address, headers=cookie(Role.MAKER, MAKER.person))).text
        for address in ("/bench", f"/bench/tasks/{task.task}")
    ]
    await production.handle(briefs.erase_brief, commission)
    after = (await client.get("/bench", headers=cookie(Role.MAKER, MAKER.person))).text

    assert all(f'href="/commissions/{commission}/images/{image}"' in page for page in pages)
    assert str(image) not in after


async def test_the_boards_revision_changes_when_somebody_writes_or_reads(production: Production) -> None:
    commission = await production.booked()

    async def revisions() -> tuple[str, str]:
        async with production.database.transaction() as tx:
            return await board.board_revision(tx, MAKER), await board.piece_revision(tx, commission)

    seen = [await revisions()]
    written = await write(production, commission, "Hello.")
    seen.append(await revisions())
    await read(production, commission, MAKER)
    seen.append(await revisions())
    await production.handle(conversations.erase_text, written.text)
    last = await revisions()

    assert len({board for board, _ in seen}) == 3
    assert len({piece for _, piece in [*seen, last]}) == 4
