"""A form that is read as a model, and comes back as it was sent."""

from collections.abc import Mapping
from typing import Annotated

import pytest
from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse

from shared.auth.roles import Caller
from shared.contracts.quotes import DeclineReason
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, Said, invalid
from shared.kernel.text import Prose, TextReason
from shared.web.access import Public
from shared.web.bodies import Body
from shared.web.forms import MOST_FIELDS, FormState, Sent
from shared.web.language import CurrentReader
from shared.web.reasons import RequestReason
from shared.web.templates import Pages
from tests.support.web import app_with, client_of


class Letter(Body):
    """What a page and the API take alike."""

    words: Annotated[str, Prose(20)]
    reason: DeclineReason
    public: bool = False
    copies: int | None = None


def refused(sent: Sent[Letter], missing: Mapping[str, Said] | None = None) -> dict[str, Said]:
    """What is wrong with this form, by field."""
    with pytest.raises(Problem) as problem:
        sent.read(missing)
    return {each.field: each.message for each in problem.value.fields}


async def read(data: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None) -> FormState:
    """The form as a route reads it."""
    router = APIRouter()
    found: list[FormState] = []

    @router.post("/form")
    async def form(sent: Annotated[Sent[Letter], Form()], _: Annotated[Caller | None, Public()]) -> None:
        found.append(sent.form)

    async with client_of(app_with(pages=[router])) as client:
        answer = await client.post("/form", data=data, files=files)
        assert answer.status_code == 200
    return found[0]


def test_a_form_is_read_as_the_model_that_it_is() -> None:
    sent = Sent[Letter].model_validate(
        {"words": " Too dear. ", "reason": "price", "public": "yes", "copies": "", "idempotency_key": "k", "other": "x"}
    )

    assert sent.read() == Letter(words="Too dear.", reason=DeclineReason.PRICE, public=True, copies=None)


def test_everything_that_is_wrong_with_a_form_is_said_at_once() -> None:
    found = refused(Sent[Letter].model_validate({"words": "x" * 21, "reason": "", "copies": "many"}))

    assert set(found) == {"words", "reason", "copies"}
    assert found["words"] == Phrase(TextReason.TOO_LONG, count=21, longest=20)


def test_where_nothing_was_chosen_the_page_says_what_to_choose() -> None:
    said = {"reason": RequestReason.INVALID, "words": RequestReason.TOO_FEW}

    assert refused(Sent[Letter].model_validate({"words": ""}), said) == {
        "words": RequestReason.TOO_FEW,
        "reason": RequestReason.INVALID,
    }
    assert refused(Sent[Letter].model_validate({"words": "a\x00", "reason": "price"}), said) == {
        "words": Phrase(TextReason.CHARACTER, character="U+0000")
    }


def test_of_inputs_with_the_same_name_the_last_one_counts() -> None:
    assert Sent[Letter].model_validate({"words": ["first", "last"], "reason": "price"}).read().words == "last"


async def test_a_form_of_too_many_inputs_is_refused_while_it_is_read() -> None:
    router = APIRouter()

    @router.post("/form")
    async def form(sent: Annotated[Sent[Letter], Form()], _: Annotated[Caller | None, Public()]) -> int:
        return len(sent.form.values)

    async with client_of(app_with(pages=[router])) as client:
        answers = [
            await client.post("/form", data={f"field{place}": "x" for place in range(count)})
            for count in (MOST_FIELDS, MOST_FIELDS + 1)
        ]

    assert [answer.status_code for answer in answers] == [200, 400]


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
    assert FormState().key != FormState().key


def test_a_problem_is_beside_its_field() -> None:
    form = FormState().with_problem(invalid(FieldProblem(field="/size", message=RequestReason.MORE_THAN)))

    found = form.problem("size")
    assert found is not None
    assert found.message is RequestReason.MORE_THAN
    assert form.problem("why") is None


def test_a_problem_without_a_field_is_shown_too() -> None:
    form = FormState().with_problem(Problem(ProblemType.CONFLICT, RequestReason.STOPPING))

    assert [found.message for found in form.problems] == [RequestReason.STOPPING]


async def test_a_page_shows_the_form_as_it_was_typed_and_harmless() -> None:
    router = APIRouter()

    @router.get("/form")
    async def page(pages: Pages, reader: CurrentReader, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
        form = FormState({"why": "</textarea><script>x()</script>", "name": '"><i>'}).with_problem(
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
