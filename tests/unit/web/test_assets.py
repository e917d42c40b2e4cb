"""The files of one service's own pages, and pictures: how long browsers may keep them, and what is not served."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from shared.auth.roles import Caller
from shared.kernel.problems import Problem, ProblemType
from shared.web.access import Public
from shared.web.app import create_app
from shared.web.assets import OwnAssets
from shared.web.downloads import picture_response
from tests.support.web import Kernel, app_with, client_of


@dataclass(frozen=True)
class Stored:
    content: bytes = b"\xff\xd8"
    media_type: str = "image/jpeg"


@pytest.fixture
def own(tmp_path: Path) -> OwnAssets:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "bench.css").write_text("main { color: black }")
    (tmp_path / "secret.css").write_text("not ours to give")
    return OwnAssets(folder, at="/bench/style")


@pytest.fixture
def app(own: OwnAssets) -> FastAPI:
    return create_app(Kernel(), title="Bench", own=own)


async def test_a_services_own_file_is_kept_for_a_year_at_its_address(app: FastAPI, own: OwnAssets) -> None:
    async with client_of(app) as client:
        answer = await client.get(own.address("bench.css"))

    assert answer.raise_for_status().text == "main { color: black }"
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_services_own_file_is_asked_for_again_at_the_address_of_another_release(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/bench/style/0123456789ab/bench.css")

    assert answer.raise_for_status().headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["none.css", "..%2Fsecret.css", "%2E%2E/secret.css"])
async def test_only_what_is_in_the_folder_is_served(app: FastAPI, name: str) -> None:
    async with client_of(app) as client:
        assert (await client.get(f"/bench/style/0/{name}")).status_code == 404


async def test_templates_find_a_services_own_files(app: FastAPI, own: OwnAssets) -> None:
    page = app.state.templates.environment(app.state.readers.of(None)).from_string("{{ own('bench.css') }}")

    assert page.render() == own.address("bench.css")


def test_a_picture_is_kept_by_the_browser_alone() -> None:
    answer = picture_response(Stored())

    assert answer.media_type == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_a_picture_is_asked_for_each_time_and_sent_once() -> None:
    router, signed_out = APIRouter(), False

    @router.get("/picture")
    async def picture(_: Annotated[Caller | None, Public()]) -> Response:
        if signed_out:
            raise Problem(ProblemType.NOT_FOUND)
        return picture_response(Stored())

    async with client_of(app_with(pages=[router])) as client:
        first = await client.get("/picture")
        again = await client.get("/picture", headers={"If-None-Match": f'W/{first.headers["etag"]}, "other"'})
        other = await client.get("/picture", headers={"If-None-Match": '"other"'})
        signed_out = True
        after = await client.get("/picture", headers={"If-None-Match": first.headers["etag"]})

    assert first.content == other.content == Stored().content
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    assert after.status_code == 404
