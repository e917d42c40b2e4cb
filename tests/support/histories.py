"""All histories of one life: each phase has a run of its own."""

from temporalio.client import Client, WorkflowHistory

from tests.support.counterparts import Handle


async def runs_of(client: Client, handle: Handle) -> list[WorkflowHistory]:
    """Its runs, oldest first."""
    found, run = [], handle.result_run_id or ""
    while run:
        history = await client.get_workflow_handle(handle.id, run_id=run).fetch_history()
        found.append(history)
        run = history.events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found
