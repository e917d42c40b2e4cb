"""What a folder's tests started ends with them: five idle services cost a fifth of a core until the run ends."""

from pathlib import Path

PACKAGE = '@pytest.fixture(scope="package")\nasync def studio('


def test_a_studio_ends_with_its_folder_and_not_with_the_run(root: Path) -> None:
    owners = [path for path in (root / "tests").rglob("conftest.py") if "open_studio(" in path.read_text()]

    assert len(owners) >= 3
    for owner in owners:
        assert PACKAGE in owner.read_text(), f"{owner}: give `studio` the scope of its package"
        # Without it, pytest takes the whole run for the package, and says nothing.
        assert owner.with_name("__init__.py").is_file(), f"{owner.parent} lacks an __init__.py"
