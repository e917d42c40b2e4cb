"""Pages from Jinja templates: the shared layout and components, and each service's own beside its pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo

from fastapi import Depends
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.web.assets import address
from shared.web.dates import Wording

_SHARED = Path(__file__).parent / "templates"


class Studio(Protocol):
    """What pages say about the studio they belong to."""

    @property
    def studio_name(self) -> str: ...

    @property
    def studio_zone(self) -> str: ...


class Templates:
    """Renders pages and fragments. `folders` are the service's own; their names win over the shared ones."""

    def __init__(self, studio: Studio, clock: Clock, folders: Iterable[Path] = ()) -> None:
        self.wording = Wording(ZoneInfo(studio.studio_zone))
        self._clock = clock
        loader = ChoiceLoader([FileSystemLoader(folder) for folder in (*folders, _SHARED)])
        self.environment = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.environment.filters.update(self._filters())
        self.environment.globals.update(asset=address, studio=studio.studio_name, new_key=new_id)

    def page(
        self, request: Request, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> HTMLResponse:
        """A whole page; templates also see `caller` (or None), `nonce` and `here` (the path)."""
        about = {
            "caller": getattr(request.state, "caller", None),
            "nonce": request.state.nonce,
            "here": request.url.path,
        }
        return HTMLResponse(self.fragment(name, **about, **(context or {})), status)

    def fragment(self, name: str, **context: Any) -> str:
        """A piece of a page, as a live stream sends it. The same template is included by the page."""
        return self.environment.get_template(name).render(context)

    def _filters(self) -> Mapping[str, Callable[..., object]]:
        wording = self.wording

        def ago(value: datetime) -> str:
            return wording.ago(value, self._clock())

        return {
            "day": wording.day,
            "short_day": wording.short_day,
            "moment": wording.moment,
            "when": wording.time_tag,
            "until": wording.until,
            "ago": ago,
            "money": wording.money,
        }


def templates_of(request: Request) -> Templates:
    """The templates of the app that this request came to."""
    found: Templates = request.app.state.templates
    return found


Pages = Annotated[Templates, Depends(templates_of)]
"""For a page's signature: `async def welcome(request: Request, pages: Pages, …) -> HTMLResponse`."""
