"""Facts (past tense, on Kafka) and commands (imperative, Temporal activities): all that services share.

One module per topic, one class per fact; `commands/` has one module per service. A field may be added if it is
optional; it is never removed, renamed or narrowed. `schemas/` holds the exported JSON Schemas; a test compares.
"""
