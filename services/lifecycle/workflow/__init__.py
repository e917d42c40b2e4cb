"""All that Temporal replays: the `Commission` workflow, its state, and the rules by which it decides.

Start with `commission.py`: its `run` is a commission from the request to the certificate, top to bottom. `state.py` is
what it knows, `reducer.py` what a fact changes in it, `deadlines.py` who is waited for and until when, `guards.py` what
ops may ask for. Only ids, enums, amounts and times pass through here: a history is no place for names or prose. What a
service does comes back as the result of its command; what people did comes in as facts, through the bridge.

Nothing here may look at a clock, draw a random number or do I/O. The order and number of commands decide whether a
stored history can be replayed: `tests/workflow/test_replay.py` proves that each of them still can.
"""
