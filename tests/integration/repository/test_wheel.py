"""The wheel as it is shipped: built here, installed from the lock into a clean environment, and run."""

import asyncio
import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from deploy.local.plan import SERVICES, make_plan
from deploy.local.secrets import Secrets
from deploy.local.settings import StackSettings
from tests.support.service import NOBODY, RunningService

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.timeout(600)


def _run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 (our own commands)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(BIN / "hatchling", "build", "-t", "wheel", "-d", folder)
    return next(folder.glob("touchmark-*.whl"))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The `bin` folder of an environment that has what the lock says, the wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    uv = BIN / "uv"
    _run(uv, "venv", "--python", sys.executable, folder)
    _run(uv, "pip", "install", "--python", folder, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt")
    _run(uv, "pip", "install", "--python", folder, "--no-deps", "--offline", wheel)
    return folder / "bin"


def test_the_wheel_carries_all_that_is_not_python(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    kinds = {".sql", ".toml", ".html", ".words", ".txt", ".css", ".js", ".woff2", ".json"}
    places = [ROOT / "services", ROOT / "shared"]

    wanted = {str(path.relative_to(ROOT)) for place in places for path in place.rglob("*") if path.suffix in kinds}

    assert wanted - held == set()


def test_the_wheel_carries_no_tests(wheel: Path) -> None:
    assert [name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("tests/")] == []


def test_the_clean_environment_lacks_nothing(clean: Path) -> None:
    _run(BIN / "uv", "pip", "check", "--python", clean.parent)


@pytest.mark.parametrize("command", [f"touchmark-{service}" for service in SERVICES])
def test_each_entry_point_explains_itself(clean: Path, tmp_path: Path, command: str) -> None:
    assert "--roles" in _run(clean / command, "--help", cwd=tmp_path)


def test_the_command_of_the_local_stack_explains_itself_without_its_engines(clean: Path, tmp_path: Path) -> None:
    assert "up" in _run(clean / "touchmark", "--help", cwd=tmp_path)


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_lives_in_the_clean_environment(clean: Path, tmp_path: Path, service: str) -> None:
    """With the settings of the one-machine stack, whose engines are all away."""
    async with _started(clean / f"touchmark-{service}", tmp_path, _environment(service, tmp_path)) as running:
        url = await running.url(60)
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{url}/health/live")
        stopped = await running.stop()

    assert answer.status_code == httpx.codes.OK
    assert stopped == 0


def _environment(service: str, home: Path) -> Mapping[str, str]:
    settings = StackSettings(
        home=home,
        postgres_dsn=SecretStr(f"postgresql://nobody@{NOBODY}/none"),
        kafka=NOBODY,
        temporal=NOBODY,
        smtp=NOBODY,
    )
    program = next(program for program in make_plan(settings, Secrets()).services if program.name == service)
    return {**program.environment, "TOUCHMARK_PORT": "0", "TOUCHMARK_STOP_WITHIN": "10"}


@asynccontextmanager
async def _started(program: Path, home: Path, environment: Mapping[str, str]) -> AsyncIterator[RunningService]:
    """The program in a folder that is not the repository, so that only the wheel can answer an import."""
    process = await asyncio.create_subprocess_exec(
        program,
        cwd=home,
        env={"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    service = RunningService(process)
    collecting = asyncio.create_task(service.collect())
    try:
        yield service
    finally:
        service.kill()
        await collecting
