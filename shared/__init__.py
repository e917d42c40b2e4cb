"""What all services use. It knows no service."""

import sys

if "rich" not in sys.modules:
    # structlog's renderer for developers imports rich wherever it is installed: 4 MB in each service, for colours.
    sys.modules["rich"] = None  # type: ignore[assignment]  # as the import system documents it: not to be found
    import structlog.dev  # noqa: F401 (it is imported here, so that it does without)

    del sys.modules["rich"]
