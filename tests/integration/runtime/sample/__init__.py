"""A service that exists in tests only: one table, one page, one command, one loop."""
