"""The mails of a stack are shown to the edge, which asks who may see them, and to no other process of the machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.local.engines.edge import EDGE_HEADER
from deploy.local.kept_mails import KeptMails
from deploy.local.mail_sink import app

TOKEN = "known to the edge"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    text = "To: ada@example.org\r\nSubject: Your ring\r\nContent-Type: text/html\r\n\r\n<p>Ready.</p>"
    (tmp_path / "abc.eml").write_text(text)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app(KeptMails(tmp_path, 9, 9), TOKEN)), base_url="http://sink"
    ) as client:
        yield client


@pytest.mark.parametrize("path", ["/mail/", "/mail/abc", "/mail/abc/html"])
async def test_mails_are_shown_to_the_edge_alone(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={EDGE_HEADER: TOKEN})).status_code == 200
    assert (await client.get(path, headers={EDGE_HEADER: "guessed"})).status_code == 403
    assert (await client.get(path)).status_code == 403
    assert (await client.get("/mail-health")).content == b""


@pytest.mark.parametrize("path", ["/mail/", "/mail/abc", "/mail/abc/html"])
async def test_a_mail_is_not_kept_and_runs_nothing(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path, headers={EDGE_HEADER: TOKEN})).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script" not in headers["Content-Security-Policy"]
