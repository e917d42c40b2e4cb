"""The mail sink's program: SMTP in, one `.eml` file a mail, a plain page of them. For the local stack only.

python -m deploy.local.mail_sink FOLDER SMTP_PORT PAGE_PORT --most 1000 --days 7 [--erased-keys FOLDER]

Its page is for the edge alone, which asks who may see it: both know a token (`TOUCHMARK_EDGE_TOKEN`), since any process
of this machine can connect.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from email.message import EmailMessage, MIMEPart
from hmac import compare_digest
from html import escape
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from deploy.local.engines.edge import EDGE_HEADER, EDGE_VARIABLE
from deploy.local.kept_mails import KeptMails, read
from deploy.local.ports import LOOPBACK

_Show = Callable[[Request], Awaitable[Response]]

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'"
    "; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_SHOWN = 100
_LARGEST = 10 * 1024 * 1024

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root{{color-scheme:light dark;--paper:#faf7f2;--ink:#22201c;--act:#2f6f62}}
@media(prefers-color-scheme:dark){{:root{{--paper:#191714;--ink:#ece6dc;--act:#7fc4b3}}}}
body{{background:var(--paper);color:var(--ink);font:17px/1.6 system-ui,sans-serif;max-width:68ch;margin:2rem auto;
padding:0 1rem}}a{{color:var(--act)}}li{{margin:.6rem 0}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}
iframe{{width:100%;height:34rem;border:1px solid;background:#fff}}</style><main>{body}</main></html>"""


class Sink:
    """aiosmtpd's handler: writes each mail down before it says that it was taken."""

    def __init__(self, kept: KeptMails) -> None:
        self._kept = kept

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        self._kept.keep(envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode())
        return "250 Taken"


def app(kept: KeptMails, token: str) -> Starlette:
    """The pages: a list, one mail, and its HTML part in a frame of its own that may run nothing; all for the edge."""

    async def all_mails(_request: Request) -> Response:
        rows = [
            f'<li><a href="{name}">{escape(str(mail["subject"]))}</a><br>{escape(str(mail["date"]))}, '
            f"to {escape(str(mail['to']))}</li>"
            for name, mail in kept.newest(_SHOWN)
        ]
        return _page("Mails of this stack", f"<ul>{''.join(rows)}</ul>" if rows else "<p>No mail was sent yet.</p>")

    async def one_mail(request: Request) -> Response:
        name, mail = _find(kept.folder, request)
        plain = mail.get_body(("plain",))
        text = f"<pre>{escape(plain.get_content())}</pre>" if plain else ""
        frame = f'<iframe sandbox title="As the reader sees it" src="{name}/html"></iframe>'
        heads = "".join(f"<li>{escape(head)}: {escape(str(value))}</li>" for head, value in mail.items())
        headers = f"<details><summary>Headers</summary><ul>{heads}</ul></details>"
        return _page(str(mail["subject"]), f'<p><a href="./">All mails</a></p>{frame}{text}{headers}')

    async def html_part(request: Request) -> Response:
        _, mail = _find(kept.folder, request)
        part = mail.get_body(("html", "plain"))
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
        return HTMLResponse(_with_pictures(mail, part), headers={"Content-Security-Policy": policy})

    async def health(_request: Request) -> Response:
        return Response()

    def edge_only(show: _Show) -> _Show:
        async def shown(request: Request) -> Response:
            if not compare_digest(request.headers.get(EDGE_HEADER, "").encode(), token.encode()):
                raise HTTPException(403)
            answer = await show(request)
            for name, value in _HEADERS.items():
                answer.headers.setdefault(name, value)
            return answer

        return shown

    return Starlette(
        routes=[
            Route("/mail-health", health),
            Route("/mail/", edge_only(all_mails)),
            Route("/mail/{name:str}", edge_only(one_mail)),
            Route("/mail/{name:str}/html", edge_only(html_part)),
        ]
    )


def _with_pictures(mail: EmailMessage, part: MIMEPart | None) -> str:
    """The part's content, in which the pictures that the mail carries are included (RFC 2392)."""
    content = str(part.get_content()) if part else ""
    for each in mail.walk():
        if name := each["Content-ID"]:
            data = b64encode(each.get_content()).decode()
            content = content.replace(f"cid:{name.strip('<>')}", f"data:{each.get_content_type()};base64,{data}")
    return content


def _find(folder: Path, request: Request) -> tuple[str, EmailMessage]:
    name = request.path_params["name"]
    file = folder / f"{name}.eml"
    if not name.isalnum() or not file.exists():
        raise HTTPException(404)
    return name, read(file)


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=escape(title), body=f"<h1>{escape(title)}</h1>{body}"))


async def serve(kept: KeptMails, smtp_port: int, page_port: int, token: str, *, sweep_every: float) -> None:
    """Take mails and show them until SIGTERM."""
    loop = asyncio.get_running_loop()
    sink = Sink(kept)
    server = await loop.create_server(lambda: SMTP(sink, data_size_limit=_LARGEST), LOOPBACK, smtp_port)
    pages = uvicorn.Server(uvicorn.Config(app(kept, token), host=LOOPBACK, port=page_port, log_level="warning"))
    serving = asyncio.create_task(pages.serve())
    sweeping = asyncio.create_task(_sweep(kept, sweep_every))
    loop.add_signal_handler(signal.SIGTERM, lambda: setattr(pages, "should_exit", True))
    async with server:
        await serving
    sweeping.cancel()


async def _sweep(kept: KeptMails, every: float) -> None:
    """Whatever one sweep meets, the next one is tried: a mail that nobody can read, a disk that is full."""
    while True:
        try:
            await asyncio.to_thread(kept.sweep, time.time())
        except Exception as error:  # noqa: BLE001 (a program of the local stack, whose log is its standard error)
            print(f"mails not swept: {type(error).__name__}", file=sys.stderr)
        await asyncio.sleep(every)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("smtp_port", type=int)
    parser.add_argument("page_port", type=int)
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--days", type=float, required=True)
    parser.add_argument("--erased-keys", type=Path)
    parser.add_argument("--sweep-every", type=float, default=60.0, help="seconds")
    asked = parser.parse_args()
    kept = KeptMails(asked.folder, asked.most, asked.days, asked.erased_keys)
    token = os.environ.pop(EDGE_VARIABLE)
    asyncio.run(serve(kept, asked.smtp_port, asked.page_port, token, sweep_every=asked.sweep_every))


if __name__ == "__main__":
    main()
