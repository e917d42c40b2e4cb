"""The contracts as JSON Schemas (2020-12), one document per message that crosses between services."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from shared.contracts.registry import COMMANDS, FACTS

Schema: TypeAlias = dict[str, Any]


def schemas() -> Mapping[str, Schema]:
    """Every fact, command and result: by the path of its document, as in `facts/touchmark.quotes.QuoteDrafted`."""
    return dict([*_facts(), *_commands()])


def schema(kind: Any, name: str) -> Schema:
    """The schema of what a reader of `kind` accepts, under the name it travels by."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:touchmark:contract:{name}",
        **TypeAdapter(kind).json_schema(mode="validation"),
    }


def _facts() -> Iterator[tuple[str, Schema]]:
    for type_, fact in FACTS.items():
        yield f"facts/{type_}", schema(fact, type_)


def _commands() -> Iterator[tuple[str, Schema]]:
    for name, command in COMMANDS.items():
        yield f"commands/{name}", schema(command, name)
        yield f"commands/{name}.result", schema(command.result, f"{name}.result")
