"""One class an engine: what to prepare, how to start it, when it answers. Used by `touchmark up` and by the tests."""
