"""The crafts that ship with the platform: one file each, beside this module."""

from functools import cache
from importlib.resources import files

from shared.offerings.document import OfferingDocument, OfferingFileError, parse


class UnknownOfferingError(LookupError):
    """There is no craft of this name."""


@cache
def load(name: str) -> OfferingDocument:
    """The craft of this name as it is shipped now. Raises UnknownOfferingError and OfferingFileError."""
    if name not in names():
        raise UnknownOfferingError(f'there is no craft "{name}"; there is {", ".join(names())}')
    file = f"shared/offerings/{name}.toml"
    document = parse((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"), file=file)
    if document.name != name:
        raise OfferingFileError(
            file, [f'{file}:1: craft is "{document.name}". Name it as the file is named: "{name}".']
        )
    return document


@cache
def names() -> tuple[str, ...]:
    """The crafts' names, sorted."""
    found = (entry.name for entry in files(__package__).iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in found))


def catalogue() -> tuple[OfferingDocument, ...]:
    """Every craft that is shipped, by name."""
    return tuple(load(name) for name in names())
