"""A form that comes back as it was sent."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.auth.roles import Caller
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.web.access import Public
from shared.web.forms import Form, read_form
from shared.web.language import CurrentReader
from shared.web.reasons import RequestReason
from shared.web.templates import Pages
from tests.support.web import app_with, client_of


async def read(data: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None) -> Form:
    """The form as a route reads it."""
    router = APIRouter()
    found: list[Form] = []

    @router.post("/form")
    async def form(request: Request, _: Annotated[Caller | None, Public()]) -> None:
        found.append(await read_form(request))

    async with client_of(app_with(pages=[router])) as client:
        answer = await client.post("/form", data=data, files=files)
        assert answer.status_code == 200
    return found[0]


async def test_what_was_typed_is_there_letter_by_letter() -> None:
    form = await read({"why": "Für Großmutter <b>\n🌱", "size": ""})

    assert form.value("why") == "Für Großmutter <b>\n🌱"
    assert form.value("size") == ""
    assert form.value("nothing") == ""


async def test_a_file_that_was_not_chosen_is_not_there() -> None:
    form = await read({"why": "x"}, {"empty": ("", b""), "reference": ("ring.jpg", b"\xff\xd8")})

    assert list(form.files) == ["reference"]


async def test_the_key_of_a_form_stays_with_it_and_is_no_answer() -> None:
    form = await read({"why": "x", "idempotency_key": "k"})

    assert form.key == "k"
    assert form.asked == {"why": "x"}
    assert form.with_problem(invalid(FieldProblem(field="why", message=RequestReason.INVALID))).key == "k"


def test_each_new_form_has_a_key_of_its_own() -> None:
    assert Form().key != Form().key


def test_a_problem_is_beside_its_field() -> None:
    form = Form().with_problem(invalid(FieldProblem(field="/size", message=RequestReason.MORE_THAN)))

    found = form.problem("size")
    assert found is not None
    assert found.message is RequestReason.MORE_THAN
    assert form.problem("why") is None


def test_a_problem_of_no_field_is_told_all_the_same() -> None:
    form = Form().with_problem(Problem(ProblemType.CONFLICT, RequestReason.STOPPING))

    assert [found.message for found in form.problems] == [RequestReason.STOPPING]


async def test_a_page_shows_the_form_as_it_was_typed_and_harmless() -> None:
    router = APIRouter()

    @router.get("/form")
    async def page(pages: Pages, reader: CurrentReader, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
        form = Form({"why": "</textarea><script>x()</script>", "name": '"><i>'}).with_problem(
            invalid(FieldProblem("name", Phrase(RequestReason.PATTERN, pattern="<i>&")))
        )
        made = pages.environment(reader).from_string(
            '{% import "components.html" as ui %}{{ ui.summary(form) }}{{ ui.field(form, "name", "Name") }}'
            '{{ ui.area(form, "why", "Why") }}{{ ui.key(form) }}'
        )
        return HTMLResponse(made.render(form=form))

    async with client_of(app_with(pages=[router])) as client:
        text = (await client.get("/form")).text

    assert "<script>" not in text
    assert "<i>" not in text
    assert "&lt;/textarea&gt;" in text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="name-problem"' in text
