"""The `Commission` workflow: one commission's life as the business process reads.

Start with `commission.py`: its `run` is the life, top to bottom. Only ids, enums, amounts and times pass through here:
a workflow's history is not the place for names or prose. What a service does comes back as the result of its command;
what people did comes in as facts, by the bridge.

A history lives as long as its commission. Change the order or number of commands only behind `workflow.patched`, and
let `tests/workflow/test_replay.py` prove that every stored history still replays.
"""

from services.lifecycle.workflow.commission import Commission

__all__ = ["Commission"]
