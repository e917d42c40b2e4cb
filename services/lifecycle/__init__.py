"""The commission's life: its workflow, the bridge that feeds it, and the room from which ops watch it."""
