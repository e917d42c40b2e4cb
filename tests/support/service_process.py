"""The process that `tests/support/service.py` starts: a service's own entry point, with faults armed where asked."""

import sys
from importlib import import_module
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.runtime import faults
from shared.runtime.service import run


class FaultSettings(BaseSettings):
    """Settings that exist in tests only: no deployment can arm a fault."""

    model_config = SettingsConfigDict(env_prefix="TOUCHMARK_TEST_")

    faults: dict[str, Path] = {}


def main() -> None:
    module, _, function = sys.argv.pop(1).partition(":")
    faults.arm(FaultSettings().faults)
    run(getattr(import_module(module), function))


if __name__ == "__main__":
    main()
