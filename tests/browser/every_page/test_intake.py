"""Every page of intake, as its routes name them: whoever adds a page adds its visit here."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.async_api import Browser

from services.intake.store import add_account
from shared.auth.roles import Proof, Role
from shared.contracts.commissions import CommissionConfirmed
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.web.studio_pages import StudioPage
from tests.browser.intake.commission import facts_of, token_of
from tests.conftest import MakeDatabase
from tests.support import intake
from tests.support.every_page import ServicePages, Visit, assert_every_page
from tests.support.intake_claims import THIN, TIGHT, afterwards
from tests.support.intake_facts import ask_approval
from tests.support.proposals import with_a_proposal
from tests.support.second_step import Phone, keep

STUDIO_PAGES: Mapping[str, Any] = {
    page.value: str(Path(__file__).parents[2] / "support" / "studio_pages" / f"{page}.txt") for page in StudioPage
}

PROVIDER: Mapping[str, Any] = {
    "oidc_issuer": "http://127.0.0.1:1",
    "oidc_client_id": "touchmark",
    "oidc_name": "Kiln ID",
}
"""The studio's own sign-in, which is not asked anything here."""


@asynccontextmanager
async def opened(make_database: MakeDatabase) -> AsyncIterator[ServicePages]:
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
        proposed = await with_a_proposal(database, ada)
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
        yield ServicePages(
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
                Visit("/commissions/{commission}/proposal", f"/commissions/{proposed}/proposal", mine),
                Visit("/commissions/{commission}/proposal", f"/commissions/{proposed}/proposal", desk, "by the studio"),
                Visit("/commissions/{commission}", f"/commissions/{proposed}", mine, "proposed"),
                Visit("/commissions/{commission}/refuse", f"/commissions/{new}/refuse", desk),
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
                Visit("/failed-events", "/failed-events", desk),
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


async def test_every_page_is_accessible_fits_its_window_and_is_in_german_where_german_is_read(
    chromium: Browser, make_database: MakeDatabase
) -> None:
    async with opened(make_database) as pages:
        await assert_every_page(chromium, pages)
