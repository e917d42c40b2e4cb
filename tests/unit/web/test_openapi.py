"""The document of the API says what each route answers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.web.access import Allow, Public
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page
from tests.support.web import app_with, client_of


class Ring(BaseModel):
    size: int


def api() -> APIRouter:
    router = APIRouter()

    @router.get("/rings")
    async def rings(_: Annotated[Caller | None, Public()], paging: AskedPage) -> Page[Ring]:  # noqa: ARG001
        return Page(items=[])

    @router.post("/rings", status_code=201, responses=problems(ProblemType.CONFLICT))
    async def make(ring: Ring, _: Annotated[Caller, Allow(Role.OPS)], key: IdempotencyKey) -> Ring:  # noqa: ARG001
        return ring

    @router.get("/rings/{ring}")
    async def read(ring: UUID, _: Annotated[Caller, Allow(Role.OPS)]) -> Ring:  # noqa: ARG001
        return Ring(size=1)

    return router


async def document() -> dict[str, Any]:
    pages = APIRouter()

    @pages.get("/rings")
    async def page(_: Annotated[Caller | None, Public()]) -> None: ...

    async with client_of(app_with([api()], [pages])) as client:
        found: dict[str, Any] = (await client.get("/api/v1/intake/openapi.json")).json()
        return found


async def test_only_the_api_is_described_and_each_operation_once() -> None:
    found = await document()

    assert set(found["paths"]) == {"/api/v1/intake/rings", "/api/v1/intake/rings/{ring}"}


async def test_each_route_declares_the_problems_it_can_answer() -> None:
    paths = (await document())["paths"]
    everywhere = {"400", "406", "421", "500", "503", "504"}

    assert set(paths["/api/v1/intake/rings"]["get"]["responses"]) == everywhere | {"200", "422"}
    assert set(paths["/api/v1/intake/rings"]["post"]["responses"]) == everywhere | {
        "201", "401", "403", "408", "409", "413", "415", "422",
    }  # fmt: skip
    assert set(paths["/api/v1/intake/rings/{ring}"]["get"]["responses"]) == everywhere | {
        "200", "401", "403", "404", "422",
    }  # fmt: skip


async def test_every_problem_has_the_problem_document() -> None:
    found = await document()

    for operations in found["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    schema = response["content"]["application/problem+json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}
    assert "remedy" in found["components"]["schemas"]["Problem"]["properties"]
    assert "HTTPValidationError" not in found["components"]["schemas"]


async def test_what_needs_a_sign_in_says_so() -> None:
    paths = (await document())["paths"]

    assert paths["/api/v1/intake/rings"]["post"]["security"] == [{"token": []}]
    assert "security" not in paths["/api/v1/intake/rings"]["get"]
