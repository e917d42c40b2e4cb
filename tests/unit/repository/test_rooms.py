"""The folders and rooms that the README names, and CONTRIBUTING's rules on files, held by tests."""

from pathlib import Path

from deploy.checks.shape import repeated_names

MAX_LINES = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}
ROOMS = ("settings", "domain", "store", "actions", "events", "activities", "api", "pages", "main")
NEEDS_NONE = {"notify": {"activities"}}
"""Mails follow facts: notify carries out no commands."""
SQL = ("migrations", "queries.sql", "schema.sql")


def test_every_service_has_every_room(services: list[Path]) -> None:
    missing = [
        f"{service.name}/{room}"
        for service in services
        for room in ROOMS
        if room not in NEEDS_NONE.get(service.name, ())
        and not (service / f"{room}.py").is_file()
        and not (service / room / "__init__.py").is_file()
    ]

    assert missing == []


def test_every_service_keeps_its_sql_in_its_room(services: list[Path]) -> None:
    missing = [
        f"{service.name}/sql/{name}" for service in services for name in SQL if not (service / "sql" / name).exists()
    ]

    assert missing == []


def test_the_pages_of_every_service_have_their_templates_beside_them(services: list[Path]) -> None:
    bare = [service.name for service in services if not list((service / "pages").rglob("*.html"))]

    assert bare == []


def test_every_service_has_an_entry_point_of_its_own(
    services: list[Path], project: dict[str, dict[str, dict[str, str]]]
) -> None:
    scripts = project["project"]["scripts"]

    assert {f"touchmark-{service.name}" for service in services} <= set(scripts)


def test_a_folder_with_modules_is_a_package(modules: list[Path], root: Path) -> None:
    """import-linter does not look into a folder without `__init__.py`: its modules would escape the contracts."""
    shipped = [path for path in modules if path.relative_to(root).parts[0] in {"services", "shared", "deploy"}]
    loose = {str(path.parent.relative_to(root)) for path in shipped if not (path.parent / "__init__.py").is_file()}

    assert loose == set()


def test_no_file_outgrows_its_room(tracked: list[Path], root: Path) -> None:
    code = [
        path
        for path in tracked
        if path.suffix in {".py", ".sql", ".html", ".js", ".css"} and "schemas" not in path.parts
    ]
    too_long = {
        str(path.relative_to(root)): lines for path in code if (lines := len(path.read_text().splitlines())) > MAX_LINES
    }

    assert too_long == {}, "a file that outgrows 400 lines becomes a package of the same name"


def test_no_module_has_a_name_that_says_nothing(modules: list[Path], root: Path) -> None:
    vague = [str(path.relative_to(root)) for path in modules if path.stem in VAGUE or path.parent.name in VAGUE]

    assert vague == [], "name a module after what it holds"


def test_no_two_classes_share_a_name(root: Path) -> None:
    assert repeated_names(root) == {}, "one concept, one class; where two things share a word, say the role of each"


def test_the_pages_of_every_service_are_looked_at(services: list[Path]) -> None:
    visits = Path("tests/browser/every_page")

    assert sorted(each.name for each in visits.glob("test_*.py")) == sorted(f"test_{each.name}.py" for each in services)
