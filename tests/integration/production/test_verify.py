"""`touchmark verify` with what was really downloaded: valid, and after stored rows were changed."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.cli.verify import app
from services.production.main import web
from shared.postgres.database import Database
from tests.support.certificates import Bench
from tests.support.production import kernel_of
from tests.support.web import client_of

CHANGES = {
    "the certificate": (
        """UPDATE certificate SET text = replace(text, '"minutes":63', '"minutes":64') WHERE piece = $1""",
        "certificate.stages[1].minutes differs from what was signed: 63.",
    ),
    "the journal": (
        "UPDATE journal_entry SET said = replace(said, ':63', ':64') WHERE piece = $1 AND said LIKE '%:63%'",
        "of the journal was changed after it was written. Affected: certificate.stages[1].",
    ),
    "the signature": (
        "UPDATE certificate SET signature = left(signature, -1) WHERE piece = $1",
        "The studio's signature on this certificate is not valid.",
    ),
}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


@pytest.fixture
async def bench(database: Database) -> Bench:
    bench = Bench(database)
    await bench.make()
    await bench.certify()
    return bench


async def downloaded(client: httpx.AsyncClient, address: str, folder: Path) -> Path:
    file = folder / address.rpartition("/")[2]
    file.write_bytes((await client.get(address)).raise_for_status().content)
    return file


def run_verify(*arguments: object) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as ended:
        app([str(each) for each in arguments], exit_on_error=False, result_action="sys_exit")
    return int(ended.value.code or 0)


async def test_what_was_downloaded_is_verified_with_the_studios_keys(
    bench: Bench, client: httpx.AsyncClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = await downloaded(client, f"/c/{await bench.serial()}/certificate.json", tmp_path)
    keys = await downloaded(client, "/c/keys.json", tmp_path)

    code = run_verify(file, "--key", keys)

    assert (code, f"{await bench.serial()}: The engraved ring" in capsys.readouterr().out) == (0, True)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_changed_by_sql_is_refused_and_named(
    bench: Bench, client: httpx.AsyncClient, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    statement, named = CHANGES[change]
    await bench.tamper(statement, bench.piece)
    file = await downloaded(client, f"/c/{await bench.serial()}/certificate.json", tmp_path)

    code = run_verify(file)

    assert code == 1
    assert named in capsys.readouterr().err
