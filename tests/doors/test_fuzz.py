"""Every OpenAPI document, met by schemathesis: no answer of 5xx, and none that the document does not announce.

The short form of `make test` sends at least 2,000 requests over all services; `TOUCHMARK_FUZZ=500` takes as many
examples of each operation.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from deploy.local.plan import SERVICES
from shared.auth.roles import Role
from tests.support.studio import Studio

EXAMPLES = os.environ.get("TOUCHMARK_FUZZ", "30")
_sent: Counter[str] = Counter()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_request_makes_a_service_fall_over(studio: Studio, service: str, tmp_path: Path) -> None:
    somebody = await studio.customer() if service == "intake" else studio.as_role(Role.OPS)
    events = tmp_path / "events.ndjson"
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run"),
        # At the service's own door: behind the edge, an answer that comes before a body was read may be cut short.
        f"{await studio.services[service].url()}/api/v1/{service}/openapi.json",
        *("--header", f"Authorization: {somebody.client.headers['authorization']}"),
        *("--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing"),
        *(
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        ),
        *("--continue-on-failure", "--no-color", "--generation-database", "none", "--seed", "1"),
        *("--report", "ndjson", "--report-ndjson-path", str(events), "--request-timeout", "30"),
    ]

    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()

    _sent[service] = requests_in(events)
    assert process.returncode == 0, output.decode(errors="replace")[-8000:]
    assert _sent[service] > 0


def test_at_least_two_thousand_requests_were_sent() -> None:
    assert _sent.total() >= 2000, dict(_sent)


def requests_in(events: Path) -> int:
    """How many requests a run sent, by its own report."""
    count = 0
    for line in events.read_text().splitlines():
        count += json.dumps(json.loads(line)).count('"status_code"')
    return count
