"""Whole lives through all five services, over the public addresses, as the demo plays them."""

import asyncio
import subprocess
import sysconfig
from pathlib import Path

import httpx
import pytest

from shared.kafka.connection import Kafka
from tests.support.leaks import words_in_facts_and_histories
from tests.support.studio import Studio

_LEFT = """
SELECT
    coalesce(sum(amount_minor) FILTER (WHERE account = 'receivable'), 0)::bigint AS owed,
    coalesce(sum(amount_minor), 0)::bigint AS unbalanced
FROM ledger_entry WHERE commission = $1
"""
_AT_MOST = 30.0  # seconds for a whole life with nobody waiting: the bound


@pytest.mark.timeout(300)
async def test_a_whole_life_is_lived_from_the_form_to_the_certificate(
    studio: Studio, kafka: Kafka, temporal: str, tmp_path: Path
) -> None:
    demo = studio.demo()

    steps = await asyncio.to_thread(lambda: list(demo.play()))

    assert demo.commission is not None
    (ended,) = await studio.rows(
        "lifecycle", "SELECT outcome FROM commission_workflow WHERE commission = $1", demo.commission
    )
    assert ended["outcome"] == "completed"
    assert steps[-1].at - steps[1].at < _AT_MOST
    (account,) = await studio.rows("quotes", _LEFT, demo.commission)
    assert (account["owed"], account["unbalanced"]) == (0, 0)
    assert "Valid: the signature" in await verified(studio, str(demo.serial), tmp_path)
    found = await words_in_facts_and_histories(kafka, temporal, studio.prefix, demo.commission)
    assert b"CertificateIssued" in found
    for private in (b"Example", b"@example.org", b"looking forward", b"first letter twice"):
        assert private not in found


@pytest.mark.timeout(300)
async def test_lives_that_are_declined_expire_or_are_cancelled_give_back_what_they_held(studio: Studio) -> None:
    demo = studio.demo()
    await asyncio.to_thread(demo.sign_in)

    await asyncio.to_thread(lambda: list(demo.play_the_others()))

    for outcome, commission in demo.others.items():
        (ended,) = await studio.rows(
            "lifecycle", "SELECT outcome FROM commission_workflow WHERE commission = $1", commission
        )
        assert ended["outcome"] == outcome
        held = await studio.rows(
            "production", "SELECT 1 FROM held_hours JOIN promise USING (promise) WHERE commission = $1", commission
        )
        assert held == [], f"the {outcome} one still holds hours"


async def verified(studio: Studio, serial: str, folder: Path) -> str:
    """What `touchmark verify` says of the certificate's file, without asking the studio."""
    async with httpx.AsyncClient(base_url=studio.url) as anybody:
        answer = await anybody.get(f"/c/{serial}/certificate.json")
    file = folder / "certificate.json"
    file.write_bytes(answer.raise_for_status().content)
    program = Path(sysconfig.get_path("scripts")) / "touchmark"
    return subprocess.run([program, "verify", file], capture_output=True, text=True, check=True).stdout  # noqa: S603, ASYNC221
