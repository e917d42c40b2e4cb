"""The command `touchmark`."""
