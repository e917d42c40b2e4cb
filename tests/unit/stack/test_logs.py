import os
from pathlib import Path

from deploy.local import logs
from deploy.local.logs import bound, tail


def test_a_log_that_has_grown_too_large_keeps_its_newest_whole_lines(tmp_path: Path) -> None:
    log = tmp_path / "intake.log"
    line = b"x" * 99 + b"\n"
    log.write_bytes(line * (logs.LARGEST // 100 + 1))

    bound(log)

    kept = log.read_bytes()
    assert logs.LARGEST // 2 - 100 <= len(kept) <= logs.LARGEST // 2
    assert kept == line * (len(kept) // 100)


def test_a_program_goes_on_at_the_end_of_its_log_after_the_cut(tmp_path: Path) -> None:
    log = tmp_path / "intake.log"
    with log.open("ab") as program:
        program.write(b"an old line\n" * (logs.LARGEST // 12 + 1))
        program.flush()

        bound(log)
        os.write(program.fileno(), b"a new line\n")

    assert log.read_bytes().endswith(b"an old line\na new line\n")


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "intake.log"
    log.write_text("one\ntwo\n")

    bound(log)
    bound(tmp_path / "missing.log")

    assert list(tail([log], 1)) == [("intake", "two")]
