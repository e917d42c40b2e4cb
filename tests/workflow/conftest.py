"""The services as a workflow meets them, around a time-skipping server of each test's own."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.counterparts import Counterparts
from tests.support.time_skipping import start


@pytest.fixture
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with start() as environment:
        yield environment


@pytest.fixture
async def services(environment: WorkflowEnvironment) -> AsyncIterator[Counterparts]:
    counterparts = Counterparts(environment.client, "", environment.get_current_time)
    async with counterparts.at_work():
        yield counterparts
