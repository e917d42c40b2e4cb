"""The edge: Caddy, one address for all five services."""

import json
import signal
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.engines.temporal import UI_SETTINGS, UI_SETTINGS_PATH
from deploy.local.ports import LOOPBACK, ok
from deploy.local.processes import Launch
from shared.kernel.problems import ProblemType
from shared.web.labels import PROBLEMS

# Which service owns which pages, as the README has them. What is not listed is intake's.
PAGES: Mapping[str, tuple[str, ...]] = {
    "quotes": ("/quotes", "/quotes/*"),
    "production": ("/bench", "/bench/*", "/makers", "/makers/*", "/c", "/c/*"),
    "notify": ("/mails", "/mails/*"),
    "lifecycle": ("/ops", "/ops/*"),
}

# The service may have gone away in the middle: what the edge can promise is what the key promises.
_REMEDY = "Try again in a minute, with the same Idempotency-Key: nothing happens twice."

_HEAD = """\
{
	admin off
	auto_https off
	persist_config off
	log {
		level WARN
		format filter {
			request>uri regexp "[?].*" "?REDACTED"
			request>headers>Referer delete
		}
	}
	servers {
		trusted_proxies static private_ranges
		trusted_proxies_strict
		max_header_size 64KB
		timeouts {
			read_header 10s
			idle 2m
		}
	}
}

(ops_only) {
	forward_auth {args[0]} {
		uri /ops/access
		@anonymous status 303
		handle_response @anonymous {
			redir * /session/renew?next={http.request.orig_uri.path} 303
		}
	}
}

(private) {
	header >Cache-Control no-store
	header >X-Content-Type-Options nosniff
	header ?Referrer-Policy same-origin
	header ?X-Frame-Options SAMEORIGIN
	header ?Content-Security-Policy {args[0]}
}
"""

# What the pages of others may do that are behind the edge, where they do not say so themselves. Temporal's page has a
# script and styles of its own within.
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_ITSELF = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_MAILS = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
EDGE_HEADER = "X-Touchmark-Edge"
EDGE_VARIABLE = "TOUCHMARK_EDGE_TOKEN"
"""What only the edge knows: the mail sink shows its mails to nobody else on this machine."""


@dataclass(frozen=True)
class Edge:
    """`services` are the services' addresses by name; `mail` and `temporal_ui` are for ops only.

    `token` is what the mail sink knows the edge by.
    """

    root: Path
    port: int
    services: Mapping[str, str]
    temporal_ui: str | None
    mail: str | None
    token: str = ""
    name: str = "edge"
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Write the Caddyfile."""
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "Caddyfile").write_text(self.caddyfile())

    def launch(self) -> Launch:
        program = str(Path(sysconfig.get_path("scripts")) / "caddy")
        argv = (program, "run", "--config", str(self.root / "Caddyfile"), "--adapter", "caddyfile")
        home = {"XDG_DATA_HOME": str(self.root), "XDG_CONFIG_HOME": str(self.root)}
        return Launch(argv, cwd=self.root, environment=home | {EDGE_VARIABLE: self.token})

    def answers(self) -> bool:
        return ok(self.address, "/edge/health")

    def caddyfile(self) -> str:
        """The whole configuration."""
        routes = [*self._for_ops(), *self._apis(), *self._pages(), _route("handle", self.services["intake"])]
        health = "\thandle /edge/health {\n\t\trespond ok\n\t}\n"
        # The services' own health and metrics are for this machine's loopback, not for the world.
        hidden = "\t@private path /health/* /metrics\n\thandle @private {\n\t\trespond 404\n\t}\n"
        return f"{_HEAD}\nhttp://:{self.port} {{\n\tbind {LOOPBACK}\n{health}{hidden}{''.join(routes)}{_away()}}}\n"

    def _for_ops(self) -> list[str]:
        gate = f"\t\timport ops_only {self.services['lifecycle']}\n"
        routes = []
        if self.temporal_ui:
            routes.append(_guarded("/temporal", gate, _ITSELF, _read_only(self.temporal_ui)))
        if self.mail:
            known = (
                f"\t\treverse_proxy {self.mail} {{\n\t\t\theader_up {EDGE_HEADER} {{${EDGE_VARIABLE}:none}}\n\t\t}}\n"
            )
            routes.append(_guarded("/mail", gate, _MAILS, known))
        for name, to in self.services.items():
            inside = f"\t\trewrite * /metrics\n\t\treverse_proxy {to}\n"
            routes.append(_guarded(f"/metrics/{name}", gate, _NOTHING, inside))
        return routes

    def _apis(self) -> list[str]:
        return [_route(f"handle /api/v1/{name}/*", to) for name, to in self.services.items()]

    def _pages(self) -> list[str]:
        routes = []
        for name, paths in PAGES.items():
            routes.append(f"\t@{name} path {' '.join(paths)}\n")
            routes.append(_route(f"handle @{name}", self.services[name]))
        return routes


def _away() -> str:
    """What is said where a service cannot be reached: to programs as a problem, to people as a page."""
    kind = ProblemType.UNAVAILABLE
    title = str(PROBLEMS[kind].message)
    problem = {"type": kind.uri, "title": title, "status": kind.status, "detail": title, "remedy": _REMEDY}
    page = Path(__file__).with_name("away.html").read_text()
    return f"""\
	handle_errors 502 503 504 {{
		header Retry-After 5
		header Cache-Control no-store
		@api path /api/*
		handle @api {{
			header Content-Type application/problem+json
			respond `{json.dumps(problem)}` {kind.status}
		}}
		handle {{
			header Content-Type "text/html; charset=utf-8"
			respond `{page}` {kind.status}
		}}
	}}
"""


def _route(handle: str, to: str) -> str:
    # -1: live pages are streams; each event goes out at once
    return f"\t{handle} {{\n\t\treverse_proxy {to} {{\n\t\t\tflush_interval -1\n\t\t}}\n\t}}\n"


def _guarded(path: str, gate: str, policy: str, inside: str) -> str:
    name = path.strip("/").replace("/", "_")
    private = f'\t\timport private "{policy}"\n'
    return f"\t@{name} path {path} {path}/*\n\thandle @{name} {{\n{gate}{private}{inside}\t}}\n"


def _read_only(to: str) -> str:
    """Temporal's page without its buttons: it shows none where its settings say so, and nothing is sent for any."""
    return f"""\
		@settings path {UI_SETTINGS_PATH}
		handle @settings {{
			header Content-Type application/json
			respond `{json.dumps(UI_SETTINGS)}`
		}}
		@writes not method GET HEAD
		handle @writes {{
			respond "Temporal's page is for reading. Act on a commission in the ops room." 403
		}}
		handle {{
			reverse_proxy {to}
		}}
"""
