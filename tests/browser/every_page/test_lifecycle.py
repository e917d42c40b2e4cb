"""Every page of the life cycle, as its routes name them: whoever adds a page adds its visit here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser

import services.lifecycle.main
from services.lifecycle import actions
from services.lifecycle.domain.audit import AuditAction, AuditOutcome
from shared.auth.roles import Role
from shared.contracts.commissions import ClaimKind, ClaimMade
from shared.contracts.notifications import Intent
from shared.contracts.texts import Subject
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support import lifecycle, lifecycle_audit
from tests.support.conversations import message
from tests.support.every_page import ServicePages, Visit, assert_every_page
from tests.support.lifecycle_stories import at_the_bench, several
from tests.support.web import NOW, token


@asynccontextmanager
async def opened(make_database: MakeDatabase) -> AsyncIterator[ServicePages]:
    async with lifecycle.opened(await make_database("lifecycle")) as database:
        room = lifecycle.Room(database)
        for story in several(NOW):
            await story.sent_to(room)
        life = at_the_bench(NOW).mail_failed(Intent.APPROVAL_ASKED)
        said: dict[str, Any] = {"at": NOW, "commission": life.commission, "customer": new_id()}
        life.tell(ClaimMade(**said, claim=new_id(), kind=ClaimKind.FIT, text=new_id(), answer_by=NOW))
        await life.sent_to(room)
        await lifecycle_audit.log(room, life.commission, AuditAction.EXTEND, AuditOutcome.DONE)
        wrote, asked = "Could the band be satin?", "Is the box part of the price?"
        waits = message(life.commission, wrote, at=NOW)
        questions = message(life.commission, asked, at=NOW).model_copy(update={"subject": Subject.QUESTION})
        async with database.transaction() as tx:
            for text in (waits, questions):
                await actions.record_text(tx, text)
        await lifecycle_audit.log(room, life.commission, AuditAction.NUDGE, AuditOutcome.REFUSED, "nobody_to_nudge")
        await lifecycle_audit.log(room, life.commission, AuditAction.PAUSE, AuditOutcome.ASKED)
        await room.rows(
            """
            INSERT INTO parked (inbox, topic, partition, record_offset, key, version, headers, reason, detail)
            VALUES ('bridge', 'touchmark.commissions', 2, 118, $1, 3, '[]', 'gap', 'version 2 was expected, this is 3')
            """,
            str(new_id()),
        )
        desk = token(Role.OPS)
        here = f"/ops/commissions/{life.commission}"
        yield ServicePages(
            services.lifecycle.main.web(lifecycle.kernel_of(database)),
            [
                Visit("/ops", "/ops", desk),
                Visit("/ops/commissions/{commission}", here, desk),
                Visit("/ops/commissions/{commission}/{operation}", f"{here}/cancel", desk),
                Visit("/ops/commissions/{commission}/{operation}", f"{here}/extend", desk, "extend"),
                Visit("/ops/bulk", f"/ops/bulk?operation=pause&commission={life.commission}", desk),
                Visit("/ops/audit", "/ops/audit", desk),
                Visit("/ops/charts", "/ops/charts", desk),
                Visit("/ops/failed-events", "/ops/failed-events", desk),
                Visit("/ops/inbox", "/ops/inbox", desk),
            ],
            files=("/ops/access",),
            written=(lifecycle_audit.REASON, "version 2 was expected, this is 3", wrote, asked),
        )


async def test_every_page_is_accessible_fits_its_window_and_is_in_german_where_german_is_read(
    chromium: Browser, make_database: MakeDatabase
) -> None:
    async with opened(make_database) as pages:
        await assert_every_page(chromium, pages)
