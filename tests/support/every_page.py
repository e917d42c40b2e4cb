"""Every page of a service, by its routes: in every language, at both widths and in both lights.

    visits = [Visit("/quotes", "/quotes", ops), Visit("/quotes/{commission}", f"/quotes/{commission}", customer)]
    await assert_every_page(chromium, ServicePages(app, visits, written=("Ada Quist",)))

A page route without a visit fails by its name. On a German page nothing may read as on the English one, except what
people wrote; and no hour is without its zone.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from fastapi import FastAPI
from playwright.async_api import Browser, Page

from deploy.words import catalogs
from deploy.words.extraction import packages
from shared.web.access import routes
from tests.support.browser import assert_accessible_everywhere, visitor
from tests.support.hours import hours_without_zone
from tests.support.web import served

STUDIO = "The Studio"
"""Its name, where the settings have no other."""
LANGUAGES = ("en-GB", "de-DE")
"""As browsers ask for them; the first is the language of the source text."""

_TEXTS = """() => {
    const found = new Set([document.title]), add = text => text && found.add(text.replace(/\\s+/g, ' ').trim())
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const around = walker.currentNode.parentElement
        if (!around.closest('script, style, code, [lang]:not(html)')) add(walker.currentNode.data)
    }
    for (const name of ['alt', 'aria-label', 'placeholder', 'title'])
        for (const each of document.body.querySelectorAll(`[${name}]`)) add(each.getAttribute(name))
    return [...found]
}"""
"""Every text that a page says; what is marked as code or as another language's is the same in every language."""
_WORD = re.compile(r"(?<!\S)[\"“(]?(?=\w*[a-zé])[^\W\d_]+(?:['\u2019-][^\W\d_]+)*[.,:;!?…\"”)]*(?!\S)")
"""A word of a sentence, unlike a number, a code, or an address."""


@dataclass(frozen=True)
class Visit:
    """A page to look at: its route, an address of it, and the sign-in token of somebody who may see it.

    `state` names it where a route is visited in more states than one.
    """

    route: str
    path: str
    token: str | None = None
    state: str = ""

    @property
    def name(self) -> str:
        return re.sub(r"[^a-z]+", "-", f"{self.route}-{self.state}").strip("-") or "welcome"


@dataclass(frozen=True)
class ServicePages:
    """A service with something on every page.

    `files` are routes that answer with no page; `written` is what people wrote in it, in any language.
    """

    app: FastAPI
    visits: Sequence[Visit]
    files: Sequence[str] = ()
    written: Sequence[str] = ()


def page_routes(app: FastAPI) -> set[str]:
    """The paths of all routes that answer GET and are neither the API's, nor assets, nor the live part of a page."""
    return {
        route.path
        for route in routes(app)
        if route.method == "GET" and not route.api and not route.path.endswith(("/live", "/{version}/{name}"))
    }


async def assert_every_page(chromium: Browser, pages: ServicePages) -> None:
    """Pay each visit."""
    expected, visited = page_routes(pages.app) - set(pages.files), {visit.route for visit in pages.visits}
    assert not expected - visited, f"Nobody looks at {sorted(expected - visited)}: add a visit to this test."
    assert not visited - expected, f"There is no such page: {sorted(visited - expected)}"
    async with served(pages.app) as url:
        english, *others = [await _read(chromium, url, pages.visits, language) for language in LANGUAGES]
    untranslated = [
        f"{visit.path}: {text}"
        for other in others
        for visit in pages.visits
        for text in sorted(english[visit] & other[visit])
        if _is_english(text, (STUDIO, *pages.written))
    ]
    assert not untranslated, "\n".join(untranslated)


async def _read(chromium: Browser, url: str, visits: Sequence[Visit], language: str) -> Mapping[Visit, set[str]]:
    """What each page says in this language."""
    found: dict[Visit, set[str]] = {}
    for token in dict.fromkeys(visit.token for visit in visits):
        async with visitor(chromium, url, token, locale=language) as page:
            for visit in visits:
                if visit.token == token:
                    found[visit] = await _look(page, visit, language[:2])
    return found


async def _look(page: Page, visit: Visit, language: str) -> set[str]:
    answer = await page.goto(visit.path)
    assert answer, visit
    assert answer.ok, f"{visit.path} answers {answer.status}"
    assert answer.headers["content-type"].startswith("text/html"), f"{visit.path} is no page"
    assert await page.locator("html").get_attribute("lang") == language, f"{visit.path} is not in {language}"
    await assert_accessible_everywhere(page, f"every-{visit.name}-{language}")
    texts = set(await page.evaluate(_TEXTS))
    assert not hours_without_zone(" · ".join(texts)), f"{visit.path} says an hour without its zone"
    return texts


def _is_english(text: str, written: Collection[str]) -> bool:
    """Whether this text, which is the same in both languages, has two words or more that nobody wrote by hand."""
    for said in written:
        text = text.replace(said, "")
    return len(_WORD.findall(text)) >= 2 and text not in _same_in_german()


@cache
def _same_in_german() -> set[str]:
    """What the catalogues translate by itself: the name of a program, say. And countries, by CLDR's names."""
    read = (catalogs.read(package.catalog_of("de"), "de") for package in packages())
    said = {str(message.id) for catalog in read for message in catalog if message.id == message.string}
    english, german = (Locale(language).territories for language in ("en", "de"))
    return said | {name for code, name in english.items() if german.get(code) == name}
