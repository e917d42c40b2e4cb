"""What is behind the edge for ops alone, and what is not there at all."""

import httpx
import pytest

from deploy.local.plan import SERVICES
from shared.auth.roles import Role
from shared.web.cookies import CookieRules
from tests.support.studio import Studio

FOR_OPS = ("/mail/", "/metrics/intake", "/metrics/lifecycle")


@pytest.mark.parametrize("path", FOR_OPS)
async def test_what_is_for_ops_is_shown_to_ops_alone(studio: Studio, path: str) -> None:
    assert (await studio.as_role(Role.OPS).client.get(path)).status_code == httpx.codes.OK
    assert (await studio.as_role(Role.MAKER).client.get(path)).status_code == httpx.codes.FORBIDDEN
    assert (await studio.as_role(Role.CUSTOMER).client.get(path)).status_code == httpx.codes.FORBIDDEN
    async with httpx.AsyncClient(base_url=studio.url) as nobody:
        assert not (await nobody.get(path)).is_success


@pytest.mark.parametrize("path", FOR_OPS)
async def test_what_is_for_ops_is_neither_kept_nor_framed_elsewhere(studio: Studio, path: str) -> None:
    answer = await studio.as_role(Role.OPS).client.get(path)

    assert answer.headers.get_list("Cache-Control") == ["no-store"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/health/live"])
async def test_what_the_services_say_to_their_machine_is_not_said_to_the_world(studio: Studio, path: str) -> None:
    assert (await studio.as_role(Role.OPS).client.get(path)).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    "path", ["/", "/commissions", "/api/v1/quotes/openapi.json", "/ops", "/mail/", "/static/x/base.css"]
)
async def test_a_name_of_somebody_else_that_leads_here_is_refused(studio: Studio, path: str) -> None:
    ops = studio.as_role(Role.OPS).client

    assert (await ops.get(path, headers={"Host": "evil.example"})).status_code == httpx.codes.MISDIRECTED_REQUEST


async def test_a_form_from_another_site_is_refused(studio: Studio) -> None:
    customer = await studio.customer()
    token = customer.client.headers["authorization"].removeprefix("Bearer ")
    cookies = CookieRules.of(studio.url)
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}

    async with httpx.AsyncClient(base_url=studio.url, headers={"Cookie": f"{cookies.token}={token}"}) as browser:
        answer = await browser.post("/commissions", headers=elsewhere)

    assert answer.status_code == httpx.codes.FORBIDDEN
    assert "another site" in answer.text


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_describes_its_routes_and_what_it_tells_and_reads(studio: Studio, service: str) -> None:
    somebody = studio.as_role(Role.OPS)

    routes = await somebody.get(f"/api/v1/{service}/openapi.json")
    events = await somebody.get(f"/api/v1/{service}/asyncapi.json")

    assert routes["openapi"].startswith("3.")
    assert events["asyncapi"].startswith(("2.", "3."))
    assert any("touchmark." in channel for channel in events["channels"])
