"""Commands: imperative, run as Temporal activities in the service that owns the thing, on its own task queue."""
