"""A package, so that what its `studio` started ends with the last of its tests and not with the run."""
