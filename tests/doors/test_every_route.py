"""Every route, every role, and its own, a foreign and a missing object, generated from the routes: deny by default."""

from collections.abc import AsyncIterator, Mapping
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local.plan import SERVICES
from shared.auth.roles import Proof, Role
from shared.web.access import RouteAccess, routes
from tests.doors.routes import app_of, routes_of
from tests.support.studio import Person, Studio

OK, FOUND_ELSEWHERE = httpx.codes.OK, {httpx.codes.SEE_OTHER, httpx.codes.TEMPORARY_REDIRECT}
REFUSED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}
# Of these there is none here: those who may not see them get the same answer as those who may.
NOT_THERE = (
    "task",
    "note",
    "mishap",
    "piece",
    "photo",
    "approval",
    "proposal",
    "invoice",
    "payment",
    "refund",
    "question",
    "claim",
    "credit",
    "maker",
    "person",
    "session",
    "passkey",
    "authenticator",
    "account",
)


@pytest.fixture(scope="module")
async def owner(studio: Studio) -> Person:
    """A customer with a commission on the desk."""
    return await studio.customer()


@pytest.fixture(scope="module")
async def objects(studio: Studio, owner: Person) -> Mapping[str, str]:
    """The owner's objects, by the name that a path has for them."""
    image = await owner.send_picture()
    commission = await owner.submit(images=[image])
    await studio.until_stage(commission, "desk")
    static = {"version": "0", "name": "intake.css", "record": "1", "serial": "0000-0000-0000"}
    codes = {"operation": "nudge", "step": "take"}
    own = {"commission": str(commission), "image": str(image), "craft": "jewellery", "offering": "engraved-ring"}
    return own | static | codes | {name: str(uuid4()) for name in NOT_THERE}


@pytest.fixture
async def nobody(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=studio.url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("service", SERVICES)
async def test_nobody_gets_in_where_a_role_is_asked_for(
    studio: Studio, nobody: httpx.AsyncClient, objects: Mapping[str, str], service: str
) -> None:
    wrong = []
    for route in await routes_of(studio, service):
        answer = await ask(nobody, route, objects)
        turned_away = answer.status_code == httpx.codes.UNAUTHORIZED if route.api else sent_to_sign_in(answer)
        if turned_away == route.public:
            wrong.append(f"{route.method} {route.path} answers {answer.status_code} to nobody")
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", Role)
async def test_a_role_that_is_not_named_is_refused(
    studio: Studio, nobody: httpx.AsyncClient, objects: Mapping[str, str], service: str, role: Role
) -> None:
    somebody = studio.as_role(role)
    wrong = []
    for route in await routes_of(studio, service):
        answer = await ask(somebody.client, route, objects)
        # What is open to everybody may still ask for something else, as a sign-in link does.
        expected = await refuses(nobody, route, objects) if route.public else role not in route.roles
        if (answer.status_code == httpx.codes.FORBIDDEN) != expected:
            wrong.append(f"{route.method} {route.path} answers {answer.status_code} to {role}")
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", [Role.MAKER, Role.OPS])
async def test_half_a_session_opens_nothing_but_the_second_step(
    studio: Studio, nobody: httpx.AsyncClient, objects: Mapping[str, str], service: str, role: Role
) -> None:
    half = studio.as_role(role, proof=Proof.HALF)
    wrong = []
    for route in await routes_of(studio, service):
        answer = await ask(half.client, route, objects)
        if route.public:
            expected = answer.status_code == (await ask(nobody, route, objects)).status_code
        else:
            expected = role not in route.roles or sent_to_second_step(answer, route) != (route.least is Proof.HALF)
        if not expected:
            wrong.append(f"{route.method} {route.path} answers {answer.status_code} to half a session")
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
async def test_where_the_studio_needs_two_steps_one_step_opens_nothing_of_ops(
    studio: Studio, objects: Mapping[str, str], service: str
) -> None:
    wrong = []
    async with app_of(studio, service, ops_second_factor="required") as app:
        headers = {"Authorization": studio.as_role(Role.OPS).client.headers["authorization"]}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=studio.url, headers=headers) as client:
            for route in routes(app):
                if Role.OPS in route.roles and route.least is None:
                    answer = await ask(client, route, objects)
                    if not sent_to_second_step(answer, route):
                        wrong.append(f"{route.method} {route.path} answers {answer.status_code} to one step")
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
async def test_what_belongs_to_somebody_else_answers_as_what_is_missing(
    studio: Studio, objects: Mapping[str, str], service: str, role: Role
) -> None:
    stranger = await studio.customer() if role is Role.CUSTOMER else studio.as_role(role)
    wrong = []
    for route in await routes_of(studio, service):
        if route.of is None or role not in route.roles:
            continue
        foreign, missing = await ask(stranger.client, route, objects), await ask(stranger.client, route, fresh(objects))
        if bare(foreign, objects) != bare(missing, objects) or foreign.status_code not in {404, 422, 400, 415}:
            wrong.append(f"{route.method} {route.path}: {foreign.status_code} and {missing.status_code}")
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
async def test_the_owner_and_ops_are_let_to_what_is_theirs(
    studio: Studio, owner: Person, objects: Mapping[str, str], service: str
) -> None:
    ops = studio.as_role(Role.OPS)
    wrong = []
    for route in await routes_of(studio, service):
        if route.of != "commission":
            continue
        refused = (
            REFUSED - {httpx.codes.NOT_FOUND} if any(f"{{{name}}}" in route.path for name in NOT_THERE) else REFUSED
        )
        for somebody in (owner, ops):
            if somebody.caller.role in route.roles:
                answer = await ask(somebody.client, route, objects)
                if answer.status_code in refused or answer.is_server_error:
                    wrong.append(f"{route.method} {route.path}: {answer.status_code} to {somebody.caller.role}")
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
async def test_no_route_falls_over_at_an_id_that_is_none(
    studio: Studio, objects: Mapping[str, str], service: str
) -> None:
    somebody = {role: studio.as_role(role) for role in Role}
    wrong = []
    for route in await routes_of(studio, service):
        role = next(iter(route.roles), Role.OPS)
        answer = await ask(somebody[role].client, route, dict.fromkeys(objects, "%00x"))
        if answer.is_server_error:
            wrong.append(f"{route.method} {route.path}: {answer.status_code}")
    assert wrong == []


async def ask(client: httpx.AsyncClient, route: RouteAccess, objects: Mapping[str, str]) -> httpx.Response:
    """One request to this route, with nothing in its body; of a stream, only how it begins."""
    path = route.path
    for name, value in objects.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"{route.path} names an object that this test does not know"
    headers = {"Sec-Fetch-Site": "same-origin", "Idempotency-Key": str(uuid4())}
    async with client.stream(route.method, path, headers=headers) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            await answer.aread()
        return answer


async def refuses(client: httpx.AsyncClient, route: RouteAccess, objects: Mapping[str, str]) -> bool:
    return (await ask(client, route, objects)).status_code == httpx.codes.FORBIDDEN


def sent_to_second_step(answer: httpx.Response, route: RouteAccess) -> bool:
    if route.api:
        return answer.status_code == httpx.codes.FORBIDDEN
    return answer.status_code == httpx.codes.SEE_OTHER and answer.headers["location"].startswith("/second-step?")


def sent_to_sign_in(answer: httpx.Response) -> bool:
    return answer.status_code in FOUND_ELSEWHERE and answer.headers["location"].startswith("/session/renew")


def fresh(objects: Mapping[str, str]) -> dict[str, str]:
    """The same kinds of objects, none of which there is."""
    return {name: str(uuid4()) if _is_id(value) else value for name, value in objects.items()}


def bare(answer: httpx.Response, objects: Mapping[str, str]) -> tuple[int, str]:
    """An answer without what names this one request."""
    text = answer.text if "problem+json" in answer.headers.get("content-type", "") else ""
    for value in (answer.headers.get("x-request-id", "-"), *objects.values()):
        text = text.replace(value, "…")
    return answer.status_code, text


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
