"""What a customer takes along from the bench: the certificates of their pieces, to be read without the studio."""

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest

from services.production.main import web
from shared.certificates.verification import CertificateFile
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.certificates import Bench
from tests.support.production import kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def bench(database: Database) -> Bench:
    """A ring that was made, delivered and certified, with one photo for everybody."""
    bench = Bench(database)
    await bench.book()
    await bench.photograph("bend", b"for everybody")
    await bench.make()
    await bench.certify()
    return bench


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


def unpacked(archive: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(archive)) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}


async def test_each_certificate_is_there_as_a_page_that_loads_nothing_and_as_its_proof(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    serial = await bench.serial()
    address = f"/c/people/{bench.customer}/certificates.zip"

    answer = await client.get(address, headers=cookie(Role.CUSTOMER, bench.customer) | {"Accept-Language": "de"})
    of_ops = await client.get(f"/api/v1/production/people/{bench.customer}/certificates", headers=bearer(Role.OPS))

    found = unpacked(answer.raise_for_status().content)
    page = found[f"certificate-{serial}.html"]
    proof = CertificateFile.model_validate_json(found[f"certificate-{serial}.json"])
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(found) == 2
    assert '<html lang="de">' in page
    assert serial in page
    assert f"data:image/jpeg;base64,{b64encode(b'for everybody').decode()}" in page
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"|url\([^)]*\)|@font-face|<script', page) == []
    assert json.loads(found[f"certificate-{serial}.json"])["certificate"]["serial"] == serial
    assert proof.certificate["serial"] == serial
    assert unpacked(of_ops.raise_for_status().content).keys() == found.keys()


async def test_one_that_is_not_in_order_is_named_and_what_is_stored_is_there(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    serial = await bench.serial()
    await bench.tamper("UPDATE journal SET last_digest = 'x' WHERE piece = $1", bench.piece)
    address = f"/c/people/{bench.customer}/certificates.zip"

    answer = await client.get(address, headers=cookie(Role.CUSTOMER, bench.customer))

    found = unpacked(answer.raise_for_status().content)
    assert found.keys() == {f"certificate-{serial}.json", "missing.txt"}
    assert f"/c/{serial}" in found["missing.txt"]
    assert "differs from what was signed" in found["missing.txt"]


@pytest.mark.parametrize("somebody", ["another customer", "nobody's certificates"])
async def test_what_is_somebody_elses_answers_as_what_is_missing(
    bench: Bench, client: httpx.AsyncClient, somebody: str
) -> None:
    asking = new_id()
    person = bench.customer if somebody == "another customer" else asking

    answer = await client.get(f"/c/people/{person}/certificates.zip", headers=cookie(Role.CUSTOMER, asking))

    assert answer.status_code == httpx.codes.NOT_FOUND
