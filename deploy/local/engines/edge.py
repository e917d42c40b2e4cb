"""The edge: Caddy, one address for all five services."""

import json
import signal
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
			request>uri query {
				replace link REDACTED
				replace pass REDACTED
				replace secret REDACTED
			}
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
"""


@dataclass(frozen=True)
class Edge:
    """`services` are the services' addresses by name; `mail` and `temporal_ui` are for ops only."""

    root: Path
    port: int
    services: Mapping[str, str]
    temporal_ui: str | None
    mail: str | None
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
        return Launch(argv, cwd=self.root, environment=home)

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
        behind = {"/temporal": self.temporal_ui, "/mail": self.mail}
        routes = [_guarded(path, to, gate) for path, to in behind.items() if to]
        metrics = [_guarded(f"/metrics/{name}", to, gate, "/metrics") for name, to in self.services.items()]
        return [*routes, *metrics]

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


def _guarded(path: str, to: str, gate: str, rewrite: str | None = None) -> str:
    name = path.strip("/").replace("/", "_")
    inside = f"\t\trewrite * {rewrite}\n" if rewrite else ""
    return f"\t@{name} path {path} {path}/*\n\thandle @{name} {{\n{gate}{inside}\t\treverse_proxy {to}\n\t}}\n"
