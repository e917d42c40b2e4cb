"""A workflow that asks the sample service for one promise and returns it."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from shared.contracts.commands.production import HoldOutcome, HoldPromise


@workflow.defn
class AskOnce:
    """`attempts` 0 is no limit; an attempt counts as lost after two seconds."""

    @workflow.run
    async def run(self, command: HoldPromise, queue: str, attempts: int) -> HoldOutcome:
        promise: HoldOutcome = await workflow.execute_activity(
            HoldPromise.activity(),
            command,
            result_type=HoldOutcome,
            task_queue=queue,
            start_to_close_timeout=timedelta(seconds=2),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=attempts),
        )
        return promise
