"""Passkeys: added by a maker, signed in by once for each challenge, and refused in every other case."""

import base64
import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from webauthn.helpers import encode_cbor

from services.intake.store import erasure
from shared.auth.roles import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import ORIGIN, Program, browser, signed_in, token

HOST = b"studio.test"


def written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class DeviceKey:
    """What a phone does with a passkey of ES256, with its owner's finger on it (WebAuthn level 3, section 6)."""

    def __init__(self, *, origin: str = ORIGIN) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.name = uuid4().bytes
        self._origin = origin
        self._signed = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        about = self._about(0x45) + bytes(16) + len(self.name).to_bytes(2) + self.name + public
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": about})
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": written(client), "attestationObject": written(attestation)})

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        self._signed += 1
        client, about = self._client("webauthn.get", options), self._about(0x05)
        signature = self._key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": about, "signature": signature}
        return self._answer({name: written(value) for name, value in said.items()})

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(HOST).digest() + bytes([flags]) + self._signed.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self._origin}).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = written(self.name)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


async def invited(app: FastAPI) -> Program:
    """A maker who was invited, and is signed in."""
    desk, maker = Program(app), Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    who = {"name": "Bo Hammer", "email": f"bo.{uuid4().hex}@example.org", "role": "maker"}
    said = (await desk.post("/people/colleagues", who)).json()
    came = (await maker.post("/session/invitation", {"secret": said["secret"]})).json()
    maker.http.headers["Authorization"] = f"Bearer {came['token']}"
    maker.person = UUID(came["person"])
    return maker


async def kept(database: Database, maker: Program) -> int:
    async with database.transaction() as tx:
        found: int = await tx.connection.fetchval("SELECT count(*) FROM passkey WHERE person = $1", maker.person)
    return found


async def add(maker: Program, device: DeviceKey) -> httpx.Response:
    options = (await maker.http.post("/passkeys/options")).json()["options"]
    return await maker.http.post("/passkeys", json={"credential": device.create(options)})


async def options_to_sign_in(app: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = (await Program(app).http.post("/sign-in/passkey/options")).json()["options"]
    return found


async def test_a_maker_signs_in_by_the_passkey_and_once_for_each_challenge(app: FastAPI) -> None:
    maker, device = await invited(app), DeviceKey()

    added = await add(maker, device)
    answer = {"credential": device.get(await options_to_sign_in(app))}
    came = await Program(app).http.post("/sign-in/passkey", json=answer)
    again = await Program(app).http.post("/sign-in/passkey", json=answer)
    listed = (await maker.http.get("/passkeys")).json()

    assert added.status_code == 201, added.text
    assert (came.status_code, came.json()["person"]) == (201, str(maker.person))
    assert again.status_code == 403
    assert [each["passkey"] for each in listed] == [added.json()["passkey"]]


async def test_the_page_does_the_same(app: FastAPI) -> None:
    maker, device = await invited(app), DeviceKey()
    await add(maker, device)

    async with browser(app) as page:
        options = await options_to_sign_in(app)
        came = await page.post("/sign-in/passkey", data={"credential": json.dumps(device.get(options))})
        shown = await page.get("/sessions")

    assert (came.status_code, came.headers["location"]) == (303, "/bench")
    assert "Your passkeys" in shown.text


async def test_a_removed_passkey_and_one_whose_owner_is_let_in_no_more_sign_nobody_in(app: FastAPI) -> None:
    desk = Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    first, second = (await invited(app), DeviceKey()), (await invited(app), DeviceKey())
    added = (await add(*first)).json()["passkey"]
    await add(*second)

    removed = await first[0].http.delete(f"/passkeys/{added}")
    await desk.http.delete(f"/people/colleagues/{second[0].person}/access")
    answers = [
        await Program(app).http.post("/sign-in/passkey", json={"credential": each.get(await options_to_sign_in(app))})
        for _, each in (first, second)
    ]

    assert removed.status_code == 204
    assert [answer.status_code for answer in answers] == [403, 403]


async def test_a_passkey_does_not_outlive_the_access(app: FastAPI, database: Database) -> None:
    desk, maker, device = Program(app), await invited(app), DeviceKey()
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    await add(maker, device)
    options = (await maker.http.post("/passkeys/options")).json()["options"]

    await desk.http.delete(f"/people/colleagues/{maker.person}/access")
    late = await maker.http.post("/passkeys", json={"credential": DeviceKey().create(options)})
    given = (await desk.post(f"/people/{maker.person}/links")).json()
    back = await Program(app).post("/session/invitation", {"secret": given["secret"]})
    came = await Program(app).http.post(
        "/sign-in/passkey", json={"credential": device.get(await options_to_sign_in(app))}
    )

    assert (late.status_code, back.status_code, came.status_code) == (401, 201, 403)
    assert await kept(database, maker) == 0


async def test_a_passkey_does_not_outlive_its_person(app: FastAPI, database: Database) -> None:
    maker = await invited(app)
    await add(maker, DeviceKey())
    assert maker.person
    assert await kept(database, maker) == 1

    async with database.transaction() as tx:
        await erasure.erase_person(tx, maker.person, [], system_clock())

    assert await kept(database, maker) == 0


async def test_nobody_brings_the_door_down_by_brackets(app: FastAPI) -> None:
    deep = "[" * 4_000
    client = written(deep.encode())
    credential = {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": client}}

    async with browser(app) as page:
        by_page = await page.post("/sign-in/passkey", data={"credential": deep})
        within = await page.post("/sign-in/passkey", data={"credential": json.dumps(credential)})
    by_api = await Program(app).http.post("/sign-in/passkey", json={"credential": credential})

    assert (by_page.status_code, within.status_code, by_api.status_code) == (403, 403, 403)


@pytest.mark.parametrize("why", ["unknown", "another site", "a challenge of theirs", "nothing", "no object"])
async def test_what_is_not_good_lets_nobody_in(app: FastAPI, why: str) -> None:
    maker = await invited(app)
    device = DeviceKey(origin="https://evil.example" if why == "another site" else ORIGIN)
    good = DeviceKey()
    await add(maker, good)
    options = await options_to_sign_in(app)
    if why == "a challenge of theirs":
        options = {"challenge": written(bytes(56))}
    credential = {"nothing": {}, "no object": {"id": 7, "response": []}}.get(
        why, (good if why == "a challenge of theirs" else device).get(options)
    )

    answer = await Program(app).http.post("/sign-in/passkey", json={"credential": credential})
    async with browser(app) as page:
        by_page = await page.post("/sign-in/passkey", data={"credential": json.dumps(credential)})
        garbage = await page.post("/sign-in/passkey", data={"credential": "{"})

    assert (answer.status_code, by_page.status_code, garbage.status_code) == (403, 403, 403)


async def test_a_key_is_added_only_by_whom_its_challenge_was_made_for(app: FastAPI) -> None:
    maker, other, device = await invited(app), await invited(app), DeviceKey()
    options = (await maker.http.post("/passkeys/options")).json()["options"]

    stolen = await other.http.post("/passkeys", json={"credential": device.create(options)})
    foreign = await add(maker, DeviceKey(origin="https://evil.example"))

    assert (stolen.status_code, foreign.status_code) == (403, 403)


async def test_a_customer_has_none(app: FastAPI, ada: Program) -> None:
    async with signed_in(app, Role.CUSTOMER, ada.person) as page:
        shown = await page.get("/sessions")

    assert (await ada.http.post("/passkeys/options")).status_code == 403
    assert "Your passkeys" not in shown.text
