"""`touchmark sign-in`: whose address the link leads to, and who would take it for theirs."""

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.cli.sign_in import sign_in
from deploy.local.processes import Identity
from deploy.local.secrets import keep
from deploy.local.state import StackState, StateFile
from shared.auth.tokens import Verifier
from shared.contracts.people import Role


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack of its own that is not up, at port 9000."""
    monkeypatch.setenv("TOUCHMARK_HOME", str(tmp_path))
    monkeypatch.setenv("TOUCHMARK_EDGE_PORT", "9000")
    monkeypatch.delenv("TOUCHMARK_PUBLIC_URL", raising=False)
    return tmp_path


def _signed_in(home: Path, printed: str, *, issuer: str) -> Role:
    """The role that an intake with this public address would grant by the link that was printed."""
    [local_link] = parse_qs(urlsplit(printed.splitlines()[0]).query)["link"]
    return Verifier.read(keep(home).local_link_keys, issuer=issuer).local_link(local_link, datetime.now(UTC)).role


def test_a_link_leads_to_the_local_stack(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sign_in(Role.OPS)

    printed = capsys.readouterr().out
    assert printed.startswith("http://localhost:9000/sign-in/local?link=")
    assert _signed_in(home, printed, issuer="http://localhost:9000") is Role.OPS


@pytest.mark.parametrize("url", ["https://studio.example", "https://studio.example/"])
def test_a_link_leads_to_the_public_address_that_is_set(
    home: Path, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOUCHMARK_PUBLIC_URL", url)

    sign_in(Role.MAKER)

    printed = capsys.readouterr().out
    assert printed.startswith("https://studio.example/sign-in/local?link=")
    assert _signed_in(home, printed, issuer=url) is Role.MAKER


def test_a_local_stack_that_is_up_goes_first(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack knows its own address: the environment's is for containers."""
    monkeypatch.setenv("TOUCHMARK_PUBLIC_URL", "https://studio.example")
    StateFile(home / "run").write(StackState(supervisor=Identity.of(os.getpid())))

    sign_in(Role.OPS)

    assert capsys.readouterr().out.startswith("http://localhost:9000/sign-in/local?link=")
