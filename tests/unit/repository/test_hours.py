"""An hour is nowhere without its zone: the reader writes them all, and writes none without.

`tests/browser/every_page` looks for them on every page, `tests/unit/notify/test_mails.py` in every mail.
"""

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import DictLoader

from services.lifecycle.domain.dashboard import OfferingTitles
from services.lifecycle.labels import LABELS
from services.lifecycle.main import LOCALES
from services.lifecycle.pages.words import Words
from shared.i18n import Reader, Readers
from shared.i18n.templates import environment
from tests.support.hours import hours_without_zone

AT = datetime(2027, 5, 31, 12, 5, tzinfo=UTC)
READERS = Readers(zone="Europe/Berlin", labels=LABELS, locales=[Path(LOCALES)]).all()
_IN_CODE = re.compile(
    r"format_time\b|format_datetime\(|%H|HH:mm|timespec=|isoformat\(\"(?:minutes|seconds)\"\)|\.hour\b"
)
WRITES_HOURS = {
    "shared/i18n/reader.py",  # for people, with the zone
    "shared/certificates/canonical.py",  # for programs: RFC 3339
    "services/lifecycle/pages/words.py",  # the attribute of `time`, for programs
    "services/intake/domain/export.py",  # the time of a file in an archive
    "services/notify/mails/message.py",  # the header Date, RFC 5322
    "services/notify/pages/preferences.py",  # the value of a field for a time; the page says by which clock
    "deploy/cli/parked.py",  # followed by UTC
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("since 31 May 2027, 14:05", 1),
        ("14:05 and 09:30 CEST", 1),
        ("14:05 CEST", 0),
        ("14:05 Uhr", 1),
        ("18:30 GMT-04:00", 0),
        ("12:00:01 UTC", 0),
        ("in 3 h", 0),
    ],
)
def test_hours_without_a_zone_are_found(text: str, found: int) -> None:
    assert len(hours_without_zone(text)) == found


def _written(of: object, *more: object) -> Iterator[str]:
    """What the methods write of an instant that take one, and nothing but it and `more`."""
    for name, method in inspect.getmembers(of, inspect.ismethod):
        parameters = [each.annotation for each in inspect.signature(method).parameters.values()]
        if name[0] != "_" and parameters and parameters[0] in {date, datetime} and len(parameters) <= 1 + len(more):
            yield str(method(AT, *more[: len(parameters) - 1]))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.language)
def test_a_reader_writes_no_hour_without_its_zone(reader: Reader) -> None:
    written = [*_written(reader, AT), *_written(Words(reader, OfferingTitles()), AT), reader.written(AT)]

    assert sum(bool(re.search(r"\d\d:\d\d\s\S", each)) for each in written) >= 8
    assert [found for each in written for found in hours_without_zone(re.sub("<[^>]*>", "", each))] == []


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.language)
def test_a_template_writes_no_hour_without_its_zone(reader: Reader) -> None:
    filters = environment(reader, DictLoader({}), lambda: AT).filters
    own = {name: each for name, each in filters.items() if "shared.i18n" in each.__module__}
    of_times = [each for each in own.values() if _first(each) in {date, datetime}]

    written = [str(each(AT)) for each in of_times]

    assert len(written) >= 5
    assert [found for each in written for found in hours_without_zone(re.sub("<[^>]*>", "", each))] == []


def _first(function: object) -> object:
    parameters = list(inspect.signature(function).parameters.values())  # type: ignore[arg-type]  # filters are callable
    return parameters[0].annotation if parameters else None


def test_nobody_else_writes_hours(root: Path) -> None:
    found = {
        path.relative_to(root).as_posix()
        for folder in ("services", "shared", "deploy")
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".html", ".jinja", ".txt", ".typ"} and _IN_CODE.search(path.read_text())
    }

    assert found == WRITES_HOURS, "people read hours by the reader's `moment` and `clock`, which name the zone"
