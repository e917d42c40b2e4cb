"""Quotes: their states, and how the lines of a price come about. No I/O."""
