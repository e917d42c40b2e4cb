"""Pages from Jinja templates: the shared layout and components, and each service's own beside its pages."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import Depends
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.i18n import Reader, Readers
from shared.i18n.templates import environment
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from shared.web.assets import FOLDER, OwnAssets, address
from shared.web.images import LARGEST_MEGABYTES
from shared.web.language import reader_of
from shared.web.studio_pages import HasStudioPages, foot_links

_SHARED = Path(__file__).parent / "templates"
_FONTS = re.compile(r"@font-face \{[^}]*\}\n?")


class Studio(HasStudioPages, Protocol):
    """What pages say about the studio they belong to."""

    @property
    def studio_name(self) -> str: ...

    @property
    def studio_zone(self) -> str: ...


class Templates:
    """Renders pages and fragments for a reader. Of equal names, those in the service's `folders` win."""

    def __init__(
        self, studio: Studio, clock: Clock, readers: Readers, folders: Iterable[Path] = (), own: OwnAssets | None = None
    ) -> None:
        self._studio = studio
        self._clock = clock
        self._readers = readers
        self._own = own
        self._loader = ChoiceLoader([FileSystemLoader(folder) for folder in (*folders, _SHARED)])
        self._environments: dict[str, Environment] = {}

    def page(
        self,
        request: Request,
        name: str,
        context: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        problem: Problem | None = None,
    ) -> HTMLResponse:
        """A whole page; templates also see `caller` (or None), `nonce` and `here` (the path).

        One that shows a `problem` is answered with its status, and says when to come again where the problem does.
        """
        about = {
            "caller": getattr(request.state, "caller", None),
            "nonce": request.state.nonce,
            "here": request.url.path,
        }
        answered = HTMLResponse(
            self.fragment(name, reader_of(request.scope), **about, **(context or {})),
            problem.type.status if problem else status,
        )
        if problem and problem.retry_after is not None:
            answered.headers["Retry-After"] = str(problem.retry_after)
        return answered

    def fragment(self, name: str, reader: Reader, /, **context: Any) -> str:
        """A piece of a page, as a live stream sends it. The same template is included by the page."""
        found = self.environment(reader)
        return found.get_template(name).render(context)

    def environment(self, reader: Reader) -> Environment:
        """The templates in this reader's language; made once."""
        if reader.language not in self._environments:
            made = environment(reader, self._loader, self._clock)
            made.globals.update(
                asset=address,
                studio=self._studio.studio_name,
                foot_links=foot_links(self._studio),
                new_key=new_id,
                languages=self._readers.all(),
                largest_picture=LARGEST_MEGABYTES,
            )
            made.globals["sheet"] = self._sheet
            if self._own:
                made.globals["own"] = self._own.address
            self._environments[reader.language] = made
        return self._environments[reader.language]

    def _sheet(self, name: str) -> Markup:
        """What a style sheet says, for a page that is kept as one file; its fonts would be others."""
        found = (self._own.text(name) if self._own else None) or (FOLDER / name).read_text("utf-8")
        return Markup(_FONTS.sub("", found))  # noqa: S704 (our own style sheet)


def templates_of(request: Request) -> Templates:
    """The templates of the app that this request came to."""
    found: Templates = request.app.state.templates
    return found


Pages = Annotated[Templates, Depends(templates_of)]
"""For a page's signature: `async def welcome(request: Request, pages: Pages, …) -> HTMLResponse`."""
