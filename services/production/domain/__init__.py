"""Promises: their states, and which hours of a bench are promised to whom. No I/O."""
