"""notify: every mail, every delivery and its outcome."""
