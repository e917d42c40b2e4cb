"""Temporal as a service meets it: a lazy client, a worker for its own queue, commands run once."""
