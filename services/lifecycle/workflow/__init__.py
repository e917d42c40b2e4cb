"""All that Temporal replays: the `Commission` workflow, its state, and the rules by which it decides.

Start with `commission.py`: its `run` is a commission from the request to the certificate, top to bottom.

| what happens | file |
|---|---|
| at each step until the deposit is there · until the certificate | `quoting.py` · `making.py`, by `bench_needs.py` |
| while it waits: chores, alarms, a new run · when its time is up, and before | `waiting.py` · `deadlines.py` |
| at an end: who was quicker, what is undone | `closing.py` |
| when a service refuses a step, or takes long | `commission_base.py`, by the times of `policies.py` |
| when a fact comes · out of order, or unreadable | `reducer.py` · `commission.py: facts`, `sequencing.py` |
| when ops ask for something · when that is refused | `commission.py`, `messages.py` · `guards.py` |

`state.py` is all that it knows, `zone.py` when a day begins. Only ids, enums, amounts and times pass through here: a
history is no place for names or prose. What a service does comes back as the result of its command; what people did
comes in as facts, through the bridge.

Nothing here may look at a clock, draw a random number or do I/O. The order and number of commands decide whether a
stored history can be replayed: `tests/workflow/test_replay.py` proves that each of them still can.
"""
