"""From a CloudEvents `type` to the class of the fact, for all facts there are."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final, TypeVar

from pydantic import BaseModel

from shared.contracts.commands.command import Command
from shared.contracts.fact import Fact

_Model = TypeVar("_Model", bound=BaseModel)

_FACT_MODULES: Final = (
    "access",
    "briefs",
    "commissions",
    "documents",
    "failures",
    "lifecycle",
    "notifications",
    "payments",
    "people",
    "production",
    "quotes",
    "sessions",
    "texts",
)
_COMMAND_MODULES: Final = ("intake", "lifecycle", "production", "quotes")


def parse(type_: str, data: bytes) -> Fact | None:
    """The fact in a record's data; None where the type is not known here, which a reader passes over.

    Raises:
        pydantic.ValidationError: the type is known and the data is not what it says.
    """
    fact = FACTS.get(type_)
    return fact.model_validate_json(data) if fact else None


def _facts() -> Mapping[str, type[Fact]]:
    for module in _FACT_MODULES:
        import_module(f"shared.contracts.{module}")
    return MappingProxyType({fact.type(): fact for fact in _leaves(Fact)})


def _commands() -> Mapping[str, type[Command]]:
    for module in _COMMAND_MODULES:
        import_module(f"shared.contracts.commands.{module}")
    # `Command[Some]` in an annotation is a class, too.
    named = [each for each in _leaves(Command) if not each.__pydantic_generic_metadata__["args"]]
    return MappingProxyType({command.activity(): command for command in named})


def _leaves(root: type[_Model]) -> list[type[_Model]]:
    """The classes that can be sent or asked: those that nothing in the contracts refines further."""
    refined = [cls for cls in root.__subclasses__() if cls.__module__.startswith("shared.contracts.")]
    return [leaf for cls in refined for leaf in _leaves(cls)] if refined else [root]


FACTS: Final = _facts()
"""Every fact by its CloudEvents `type`."""

COMMANDS: Final = _commands()
"""Every command by the name of its activity."""
