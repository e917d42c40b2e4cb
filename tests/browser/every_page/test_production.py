"""Every page of production, as its routes name them: whoever adds a page adds its visit here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser

import services.production.main
from services.production.actions import conversations, parcels
from shared.auth.roles import Role
from shared.contracts.commissions import DeliveryWay
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support import certificates, production
from tests.support.conversations import message
from tests.support.every_page import ServicePages, Visit, assert_every_page
from tests.support.web import token

RING = "craft=jewellery&offering=engraved-ring&version=1"


@asynccontextmanager
async def opened(make_database: MakeDatabase) -> AsyncIterator[ServicePages]:
    async with production.opened(await make_database("production")) as database:
        bench = production.Production(database)
        waiting, running, away, checked, packed = [await bench.booked() for _ in range(5)]
        unaddressed, collected = await bench.booked(), await bench.booked()
        await bench.make_until(unaddressed, "check")
        await bench.start(unaddressed)
        await bench.finish(unaddressed)
        await bench.make_until(collected)
        await bench.goes_to(collected, way=DeliveryWay.PICKUP, number=2)
        await bench.act(parcels.pack, collected)
        await bench.paid(collected)
        await bench.open_gate(running, "cut")
        await bench.start(running)
        await bench.make_until(away, "engrave")
        await bench.make_until(checked, "check")
        await bench.start(checked)
        await bench.make_until(packed)
        await bench.act(parcels.pack, packed)
        await bench.paid(packed)
        held, asked = new_id(), "Could the band be satin?"
        await bench.hold(held)
        await bench.handle(conversations.record_text, message(running, asked, at=production.NOW, images=(new_id(),)))
        await bench.another_maker(name="Berta Bench")
        whole, broken = certificates.Bench(database), certificates.Bench(database)
        for piece in (whole, broken):
            await piece.make()
            await piece.certify()
        await broken.tamper("UPDATE journal SET last_digest = 'x' WHERE piece = $1", broken.piece)
        maker, ops = token(Role.MAKER, production.MAKER.person), token(Role.OPS, production.OPS.person)
        tickets = {
            state: f"/bench/tasks/{(await bench.current(commission)).task}"
            for state, commission in (("waiting", waiting), ("", running), ("away", away), ("checklist", checked))
        }
        me = f"/makers/{production.MAKER.person}"
        yield ServicePages(
            services.production.main.web(production.kernel_of(database)),
            [
                Visit("/bench", "/bench", maker),
                Visit("/bench", "/bench", ops, "ops"),
                *(Visit("/bench/tasks/{task}", path, maker, state) for state, path in tickets.items()),
                Visit("/bench/tasks/{task}/mishap", f"{tickets['']}/mishap?kind=piece_damaged", maker),
                Visit("/bench/tasks/{task}/photos", f"{tickets['']}/photos", maker),
                Visit("/bench/pieces/{piece}", f"/bench/commissions/{packed}", maker),
                Visit("/bench/pieces/{piece}", f"/bench/commissions/{unaddressed}", ops, "unaddressed"),
                Visit("/bench/pieces/{piece}", f"/bench/commissions/{collected}", maker, "collected"),
                Visit("/bench/commissions/{commission}", f"/bench/commissions/{held}", ops),
                Visit("/bench/promises", "/bench/promises", ops),
                Visit("/bench/earliest", f"/bench/earliest?{RING}"),
                Visit("/bench/earliest", f"/bench/earliest?{RING}&needed_by=2026-12-01", state="too late"),
                Visit("/makers", "/makers", ops),
                Visit("/makers/{maker}", me, ops),
                Visit("/makers/{maker}", me, maker, "own"),
                Visit("/makers/{maker}/profile", f"{me}/profile", maker),
                Visit("/bench/failed-events", "/bench/failed-events", ops),
                Visit("/c", "/c"),
                Visit("/c/{serial}", f"/c/{await whole.serial()}"),
                Visit("/c/{serial}", f"/c/{await broken.serial()}", state="broken"),
            ],
            files=(
                "/bench/commissions/{commission}/photos/{photo}",
                "/makers/{maker}/portrait",
                "/c/keys.json",
                "/c/{serial}/certificate.json",
                "/c/{serial}/photos/{photo}",
                "/c/people/{person}/certificates.zip",
            ),
            written=("Ada & Grace", "For the two of us.", "Berta Bench", asked),
        )


async def test_every_page_is_accessible_fits_its_window_and_is_in_german_where_german_is_read(
    chromium: Browser, make_database: MakeDatabase
) -> None:
    async with opened(make_database) as pages:
        await assert_every_page(chromium, pages)
