"""Certificates on the real database: compiled once from what happened, verified at every look, refused when touched."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from services.production.main import web
from shared.auth.keys import new_signing_key, public_keys
from shared.certificates.faults import Fault
from shared.certificates.journal import JournalEntryKind
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.certificates import Bench
from tests.support.production import CERTIFICATE_KEY, MAKER, NOW, Production, kernel_of, settings_of
from tests.support.web import client_of, cookie


@pytest.fixture
async def bench(database: Database) -> Bench:
    """A ring that was made and delivered, with one photo for everybody and one for the customer alone."""
    bench = Bench(database)
    await bench.book()
    await bench.photograph("bend", b"for everybody")
    await bench.photograph("engrave", b"for the customer", public=False)
    await bench.make()
    return bench


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def test_a_certificate_says_what_happened(bench: Bench) -> None:
    serial = await bench.certify()

    look = await bench.look()
    assert look.in_order, look.discrepancies
    found = look.certificate
    assert found
    assert found.serial == serial == look.serial
    assert [(trait.what, trait.chosen) for trait in found.piece] == [
        ("Metal", "14 ct yellow gold (585)"),
        ("Finish", "Satin"),
    ], "not the occasion: why it was wished is nobody else's business"
    assert [(one.material, one.lots) for one in found.materials] == [
        ("gold_wire_585", ("M-2026/114",)),
        ("solder", ()),
        ("box", ()),
    ]
    assert {one.check: one.value for one in found.measures if one.value is not None} == {
        "size": Decimal("54.1"),
        "width": Decimal("4.02"),
        "thickness": Decimal("1.78"),
        "roundness": Decimal("0.04"),
        "weight": Decimal("5.12"),
    }, "the last time that each was measured"
    assert all(one.met for one in found.measures)
    finish = next(stage for stage in found.stages if stage.stage == "finish")
    assert (finish.minutes, finish.times) == (90, 2)
    assert found.makers == (MAKER.person,)
    assert [photo.stage for photo in found.photos] == ["bend"]
    assert found.variation
    assert found.care


async def test_a_check_by_eye_is_told_in_german(bench: Bench, client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/c/{await bench.certify()}", headers={"Accept-Language": "de"})).text

    assert "Nach Augenschein in Ordnung" in page
    assert "Mit dem Auge" not in page


async def test_a_certificate_is_published_once(bench: Bench, production: Production) -> None:
    command = new_id()

    serials = [await bench.certify(command=command), await bench.certify(command=command), await bench.certify()]

    assert len(set(serials)) == 1
    assert await production.facts(bench.commission) == [("CertificateIssued", {"serial": serials[0]})]


async def test_two_that_certify_at_once_issue_one(bench: Bench, production: Production) -> None:
    serials = await asyncio.gather(*(bench.certify() for _ in range(5)))

    assert len(set(serials)) == 1
    assert len(await production.facts(bench.commission)) == 1
    assert (await bench.look()).in_order


async def test_what_is_written_later_does_not_break_it(bench: Bench) -> None:
    await bench.certify()

    await bench.write(JournalEntryKind.NOTE_WRITTEN, note=new_id(), stage="check")

    look = await bench.look()
    assert look.in_order
    assert look.entries == len(look.certificate.journal) + 1 if look.certificate else False


async def test_a_piece_that_is_not_made_is_not_certified(database: Database) -> None:
    bench = Bench(database)
    await bench.book()

    with pytest.raises(Problem) as refused:
        await bench.certify()

    assert refused.value.type is ProblemType.CONFLICT
    assert not (await bench.look()).issued


async def test_a_commission_without_a_journal_is_not_certified(database: Database) -> None:
    with pytest.raises(Problem) as refused:
        await Bench(database).certify()

    assert refused.value.type is ProblemType.NOT_FOUND


async def test_nothing_is_signed_over_a_journal_that_does_not_hold(bench: Bench) -> None:
    await bench.tamper(
        "UPDATE journal_entry SET said = replace(said, '63', '36') WHERE piece = $1 AND said LIKE '%63%'",
        bench.piece,
    )

    with pytest.raises(Problem, match="journal_broken"):
        await bench.certify()


BENT = "(SELECT min(sequence) FROM journal_entry WHERE piece = $1 AND said LIKE '%\"minutes\":63%')"
"""The number of the entry in which bending was finished."""
CHANGES: dict[str, tuple[str, str]] = {
    "minutes": (
        """UPDATE certificate SET text = replace(text, '"minutes":63', '"minutes":64') WHERE piece = $1""",
        r"certificate\.stages\[1\]\.minutes differs from what was signed: 63\.",
    ),
    "a measure": (
        "UPDATE certificate SET text = replace(text, '54.1', '54.2') WHERE piece = $1",
        r"certificate\.measures\[0\]\.value differs from what was signed: \"54\.1\"\.",
    ),
    "a blank": (
        "UPDATE certificate SET text = text || ' ' WHERE piece = $1",
        r"The certificate is not in the exact form that was signed\.",
    ),
    "everything": (
        "UPDATE certificate SET text = 'gone' WHERE piece = $1",
        r"The certificate is not in the exact form that was signed\.",
    ),
    "the signature": (
        "UPDATE certificate SET signature = left(signature, -1) WHERE piece = $1",
        r"The studio's signature on this certificate is not valid\.",
    ),
    "no signature": (
        "UPDATE certificate SET signature = '' WHERE piece = $1",
        r"The studio's signature on this certificate is not valid\.",
    ),
    "what an entry says": (
        "UPDATE journal_entry SET said = replace(said, '63', '64') WHERE piece = $1 AND sequence = BENT",
        r"Entry \d+ of the journal was changed after it was written\. certificate\.stages\[1\]",
    ),
    "a blank in an entry": (
        "UPDATE journal_entry SET said = replace(said, ':63', ': 63') WHERE piece = $1 AND sequence = BENT",
        r"Entry \d+ of the journal was changed after it was written\.",
    ),
    "when": (
        "UPDATE journal_entry SET at = at + '1 microsecond' WHERE piece = $1 AND sequence = BENT",
        r"Entry \d+ of the journal was changed after it was written\.",
    ),
    "who": (
        "UPDATE journal_entry SET by_person = NULL WHERE piece = $1 AND sequence = BENT",
        r"Entry \d+ of the journal was changed after it was written\.",
    ),
    "what kind": (
        "UPDATE journal_entry SET entry = 'stage_paused' WHERE piece = $1 AND sequence = BENT",
        r"Entry \d+ of the journal was changed after it was written\.",
    ),
    "an entry is gone": (
        "DELETE FROM journal_entry WHERE piece = $1 AND sequence = BENT",
        r"Entry \d+ of the journal is missing\.",
    ),
    "the last entry is gone": (
        "DELETE FROM journal_entry WHERE piece = $1 AND entry = 'delivered'",
        r"Entry \d+ of the journal is missing\.",
    ),
    "one entry more": (
        """INSERT INTO journal_entry SELECT piece, sequence + 1, at, entry, by_person, said, digest, previous
        FROM journal_entry WHERE piece = $1 AND entry = 'delivered'""",
        r"Entry \d+ of the journal was changed after it was written\.",
    ),
    "the journal's end": (
        "UPDATE journal SET last_digest = 'x' WHERE piece = $1",
        r"The end of the journal is not the entry that was written last\.",
    ),
    "a picture": (
        "UPDATE bench_photo SET content = 'another' WHERE piece = $1 AND public",
        r"The photo of certificate\.photos\[0\] is not the one that was signed\.",
    ),
    "no picture": (
        "DELETE FROM bench_photo WHERE piece = $1",
        r"The photo of certificate\.photos\[0\] is missing\.",
    ),
}
"""What is changed, by which statement, and how it is named."""


@pytest.mark.parametrize("change", CHANGES)
async def test_whatever_is_changed_by_sql_is_named(bench: Bench, client: httpx.AsyncClient, change: str) -> None:
    serial = await bench.certify()
    statement, named = CHANGES[change]
    await bench.tamper(statement.replace("BENT", BENT), bench.piece)

    page = await client.get(f"/c/{serial}")
    facts = (await client.get(f"/api/v1/production/certificates/{serial}")).raise_for_status().json()

    assert not facts["in_order"]
    said = [" ".join([one["what"], *one["parts"]]) for one in facts["differs"]]
    assert any(re.search(named, one) for one in said), said
    assert page.status_code == httpx.codes.OK
    assert "This certificate is not valid" in page.text
    assert "Verified just now" not in page.text


async def test_a_serial_that_was_changed_is_refused_under_its_new_address(bench: Bench) -> None:
    await bench.certify()
    await bench.tamper("UPDATE journal SET serial = '0000-0000-0000' WHERE piece = $1", bench.piece)

    look = await bench.look("0000-0000-0000")

    assert any(one.what.params.get("stored") == "0000-0000-0000" for one in look.discrepancies)


async def test_a_rewritten_journal_with_good_digests_is_refused_too(bench: Bench) -> None:
    serial = await bench.certify()
    await bench.tamper("DELETE FROM journal_entry WHERE piece = $1", bench.piece)
    await bench.tamper("UPDATE journal SET entries = 0, last_digest = NULL WHERE piece = $1", bench.piece)
    await bench.make()

    look = await bench.look(serial)

    assert not look.in_order
    assert any(one.what.code is Fault.ENTRY_NOT_SIGNED for one in look.discrepancies)


async def test_a_signature_of_another_studio_is_refused(bench: Bench) -> None:
    await bench.certify()
    bench.settings = settings_of(certificate_key=new_signing_key())

    look = await bench.look()

    assert [one.what.code for one in look.discrepancies] == [Fault.SIGNATURE]


async def test_what_an_older_key_signed_stays_in_order(bench: Bench) -> None:
    await bench.certify()
    bench.settings = settings_of(certificate_key=new_signing_key(), certificate_keys=public_keys(CERTIFICATE_KEY))

    assert (await bench.look()).in_order


async def test_the_page_says_what_is_certified(bench: Bench, client: httpx.AsyncClient) -> None:
    serial = await bench.certify()

    page = (await client.get(f"/c/{serial}")).raise_for_status().text

    for said in ("Verified just now", "14 ct yellow gold (585)", "54.1 mm", "53.7 to 54.3 mm", "M-2026/114", serial):
        assert said in page
    assert "Remembrance" not in page
    assert str(bench.customer) not in page
    assert str(bench.commission) not in page


async def test_a_serial_that_was_typed_by_hand_leads_to_the_page(bench: Bench, client: httpx.AsyncClient) -> None:
    serial = await bench.certify()

    answer = await client.get(f"/c/{serial.lower().replace('-', '')}")

    assert (answer.status_code, answer.headers["location"]) == (httpx.codes.SEE_OTHER, f"/c/{serial}")


@pytest.mark.parametrize("serial", ["0000-0000-0011", "nonsense", "7K3M-9XQT-R2VU", "%00", "☃" * 12])
async def test_a_serial_that_there_is_not_is_not_found(client: httpx.AsyncClient, serial: str) -> None:
    for path in (f"/c/{serial}", f"/c/{serial}/certificate.json", f"/api/v1/production/certificates/{serial}"):
        answer = await client.get(path)

        assert answer.status_code == httpx.codes.NOT_FOUND
        assert "One character may be wrong" in answer.text


async def test_before_it_is_issued_it_is_on_its_way(database: Database, client: httpx.AsyncClient) -> None:
    bench = Bench(database)
    await bench.book()
    serial = await bench.serial()

    page = await client.get(f"/c/{serial}")
    facts = (await client.get(f"/api/v1/production/certificates/{serial}")).raise_for_status().json()

    assert "This certificate does not exist yet" in page.raise_for_status().text
    assert (facts["issued"], facts["in_order"], facts["certificate"]) == (False, False, None)
    assert (await client.get(f"/c/{serial}/certificate.json")).status_code == httpx.codes.NOT_FOUND


async def test_a_piece_that_was_stopped_has_none_and_the_page_says_so(
    database: Database, client: httpx.AsyncClient
) -> None:
    bench = Bench(database)
    await bench.book()
    await bench.write(JournalEntryKind.STOPPED)

    page = await client.get(f"/c/{await bench.serial()}")

    assert "This piece was not finished" in page.raise_for_status().text
    assert "on its way" not in page.text


async def test_only_what_the_maker_let_the_certificate_show_is_shown(
    bench: Bench, client: httpx.AsyncClient, database: Database
) -> None:
    serial = await bench.certify()
    async with database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT photo, public FROM bench_photo WHERE piece = $1", bench.piece)
    photos: dict[bool, UUID] = {row["public"]: row["photo"] for row in rows}

    shown = await client.get(f"/c/{serial}/photos/{photos[True]}")
    hidden = await client.get(f"/c/{serial}/photos/{photos[False]}", headers=cookie(Role.OPS))
    by_program = await client.get(f"/api/v1/production/certificates/{serial}/photos/{photos[True]}")

    assert (shown.content, shown.headers["content-type"]) == (b"for everybody", "image/jpeg")
    assert by_program.content == shown.content
    assert hidden.status_code == httpx.codes.NOT_FOUND


async def test_the_file_is_the_same_from_the_page_and_from_the_api(bench: Bench, client: httpx.AsyncClient) -> None:
    serial = await bench.certify()

    page = (await client.get(f"/c/{serial}/certificate.json")).raise_for_status()
    facts = (await client.get(f"/api/v1/production/certificates/{serial}/file")).raise_for_status()
    keys = (await client.get("/api/v1/production/certificates/keys")).raise_for_status().json()

    assert page.headers["content-disposition"] == f'attachment; filename="certificate-{serial}.json"'
    assert page.json() == facts.json()
    assert page.json()["key"] in keys["keys"]
    assert (await client.get("/c/keys.json")).json() == keys
    assert "d" not in page.json()["key"], "the private half"
    assert str(bench.customer) not in page.text
    assert json.loads(page.text)["certificate"]["issued_at"] == NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
