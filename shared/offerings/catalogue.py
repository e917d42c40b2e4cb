"""The offerings that ship with the platform: one file each, in a folder for each craft beside this module."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from shared.kernel.phrases import Phrase
from shared.offerings.document import OfferingDocument, OfferingFileError, parse
from shared.offerings.findings import FindingReason, Mistake


class UnknownOfferingError(LookupError):
    """There is no offering of this name."""


def load(craft: str, name: str) -> OfferingDocument:
    """The offering of this name as it is shipped now. Raises UnknownOfferingError and OfferingFileError."""
    return _load(craft, name)  # apart, since mypy does not see what a cached function takes


@cache
def _load(craft: str, name: str) -> OfferingDocument:
    if (craft, name) not in names():
        known = ", ".join("/".join(each) for each in names())
        raise UnknownOfferingError(f'there is no offering "{craft}/{name}"; there is {known}')
    file = f"shared/offerings/{craft}/{name}.toml"
    folder = files(__package__) / craft
    words = {each: (folder / f"{name}.{each}.toml").read_text(encoding="utf-8") for each in _languages(craft, name)}
    document = parse((folder / f"{name}.toml").read_text(encoding="utf-8"), words, file=file)
    if wrong := misplaced(document, craft, name):
        raise OfferingFileError(file, [Mistake(file, 1, *wrong)])
    return document


def misplaced(document: OfferingDocument, craft: str, name: str) -> tuple[str, Phrase] | None:
    """What is wrong where a document does not say the names of its folder and its file: the key, and why."""
    found = document.offering
    if found.craft != craft:
        return "craft", Phrase(FindingReason.OTHER_CRAFT, found=found.craft, folder=craft)
    if found.name != name:
        return "name", Phrase(FindingReason.OTHER_NAME, found=found.name, file=name)
    return None


@cache
def names() -> tuple[tuple[str, str], ...]:
    """Each offering's craft and name, sorted."""
    return tuple(
        sorted(
            (craft.name, file.name.removesuffix(".toml"))
            for craft in files(__package__).iterdir()
            if craft.is_dir()
            for file in craft.iterdir()
            if file.name.endswith(".toml") and file.name.count(".") == 1
        )
    )


def _languages(craft: str, name: str) -> tuple[str, ...]:
    """The languages that an offering has words in."""
    beside = (file.name for file in (files(__package__) / craft).iterdir())
    return tuple(sorted(found[1] for each in beside if (found := re.fullmatch(rf"{name}\.([a-z]{{2}})\.toml", each))))


def catalogue() -> tuple[OfferingDocument, ...]:
    """Every offering that is shipped, by craft and name."""
    return tuple(load(craft, name) for craft, name in names())


@cache
def skill_titles(language: str) -> Mapping[str, str]:
    """Every skill that some offering needs, by its id, with what it is called in this language."""
    translated = (document.offering.in_language(language) for document in catalogue())
    return {skill.id: skill.title for offering in translated for skill in offering.making.skills}
