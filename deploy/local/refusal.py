class Refusal(Exception):  # noqa: N818 (an answer to a person, not a fault)
    """What the one-machine stack cannot do here, as one sentence that names the remedy.

    The command line prints it without a traceback and exits with 1.
    """
