"""Every page of every service, as its routes name them: whoever adds a page adds its visit here."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser

import services.lifecycle.main
import services.notify.main
import services.production.main
import services.quotes.main
from deploy.local.plan import SERVICES
from services.intake.store import add_account
from services.lifecycle import actions
from services.lifecycle.domain.audit import AuditAction, AuditOutcome
from services.production.actions import conversations, parcels
from shared.auth.roles import Proof, Role
from shared.contracts.commissions import ClaimKind, ClaimMade, CommissionConfirmed, DeliveryWay
from shared.contracts.notifications import Intent
from shared.contracts.texts import Subject
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.web.studio_pages import StudioPage
from tests.browser.intake.commission import facts_of, token_of
from tests.conftest import MakeDatabase
from tests.support import certificates, intake, lifecycle, lifecycle_audit, notify, production, quotes
from tests.support.conversations import message
from tests.support.every_page import Visit, assert_every_page
from tests.support.intake_claims import THIN, TIGHT, afterwards
from tests.support.intake_facts import ask_approval
from tests.support.lifecycle_stories import at_the_bench, several
from tests.support.quote_sendings import sendings
from tests.support.second_step import Phone, keep
from tests.support.web import NOW, token


@dataclass(frozen=True)
class Pages:
    """A service with something on every page. `files` are what its pages refer to, and are no pages.

    `written` is what people wrote in it.
    """

    app: FastAPI
    visits: Sequence[Visit]
    files: Sequence[str] = ()
    written: Sequence[str] = ()


DESK_FORMS = ("lines/new", "discount", "conditions")
STUDIO = "The Studio"
"""Its name, where the settings have no other."""


STUDIO_PAGES: Mapping[str, Any] = {
    page.value: str(Path(__file__).parents[1] / "support" / "studio_pages" / f"{page}.txt") for page in StudioPage
}


PROVIDER: Mapping[str, Any] = {
    "oidc_issuer": "http://127.0.0.1:1",
    "oidc_client_id": "touchmark",
    "oidc_name": "Kiln ID",
}
"""The studio's own sign-in, which is not asked anything here."""


RING = "craft=jewellery&offering=engraved-ring&version=1"


async def of_intake(make_database: MakeDatabase) -> AsyncIterator[Pages]:
    async with intake.opened(await intake.tables(await make_database("intake"))) as database:
        app = intake.app_of(await intake.kernel_of(database, **STUDIO_PAGES, **PROVIDER))
        ada, ops = await intake.Program(app).join(), new_id()
        studio = intake.Program(app)
        studio.http.headers["Authorization"] = f"Bearer {intake.token(Role.OPS, ops)}"
        invited = {"name": "Dee Anvil", "email": "dee@example.org", "role": "maker"}
        invitation = (await studio.post("/people/colleagues", invited)).json()
        assert ada.person
        new, made = await ada.commission(), await ada.commission()
        changed = {"brief_version": 1, "answers": {**intake.RING, "size": "55", "finish": "hammered"}, "way": "phone"}
        await studio.post(f"/commissions/{new}/briefs", changed)
        await facts_of(database, ada, made).until_making()
        approval = await ask_approval(database, made, "engraving")
        there, wrong, plain = await afterwards(database, ada)
        of_plain = f"/commissions/{plain}"
        asked = "Could the band be satin?"
        picture = (await ada.http.post("/images", files={"image": ("a.png", intake.photo("PNG"), "image/png")})).json()
        await ada.post(f"/commissions/{made}/messages", {"words": asked, "images": [picture["image"]]})
        mine, desk = token_of(ada), intake.token(Role.OPS, ops)
        zoe = await intake.Program(app).sign_up("Zoë Quist")
        waiting = await zoe.commission()
        dee = intake.Program(app)
        keep(dee, (await dee.post("/session/invitation", {"secret": invitation["secret"]})).json())
        offer = (await dee.post("/authenticators/offers")).json()
        phone = Phone.scan(offer["address"])
        added = (await dee.post("/authenticators", phone.first(offer, system_clock()))).json()
        bench, authenticator = added["session"]["token"], f"/authenticators/{added['authenticator']}"
        async with database.transaction() as tx:
            owner = UUID(invitation["person"])
            await add_account(tx, new_id(), PROVIDER["oidc_issuer"], "dee", person=owner, at=system_clock())
        half = intake.token(Role.MAKER, dee.person, proof=Proof.HALF)
        invitation = (await studio.post(f"/people/{dee.person}/links")).json()
        right = await intake.mailed_right(database, waiting)
        asked_for = {"craft": "jewellery", "offering": "engraved-ring", "answers": intake.RING}
        entered = await studio.post("/requests", {**asked_for, "way": "counter", "for_name": "Zoë Quist"})
        walked_in = (
            await intake.newest_fact(database, UUID(entered.json()["commission"]), CommissionConfirmed)
        ).customer
        entering = "/requests/new/jewellery/engraved-ring"
        two_steps = intake.token(Role.OPS, ops, proof=Proof.TWO)
        yield Pages(
            app,
            [
                Visit("/", "/"),
                *(Visit(f"/{page}", f"/{page}") for page in STUDIO_PAGES),
                Visit("/sign-up", "/sign-up?next=/commissions/new/jewellery/engraved-ring"),
                Visit("/sign-in", "/sign-in?next=/bench"),
                Visit("/sign-in/code", f"/sign-in/code?ask={new_id()}"),
                Visit("/sign-in/code", f"/sign-in/code?ask={new_id()}&next=/commissions/{made}"),
                Visit("/sign-in/link", f"/sign-in/link?link={await intake.sign_in_link(database, ada.person)}"),
                Visit("/people/{person}/new-link", f"/people/{invitation['person']}/new-link", two_steps),
                Visit("/sign-in/local", f"/sign-in/local?link={intake.local_link(Role.OPS)}"),
                Visit("/sign-out", "/sign-out", mine),
                Visit("/sessions", "/sessions", mine),
                Visit("/sessions", "/sessions", bench, "with an app"),
                Visit("/second-step", "/second-step?next=/bench", half),
                Visit("/authenticators/new", "/authenticators/new", bench),
                Visit("/authenticators/{authenticator}/remove", f"{authenticator}/remove", bench),
                Visit("/recovery-codes", "/recovery-codes", bench),
                Visit("/people/security", "/people/security", desk),
                Visit("/commissions", "/commissions", mine),
                Visit("/commissions/new/{craft}/{offering}", "/commissions/new/jewellery/engraved-ring", mine),
                Visit("/commissions/{commission}", f"/commissions/{made}", mine),
                Visit("/commissions/{commission}/delivery", f"/commissions/{made}/delivery", mine),
                Visit("/commissions/{commission}/delivery", f"/commissions/{made}/delivery", desk, "ops"),
                Visit("/commissions/{commission}", f"/commissions/{waiting}", token_of(zoe)),
                Visit("/commissions/{commission}/confirm", f"/commissions/{waiting}/confirm?link={right.link}"),
                Visit("/commissions/{commission}/sign-in", f"/commissions/{made}/sign-in"),
                Visit("/commissions/{commission}/withdraw", f"/commissions/{new}/withdraw", mine),
                Visit("/commissions/{commission}", f"/commissions/{new}", mine, "changed"),
                Visit("/commissions/{commission}/change", f"/commissions/{new}/change", mine),
                Visit("/commissions/{commission}/change", f"/commissions/{new}/change", desk, "by the studio"),
                Visit("/commissions/{commission}/briefs", f"/commissions/{new}/briefs", mine),
                Visit("/commissions/{commission}/cancel", f"/commissions/{made}/cancel", mine),
                Visit("/commissions/{commission}/claim", f"/commissions/{there}/claim", mine),
                Visit("/commissions/{commission}/contract-withdrawal", f"{of_plain}/contract-withdrawal", mine),
                Visit("/commissions/{commission}/claim", f"/commissions/{wrong}/claim", desk, "desk"),
                Visit("/commissions/{commission}/messages", f"/commissions/{made}/messages", mine),
                Visit(
                    "/commissions/{commission}/approvals/{approval}", f"/commissions/{made}/approvals/{approval}", mine
                ),
                Visit("/requests/new", "/requests/new?find=quist", desk),
                Visit("/requests/new/{craft}/{offering}", entering, desk),
                Visit("/commissions/{commission}/tablet", f"/commissions/{made}/tablet", desk),
                Visit("/customers/{person}/address", f"/customers/{walked_in}/address", desk),
                Visit("/people", "/people", desk),
                Visit("/people/{person}/end-access", f"/people/{invitation['person']}/end-access", desk),
                Visit("/invitation", f"/invitation?link={invitation['secret']}"),
                Visit("/your-data", "/your-data", mine),
                Visit("/people/{person}/data", f"/people/{invitation['person']}/data", desk),
                Visit("/erasures", "/erasures", desk),
            ],
            files=(
                "/session/renew",
                "/sign-in/provider",
                "/sign-in/provider/callback",
                "/sign-out/provider",
                "/sign-out/provider/done",
                "/your-data/archive.zip",
                "/people/{person}/data/archive.zip",
                "/commissions/new",
                "/commissions/new/images/{image}",
                "/commissions/{commission}/images/{image}",
            ),
            written=(
                "as it was",
                "For Ada, who counts on it.",
                "Is the box part of the price?",
                "Yes: maple, with wool felt inside.",
                "Dee Anvil",
                "Fairphone",
                asked,
                TIGHT,
                THIN,
                "Ada Lovelace",
                "Zoë Quist",
                "Kiln & Anvil",
                "Musterweg 1",
                "12345 Musterstadt",
                "ida@example.org",
            ),
        )


async def of_quotes(make_database: MakeDatabase) -> AsyncIterator[Pages]:
    async with quotes.opened(await make_database("quotes")) as database:
        studio = quotes.Quotes(database)
        customer, sent = await studio.sent()
        question, reason = "May the band be a little wider than on the picture?", "The customer brings the wire."
        asked = await studio.ask(customer, sent, question)
        await studio.adjust(sent, 1, "bench", 40000, reason)
        agreeing, accepted = await studio.accepted()
        paid = await studio.pay(accepted, 99_999_99)
        await studio.issue_balance(accepted)
        claim = await studio.claimed(accepted)
        await studio.keep_unmatched(12_34, "2026-0815 / Quist")
        hurried, late = await studio.sent(needed_by="2027-02-20")
        desks = {state: f"/quotes/{commission}" for state, commission in (await sendings(studio)).items()}
        mine, desk, soon = token(Role.CUSTOMER, customer), token(Role.OPS), token(Role.CUSTOMER, hurried)
        here = f"/quotes/{sent}"
        yield Pages(
            services.quotes.main.web(quotes.kernel_of(database)),
            [
                Visit("/quotes", "/quotes", desk),
                Visit("/quotes/payments", "/quotes/payments", desk),
                Visit("/quotes/estimate", f"/quotes/estimate?{RING}"),
                Visit("/quotes/{commission}", here, desk),
                *(Visit("/quotes/{commission}", path, desk, state) for state, path in desks.items()),
                Visit("/quotes/{commission}", f"/quotes/{late}", soon, "too late"),
                Visit("/quotes/{commission}/accept", f"/quotes/{late}/accept", soon, "too late"),
                Visit("/quotes/{commission}/adjust", f"{here}/adjust?line=bench", desk),
                *(Visit(f"/quotes/{{commission}}/{form}", f"{here}/{form}", desk) for form in DESK_FORMS),
                Visit(
                    "/quotes/{commission}/questions/{question}/answer",
                    f"{here}/questions/{asked.question}/answer",
                    desk,
                ),
                Visit("/quotes/{commission}/payments", f"/quotes/{(await studio.accepted())[1]}/payments", desk),
                Visit("/quotes/claims/{claim}/answer", f"/quotes/claims/{claim}/answer", desk),
                Visit("/quotes/payments/{payment}/reverse", f"/quotes/payments/{paid.payment}/reverse", desk),
                Visit("/quotes/{commission}", f"/quotes/{accepted}", token(Role.CUSTOMER, agreeing)),
                Visit("/quotes/{commission}/accept", f"{here}/accept", mine),
                Visit("/quotes/{commission}/decline", f"{here}/decline", mine),
                Visit("/quotes/{commission}/ask", f"{here}/ask", mine),
            ],
            files=(
                "/quotes/{commission}/quote.pdf",
                "/quotes/{commission}/contract.pdf",
                "/quotes/{commission}/contract.json",
                "/quotes/{commission}/invoices/{invoice}",
                "/quotes/{commission}/credit-notes/{credit}",
                "/quotes/{commission}/payments/{payment}",
                "/quotes/people/{person}/papers.zip",
            ),
            written=(question, reason, "For ever", "For her.", "Ada Quist"),
        )


async def of_production(make_database: MakeDatabase) -> AsyncIterator[Pages]:
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
        yield Pages(
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


async def of_notify(make_database: MakeDatabase) -> AsyncIterator[Pages]:
    async with notify.opened(make_database) as post:
        customer = await post.submit()
        await post.know(customer)
        await post.receives(post.facts_of(customer).drafted())
        kernel = replace(notify.kernel_of(post.dsn, post.database), clock=lambda: NOW)
        visits = [
            Visit("/mails/{commission}", f"/mails/{customer.commission}", token(Role.OPS)),
            Visit("/mails/preferences", "/mails/preferences?saved=yes", token(Role.OPS)),
            Visit("/mails/preferences", "/mails/preferences", token(Role.MAKER), "maker"),
        ]
        yield Pages(services.notify.main.web(kernel), visits)


async def of_lifecycle(make_database: MakeDatabase) -> AsyncIterator[Pages]:
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
        yield Pages(
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


OPENED = {
    "intake": of_intake,
    "quotes": of_quotes,
    "production": of_production,
    "notify": of_notify,
    "lifecycle": of_lifecycle,
}


@pytest.mark.parametrize("service", SERVICES)
async def test_every_page_is_accessible_fits_its_window_and_is_in_german_where_german_is_read(
    chromium: Browser, make_database: MakeDatabase, service: str
) -> None:
    async with asynccontextmanager(OPENED[service])(make_database) as pages:
        written = (STUDIO, *pages.written)
        await assert_every_page(chromium, pages.app, pages.visits, files=pages.files, written=written)
