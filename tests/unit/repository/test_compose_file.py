"""`docker-compose.yml` is what Compose accepts, and names nothing that is not there.

`test_compose.py` beside it compares the file with the one-machine stack.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.images.environment import variables
from deploy.local.plan import SERVICES
from deploy.local.secrets import Secrets
from deploy.local.settings import StackSettings
from shared.web.bounds import UPLOAD_BYTES
from shared.web.uploads import MOST

_VARIABLE = re.compile(r"\$\{(\w+)")
_SIZE = re.compile(r"size=(\d+)m\b")
ROOM = 1.25
"""Of the container's temporary files beyond what all uploads at once take: PDFs are set there as well."""
INTERNAL = {"database", "events", "workflows"}
"""From these networks nothing outside can be reached: who is on no other one can tell nobody anything."""


@pytest.fixture(scope="module")
def file(root: Path) -> Path:
    return root / "docker-compose.yml"


@pytest.fixture(scope="module")
def compose(file: Path) -> Mapping[str, Any]:
    read: Mapping[str, Any] = YAML(typ="safe").load(file.read_text())
    return read


def settings_of(service: str) -> set[str]:
    """The variables that this service reads."""
    module = import_module(f"services.{service}.settings")
    return {f"TOUCHMARK_{name.upper()}" for name in getattr(module, f"{service.title()}Settings").model_fields}


def test_the_schema_of_the_compose_specification_takes_it(file: Path) -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")

    said = subprocess.run(  # noqa: S603 (our own command)
        [checker, "--builtin-schema", "vendor.compose-spec", file], capture_output=True, text=True, check=False
    )

    assert said.returncode == 0, said.stdout + said.stderr


def test_the_schema_would_refuse_what_compose_does_not_know(file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(file.read_text().replace("    healthcheck:\n", "    healthchecks:\n", 1))
    checker = Path(sys.executable).with_name("check-jsonschema")

    said = subprocess.run(  # noqa: S603 (our own command)
        [checker, "--builtin-schema", "vendor.compose-spec", wrong], capture_output=True, text=True, check=False
    )

    assert said.returncode == 1
    assert "healthchecks" in said.stdout


def test_every_command_of_our_image_exists(compose: Mapping[str, Any], root: Path) -> None:
    scripts = tomllib.loads((root / "pyproject.toml").read_text())["project"]["scripts"]
    ours = {name: each["command"] for name, each in compose["services"].items() if each["image"] == "touchmark"}

    assert set(ours) == {*SERVICES, "kafka-rights"}
    for command in ours.values():
        program, *arguments = command
        if program == "python":
            assert arguments[0] == "-m"
            assert find_spec(arguments[1]), command
        else:
            module, _, function = scripts[program].partition(":")
            assert callable(getattr(import_module(module), function)), command


def test_every_container_of_our_image_says_how_it_is_built(compose: Mapping[str, Any]) -> None:
    """Else Compose looks for it in a registry first, where an image of that name may be anybody's."""
    built = [each.get("build") for each in compose["services"].values() if each["image"] == "touchmark"]

    assert all(build and build == built[0] for build in built)


def test_what_a_health_check_runs_can_be_compiled(compose: Mapping[str, Any]) -> None:
    for name, each in compose["services"].items():
        match each["healthcheck"]["test"]:
            case ["CMD", "python", "-c", code]:
                compile(code, name, "exec")
            case ["CMD", program, *_]:
                assert program, name
            case other:
                raise AssertionError(f"{name}: {other} needs a shell")


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_of_a_service_is_a_setting_of_it(compose: Mapping[str, Any], service: str) -> None:
    given = set(compose["services"][service]["environment"])

    beyond = {"MALLOC_ARENA_MAX", "PYTHONUNBUFFERED"}  # the C library's, Python's
    assert given - beyond - settings_of(service) == set()


def test_every_variable_that_is_asked_for_is_made_or_a_setting(file: Path, tmp_path: Path) -> None:
    asked = set(_VARIABLE.findall(file.read_text()))
    made = set(variables(Secrets(), StackSettings(home=tmp_path)))
    known = {name for service in SERVICES for name in settings_of(service)}

    assert asked - made - known == set()
    assert made - asked == set(), "what is made for nothing"


def test_what_is_referred_to_is_there(compose: Mapping[str, Any], root: Path) -> None:
    services = compose["services"]
    networks = {each for service in services.values() for each in service["networks"]}
    volumes = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    configs = {each["source"] for service in services.values() for each in service.get("configs", [])}

    assert networks == set(compose["networks"])
    assert volumes == set(compose["volumes"])
    assert configs == set(compose["configs"])
    assert all((root / config["file"]).is_file() for config in compose["configs"].values())
    for service in services.values():
        for other, wanted in service.get("depends_on", {}).items():
            assert wanted["condition"] in {"service_started", "service_healthy"}
            assert "healthcheck" in services[other]


def test_engines_are_on_networks_from_which_nothing_outside_is_reached(compose: Mapping[str, Any]) -> None:
    networks = {name for name, network in compose["networks"].items() if network and network.get("internal")}
    on = {name: set(service["networks"]) for name, service in compose["services"].items()}

    assert networks == INTERNAL
    for engine in ("postgres", "kafka", "kafka-rights"):
        assert on[engine] <= INTERNAL, f"{engine} needs nobody outside"
    assert on["temporal"] - INTERNAL == {"pages"}, "its pages are for the edge"
    assert not on["edge"] & INTERNAL, "the edge meets no engine"
    assert {name for name in on if "mails" in on[name]} == {"notify", "edge", "mail"}
    assert {name for name in on if "pages" in on[name]} == {"temporal", "edge"}
    assert {name for name in on if "web" in on[name]} == {*SERVICES, "edge"}


@pytest.mark.parametrize("service", SERVICES)
def test_all_uploads_at_once_fit_into_the_temporary_files(compose: Mapping[str, Any], service: str) -> None:
    (mount,) = compose["services"][service]["tmpfs"]
    size = _SIZE.search(mount)

    assert mount.startswith("/tmp:")  # noqa: S108 (the container's own)
    assert size
    assert int(size[1]) * 2**20 >= ROOM * MOST * UPLOAD_BYTES


def test_what_is_read_only_writes_to_memory_alone(compose: Mapping[str, Any]) -> None:
    read_only = {name: each for name, each in compose["services"].items() if each.get("read_only")}

    assert set(read_only) == {*SERVICES, "kafka-rights"}
    assert all(each["tmpfs"] for each in read_only.values())
