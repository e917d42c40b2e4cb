"""What the stack writes is for its owner alone."""

import stat
from pathlib import Path

from deploy.images.environment import write
from deploy.local.secrets import keep


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_enters_the_stacks_folder(tmp_path: Path) -> None:
    made, open_before = tmp_path / "made", tmp_path / "before"
    open_before.mkdir(mode=0o755)

    for home in (made, open_before):
        keep(home)

        assert mode(home) == 0o700
        assert mode(home / "secrets.json") == 0o600


def test_the_containers_secrets_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TOUCHMARK_VAT_PERCENT=20\nTOUCHMARK_KEY='old'\n")
    file.chmod(0o644)

    write(file, {"TOUCHMARK_KEY": "new"})

    assert mode(file) == 0o600
    assert file.read_text().splitlines() == ["TOUCHMARK_KEY='new'", "TOUCHMARK_VAT_PERCENT=20"]
