"""The image: linted, small, built from the locks alone, and nobody's root."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> Path:
    return root / "deploy" / "images" / "Dockerfile"


def _instructions(dockerfile: Path) -> list[str]:
    lines = [line for line in dockerfile.read_text().splitlines() if not line.startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip()]


def test_hadolint_has_nothing_to_say(root: Path, dockerfile: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    config = dockerfile.with_name(".hadolint.yaml")

    said = subprocess.run(  # noqa: S603 (our own command)
        [hadolint, "--config", config, dockerfile], cwd=root, capture_output=True, text=True, check=False
    )

    assert (said.returncode, said.stdout) == (0, "")


def test_what_builds_the_image_stays_out_of_it(dockerfile: Path) -> None:
    stages = [line for line in _instructions(dockerfile) if line.startswith("FROM ")]
    last = "\n".join(_instructions(dockerfile)).rpartition("FROM ")[2]

    assert len(stages) == 2
    assert "pip install" not in last
    assert [line for line in last.splitlines() if line.startswith("COPY ")] == [
        "COPY --from=build /opt/touchmark /opt/touchmark"
    ]


def test_only_what_runs_is_installed_and_only_by_hash(dockerfile: Path) -> None:
    text = "\n".join(_instructions(dockerfile))
    into_the_image = re.findall(r"uv pip install --python /opt/touchmark ([^&\n]*)", text)
    requirements = re.findall(r"pip install [^&\n]*requirements/[^&\n]*", text)

    assert [" ".join(words.split()) for words in into_the_image] == [
        "--require-hashes -r requirements/runtime.txt",
        "--no-deps /dist/*.whl",
    ]
    assert [command for command in requirements if "--require-hashes" not in command] == []


def test_the_image_runs_as_nobody_special(dockerfile: Path) -> None:
    users = [line for line in _instructions(dockerfile) if line.startswith("USER ")]

    assert users == ["USER 10001:10001"]


def test_nothing_private_goes_to_the_builder(root: Path) -> None:
    """The ignore file lets in by name, so new files stay out until somebody adds them."""
    rules = [line for line in (root / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]

    assert rules[0] == "*"
    assert {rule.strip("!/") for rule in rules if rule.startswith("!")} == {
        "deploy",
        "requirements",
        "services",
        "shared",
        "LICENSE",
        "README.md",
        "package.json",
        "package-lock.json",
        "pyproject.toml",
    }
