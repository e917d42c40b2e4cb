"""A package, as the others."""
