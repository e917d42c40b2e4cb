"""Quotes: what a piece costs, line by line, and the life of a quote."""
