"""The check that guards the contracts must let harmless changes pass, and must be able to fail."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, create_model

from shared.contracts.compatibility import breaks, breaks_between
from shared.contracts.export import Schema, schema


class Metal(StrEnum):
    GOLD = "gold"
    SILVER = "silver"


class MoreMetal(StrEnum):
    GOLD = "gold"
    SILVER = "silver"
    PEWTER = "pewter"


class LessMetal(StrEnum):
    GOLD = "gold"


class Stone(BaseModel):
    cut: str


class SmallerStone(BaseModel):
    cut: Literal["round"]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    minor: int


class ClosedAndMore(Closed):
    scale: int = 2


def _message(**fields: object) -> Schema:
    """The schema of a message with these fields: a type, or a type and its default."""
    return schema(create_model("Message", **fields), "message")  # type: ignore[call-overload]  # fields are data here


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param({"a": str}, {"a": str, "b": (str, "")}, id="an optional field is added"),
        pytest.param({"a": str}, {"a": str, "b": (date | None, None)}, id="a nullable one is added"),
        pytest.param({"a": Metal}, {"a": MoreMetal}, id="an enum gains a member"),
        pytest.param({"a": int}, {"a": int | None}, id="null is allowed as well"),
        pytest.param({"a": int}, {"a": float}, id="an integer may be a number"),
        pytest.param({"a": int}, {"a": int | str}, id="another type is allowed as well"),
        pytest.param({"a": Annotated[int, Field(le=5)]}, {"a": Annotated[int, Field(le=9)]}, id="the ceiling rises"),
        pytest.param({"a": Annotated[int, Field(ge=5)]}, {"a": Annotated[int, Field(ge=1)]}, id="the floor sinks"),
        pytest.param({"a": Annotated[str, Field(max_length=5)]}, {"a": str}, id="a condition is dropped"),
        pytest.param({"a": str}, {"a": (str, "x")}, id="a field gains a default"),
        pytest.param({"a": list[Metal]}, {"a": list[MoreMetal]}, id="the elements may be more"),
        pytest.param({"a": tuple[Stone, ...]}, {"a": tuple[Stone, ...]}, id="nothing changes"),
    ],
)
def test_a_harmless_change_passes(old: dict[str, object], new: dict[str, object]) -> None:
    assert breaks(_message(**old), _message(**new)) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        pytest.param({"a": str, "b": str}, {"a": str}, "/b", id="a field is removed"),
        pytest.param({"a": str}, {"a": str, "b": str}, "/b", id="a required field is added"),
        pytest.param({"a": (str, "")}, {"b": (str, "")}, "/a", id="a field is renamed"),
        pytest.param({"a": (str, "")}, {"a": str}, "/a", id="an optional field becomes required"),
        pytest.param({"a": Metal}, {"a": LessMetal}, "/a", id="an enum loses a member"),
        pytest.param({"a": str}, {"a": Metal}, "/a", id="text becomes an enum"),
        pytest.param({"a": int | None}, {"a": int}, "/a", id="null is refused"),
        pytest.param({"a": int | str}, {"a": str}, "/a", id="one of two types is refused"),
        pytest.param({"a": float}, {"a": int}, "/a", id="a number becomes an integer"),
        pytest.param({"a": str}, {"a": int}, "/a", id="another type"),
        pytest.param({"a": str}, {"a": date}, "/a", id="text becomes a date"),
        pytest.param({"a": str}, {"a": Annotated[str, Field(max_length=5)]}, "/a", id="a ceiling is added"),
        pytest.param(
            {"a": Annotated[int, Field(ge=1)]}, {"a": Annotated[int, Field(ge=5)]}, "/a", id="the floor rises"
        ),
        pytest.param({"a": str}, {"a": Annotated[str, Field(pattern="^x$")]}, "/a", id="a pattern is added"),
        pytest.param({"a": Stone}, {"a": SmallerStone}, "/a/cut", id="a field of a field is narrowed"),
        pytest.param({"a": list[Metal]}, {"a": list[LessMetal]}, "/a/[]", id="the elements are narrowed"),
        pytest.param({"a": tuple[Metal, int]}, {"a": tuple[Metal]}, "/a", id="a tuple loses an element"),
        pytest.param({"a": dict[str, Metal]}, {"a": dict[str, LessMetal]}, "/a/*", id="the values are narrowed"),
        pytest.param({"a": dict[str, int]}, {"a": dict[str, str]}, "/a/*", id="the values are others"),
        pytest.param({"a": Closed}, {"a": ClosedAndMore}, "/a/scale", id="a closed class gains a field"),
    ],
)
def test_a_break_is_named_with_its_place(old: dict[str, object], new: dict[str, object], where: str) -> None:
    found = breaks(_message(**old), _message(**new))

    assert found
    assert all(said.startswith(where) for said in found)


def test_an_open_class_must_not_be_closed() -> None:
    class Open(BaseModel):
        minor: int

    assert breaks(_message(a=Open), _message(a=Closed)) == ["/a/*/: it took anything and now does not"]


def test_a_break_inside_a_reference_that_was_seen_before_is_found() -> None:
    before = _message(a=Stone, b=Stone)
    after = _message(a=Stone, b=SmallerStone)

    assert [said.split(":")[0] for said in breaks(before, after)] == ["/b/cut/"]


def test_a_document_that_is_gone_is_a_break_and_a_new_one_is_none() -> None:
    assert breaks_between({"facts/Old": {}}, {"facts/New": {}}) == ["facts/Old: it is gone, or renamed"]


def test_a_class_that_contains_itself_can_be_compared() -> None:
    tree = schema(Tree, "tree")

    assert breaks(tree, tree) == []


class Tree(BaseModel):
    branches: list["Tree"] = []
