"""The Chromium that this machine has, for the tests of pages."""

import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
"""As distributions call it, and Google."""


def chromium() -> str | None:
    """Its program; None where there is none, and Playwright's own is to be used."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)
