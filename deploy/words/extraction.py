"""The messages that code and templates have: one catalogue for each package that has words for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from deploy.checks import ROOT

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": None,
    "n_": (1, 2),
    "c_": ((1, "c"), 2),
}
"""What marks a message: gettext's own functions, and the marks of `shared.i18n`."""

METHODS = [("**.py", "python"), ("**/templates/**.*", "jinja2")]
OPTIONS = {"**/templates/**.*": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


@dataclass(frozen=True)
class Package:
    """A package with words of its own, and the folder of its catalogues."""

    name: str
    root: Path

    @property
    def locales(self) -> Path:
        return self.root / "locales"

    def catalog_of(self, language: str) -> Path:
        return self.locales / f"{language}.po"

    def messages(self) -> Catalog:
        """Every message of the package's code and templates, with where it is."""
        catalog = Catalog(project="Touchmark", charset="utf-8", fuzzy=False)
        found = extract_from_dir(
            self.root, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        )
        for file, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
            catalog.add(message, None, [(f"{self.name}/{file}", None)], auto_comments=comments, context=context)  # type: ignore[list-item]  # a place without a line: lines move with every change
        return catalog


def packages() -> Iterator[Package]:
    """`shared`, each service, and the command line."""
    yield Package("shared", ROOT / "shared")
    for root in sorted((ROOT / "services").iterdir()):
        if (root / "main.py").is_file():
            yield Package(f"services/{root.name}", root)
    yield Package("deploy", ROOT / "deploy")


def languages() -> list[str]:
    """The languages that there are catalogues of, besides English."""
    return sorted(path.stem for path in (ROOT / "shared" / "locales").glob("*.po"))
