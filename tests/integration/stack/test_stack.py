"""The whole stack as its user meets it: one `touchmark up`, then what may happen to it. In this order."""

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.cli.sign_in import link
from deploy.local.settings import ROOT
from deploy.local.state import ProgramPhase
from shared.contracts.people import Role
from tests.support.stack import Stack
from tests.support.waiting import until

_COMMISSION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")

_SERVICES = ("intake", "quotes", "production", "notify", "lifecycle")
_PROGRAMS = ("postgres", "kafka", "temporal", "mail", *_SERVICES, "edge")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # A space, and deeper than the 107 bytes that the path of a unix socket may have.
    home = tmp_path_factory.mktemp("a folder with spaces") / "deep" / ("d" * 100) / ".touchmark"
    stack = Stack.somewhere(home)
    try:
        stack.do("up")
        yield stack
    finally:
        stack.touchmark("down")


@pytest.fixture(scope="module")
def played(stack: Stack) -> str:
    """What the demo printed."""
    return stack.do("demo")


def test_all_programs_are_up(stack: Stack) -> None:
    phases = {name: one.phase for name, one in stack.state.programs.items()}

    assert phases == dict.fromkeys(_PROGRAMS, ProgramPhase.READY)


def test_up_again_changes_nothing(stack: Stack) -> None:
    before = stack.state

    stack.do("up")

    assert stack.state == before


def test_the_demo_plays_a_commission_and_says_what_followed(played: str) -> None:
    facts = ("CommissionConfirmed", "QuoteDrafted", "PhaseEntered", "MailSent")

    assert [fact for fact in facts if fact not in played] == []
    assert "/ops/commissions/" in played


def test_nobody_else_of_this_machine_reads_what_the_stack_writes(stack: Stack, played: str) -> None:
    home = stack.settings.home

    open_to_others = [path for path in (home, *home.rglob("*")) if path.stat().st_mode & 0o077]

    assert played
    assert open_to_others == []


def test_the_ops_room_and_what_is_behind_it_are_for_ops(stack: Stack) -> None:
    url = stack.settings.public_url
    behind = ("/ops", "/mail/", "/temporal/", "/metrics/intake")

    anonymous = {path: httpx.get(f"{url}{path}").headers.get("Location", "") for path in behind}
    as_ops = {path: _get(stack, path, Role.OPS).status_code for path in behind}
    as_customer = {path: _get(stack, path, Role.CUSTOMER).status_code for path in behind}

    assert {path: location.partition("?")[0] for path, location in anonymous.items()} == dict.fromkeys(
        behind, "/session/renew"
    )
    assert as_ops == dict.fromkeys(behind, 200)
    assert as_customer == dict.fromkeys(behind, 403)


def test_what_belongs_to_this_machine_alone_is_not_at_the_edge(stack: Stack) -> None:
    url = stack.settings.public_url

    assert [httpx.get(f"{url}{path}").status_code for path in ("/metrics", "/health/ready", "/health/live")] == [
        404
    ] * 3


def test_the_doctor_tells_every_setting_and_no_secret(stack: Stack) -> None:
    output = stack.do("doctor")

    secrets = json.loads((stack.home / "secrets.json").read_text())
    words = {value for each in secrets.values() for value in ([json.loads(each)["d"]] if "{" in each else [each])}
    assert [word for word in words if word in output] == []
    assert "TOUCHMARK_STUDIO_ZONE" in output
    assert "TOUCHMARK_SIGNING_KEY" in output


def test_a_sign_in_link_leads_to_the_page_that_asks_whether_to_sign_in(stack: Stack) -> None:
    output = stack.do("sign-in", "maker")

    page = httpx.get(output.split()[0], timeout=30)

    assert page.status_code == 200
    assert "maker" in page.text


def test_the_secrets_are_for_their_owner_only(stack: Stack) -> None:
    assert (stack.home / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_logs_have_their_program_before_each_line(stack: Stack) -> None:
    output = stack.do("logs", "intake", "--lines", "5").splitlines()

    assert output
    assert all(line.startswith("intake      | ") for line in output)


async def test_a_service_that_dies_is_started_again(stack: Stack) -> None:
    before = stack.state.programs["notify"].identity
    assert before is not None

    os.kill(before.pid, signal.SIGKILL)

    def back() -> bool:
        now = stack.state.programs["notify"]
        return now.identity not in {None, before} and now.phase is ProgramPhase.READY and now.restarts == 1

    await until("notify is back", back, within=60)


def test_a_service_is_restarted_by_its_name(stack: Stack) -> None:
    before = stack.state.programs["quotes"]

    stack.do("restart", "quotes")

    after = stack.state.programs["quotes"]
    assert after.identity != before.identity
    assert after.restarts == before.restarts, "it was asked to, and did not die"


async def test_a_service_in_development_restarts_when_its_code_changes(stack: Stack, tmp_path: Path) -> None:
    before = stack.state.programs["quotes"].identity
    output = tmp_path / "output"
    with output.open("w") as file, stack.begin("dev", "quotes", output=file) as watching:
        try:
            await until("it watches", lambda: "Watching" in output.read_text(), within=60)
            first = stack.state.programs["quotes"].identity
            os.utime(ROOT / "services" / "quotes" / "main.py")

            def again() -> bool:
                now = stack.state.programs["quotes"]
                return now.identity not in {None, before, first} and now.phase is ProgramPhase.READY

            await until("quotes started again", again, within=60)
            await until("it has noticed", lambda: "main.py changed" in output.read_text())
        finally:
            watching.send_signal(signal.SIGINT)

    assert stack.state.programs["quotes"].phase is ProgramPhase.READY


def test_an_unknown_name_is_answered_with_the_known_ones(stack: Stack) -> None:
    done = stack.touchmark("restart", "quote")

    assert done.returncode == 1
    assert "lifecycle" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_sentence_with_the_remedy(stack: Stack, tmp_path: Path) -> None:
    second = Stack(tmp_path / "second", stack.port_base)

    done = second.touchmark("up")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "TOUCHMARK_EDGE_PORT" in done.stderr


def test_what_a_killed_supervisor_left_is_replaced_and_the_data_is_still_there(stack: Stack, played: str) -> None:
    commission = _COMMISSION.search(played.partition("accepted")[2])
    assert commission is not None
    left = stack.processes()
    supervisor = stack.state.supervisor
    assert supervisor is not None

    os.kill(supervisor.pid, signal.SIGKILL)
    stack.do("up")

    assert {process for process in left if process.is_running()} == set()
    story = _get(stack, f"/api/v1/lifecycle/commissions/{commission[0]}", Role.OPS)
    assert story.json()["phase"] == "ended"


def test_down_leaves_no_process(stack: Stack) -> None:
    running = stack.processes()
    assert len(running) > len(_SERVICES)

    stack.do("down")

    assert {process for process in running if process.is_running()} == set()
    assert _mentioning(stack.home) == []


def test_down_again_says_that_nothing_ran(stack: Stack) -> None:
    assert "Nothing was running" in stack.do("down")


def test_status_of_a_stack_that_is_down_says_how_to_start_it(stack: Stack) -> None:
    done = stack.touchmark("status")

    assert (done.returncode, done.stderr) == (1, "The stack is not running. Run `touchmark up`.\n")


def _get(stack: Stack, path: str, role: Role) -> httpx.Response:
    """What somebody in this role is answered."""
    url = stack.settings.public_url
    local_link = link(stack.settings, role).partition("link=")[2]
    signed_in = httpx.post(f"{url}/api/v1/intake/session/local-link", json={"link": local_link}, timeout=30).json()
    return httpx.get(f"{url}{path}", headers={"Authorization": f"Bearer {signed_in['token']}"}, timeout=30)


def _mentioning(home: Path) -> list[list[str]]:
    """The command lines of this machine that name the folder."""
    lines = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [line for line in lines if any(str(home) in word for word in line)]
