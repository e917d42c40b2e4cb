"""The copy of PostgreSQL's programs, for the user who runs it in root's place."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.engines.postgres import MAJOR
from deploy.local.engines.programs import Programs
from deploy.local.refusal import Refusal


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(MAJOR, tmp_path / "cache" / "touchmark")


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_the_copy_runs_by_itself(programs: Programs) -> None:
    programs.copy()

    for program in ("initdb", "postgres"):
        command = (str(programs.copied / program), "--version")
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 (PostgreSQL's own)
        assert f"(PostgreSQL) {MAJOR}." in said


@pytest.mark.usefixtures("strict_umask")
def test_everybody_may_run_the_copy_and_nobody_else_may_change_it(programs: Programs) -> None:
    programs.copy()

    copied = [programs.shelf, *(path for path in programs.shelf.rglob("*") if path.name != "lock")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in copied} == {0o755}


def test_the_copy_is_made_once(programs: Programs) -> None:
    programs.copy()
    before = (programs.copied / "postgres").stat()

    programs.copy()

    assert (programs.copied / "postgres").stat() == before


def test_an_incomplete_copy_is_made_again(programs: Programs) -> None:
    programs.copy()
    (programs.copied / "initdb").unlink()
    (programs.copied / "postgres").write_bytes(b"")

    programs.copy()

    sizes = [(programs.copied / name).stat().st_size for name in ("initdb", "postgres")]
    assert sizes == [(programs.installed / name).stat().st_size for name in ("initdb", "postgres")]


def test_nothing_is_run_from_where_others_may_write(programs: Programs) -> None:
    programs.shelf.mkdir(parents=True)
    programs.shelf.chmod(0o777)

    with pytest.raises(Refusal, match="Other users than root can change"):
        programs.copy()


def test_nothing_is_run_from_where_a_link_leads(programs: Programs, tmp_path: Path) -> None:
    programs.shelf.parent.mkdir()
    programs.shelf.symlink_to(tmp_path)

    with pytest.raises(Refusal, match="Other users than root can change"):
        programs.copy()
