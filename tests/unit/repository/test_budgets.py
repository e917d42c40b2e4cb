"""How `make test` reports the suites' times."""

from pathlib import Path

from deploy.test_run import BUDGETS, Results, times

ROOT = Path(__file__).parents[3]
REPORT = """\
<testsuites><testsuite tests="4" failures="1" errors="0" skipped="1">
  <testcase classname="tests.unit.kernel.test_money" name="a" time="2.0"/>
  <testcase classname="tests.unit.web.test_app" name="b" time="4.0"/>
  <testcase classname="tests.browser.test_axe" name="c" time="600.0"/>
  <testcase classname="tests.browser.test_axe" name="d" time="0"><skipped/></testcase>
</testsuite></testsuites>
"""


def read(folder: Path) -> Results:
    report = folder / "report.xml"
    report.write_text(REPORT)
    return Results.read(report)


def test_a_report_is_counted_and_timed_by_suite(tmp_path: Path) -> None:
    results = read(tmp_path)

    assert str(results) == "2 passed, 1 failed, 1 skipped"
    assert results.seconds == {"unit": 3.0, "browser": 300.0}


def test_a_run_without_a_report_has_failed(tmp_path: Path) -> None:
    assert Results.read(tmp_path / "none.xml").failed == 1


def test_each_suite_is_shown_beside_its_budget_and_those_over_it_are_named(tmp_path: Path) -> None:
    lines = list(times(read(tmp_path).seconds))

    assert lines == [
        "suite         budget     took",
        "unit            1:00     0:03",
        "browser         4:00     5:00",
        "all            22:15     5:03",
        "Over budget: browser.",
    ]


def test_every_suite_has_a_budget_and_all_of_them_leave_time_to_install() -> None:
    suites = {path.name for path in (ROOT / "tests").iterdir() if any(path.rglob("test_*.py"))}

    assert suites == BUDGETS.keys() - {"checks"}
    # Of the 25 minutes that a whole run may take, on two cores.
    assert sum(BUDGETS.values()) <= 23
