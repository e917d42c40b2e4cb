"""A Temporal of one's own that lets in only who has a certificate of its authority: here the run's, behind TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.runtime.settings import ServiceSettings
from shared.temporal.client import Temporal, TemporalAwayError

LOOPBACK = "127.0.0.1"


class Authority:
    """Signs certificates, each in a file beside its key."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, folder.name)])
        self.certificate = folder / "authority.pem"
        self.certificate.write_bytes(self._signed(self._name, self._key, authority=True))

    def issue(self, name: str) -> tuple[Path, Path]:
        """A certificate for this name, and its key."""
        certificate, keyed = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate.write_bytes(self._signed(subject, key, authority=False))
        form = serialization.PrivateFormat.PKCS8
        keyed.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        return certificate, keyed

    def _signed(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> bytes:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(self._name, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "the studio")


@pytest.fixture
async def behind_tls(temporal: str, authority: Authority) -> AsyncIterator[str]:
    """The address of the run's Temporal behind TLS, which wants a certificate of everybody."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.certificate)
    context.load_cert_chain(*authority.issue("temporal"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["h2"])
    host, _, port = temporal.rpartition(":")
    open_now: set[asyncio.Task[None]] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside, to_inside = await asyncio.open_connection(host, int(port))
        for one in (pass_on(reader, to_inside), pass_on(inside, writer)):
            open_now.add(asyncio.create_task(one))

    server = await asyncio.start_server(serve, LOOPBACK, 0, ssl=context)
    yield f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    server.close()
    for one in open_now:
        one.cancel()
    await asyncio.gather(*open_now, return_exceptions=True)


def temporal_at(address: str, given: Mapping[str, Path]) -> Temporal:
    return Temporal(ServiceSettings.model_construct(temporal=address, prefix="", temporal_tls=True, **given))  # type: ignore[arg-type]  # files alone


async def test_who_has_a_certificate_of_the_authority_comes_in(behind_tls: str, authority: Authority) -> None:
    certificate, key = authority.issue("intake")
    given = {"temporal_ca": authority.certificate, "temporal_certificate": certificate, "temporal_key": key}

    client = await temporal_at(behind_tls, given).client()

    assert await client.service_client.check_health()


async def test_who_has_none_stays_outside(behind_tls: str, authority: Authority) -> None:
    with pytest.raises(TemporalAwayError):
        await temporal_at(behind_tls, {"temporal_ca": authority.certificate}).client()


async def test_a_temporal_of_another_authority_is_told_nothing(
    behind_tls: str, authority: Authority, tmp_path: Path
) -> None:
    certificate, key = authority.issue("intake")
    other = Authority(tmp_path / "somebody else")
    given = {"temporal_ca": other.certificate, "temporal_certificate": certificate, "temporal_key": key}

    with pytest.raises(TemporalAwayError):
        await temporal_at(behind_tls, given).client()


async def test_a_file_that_is_not_there_is_named(behind_tls: str, tmp_path: Path) -> None:
    with pytest.raises(TemporalAwayError, match=r"lost\.pem cannot be read"):
        await temporal_at(behind_tls, {"temporal_ca": tmp_path / "lost.pem"}).client()
