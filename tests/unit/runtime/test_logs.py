"""Every line of a process has one form, whichever library logs it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from shared.runtime import logs, tracing
from shared.runtime.settings import ServiceSettings

SETTINGS = ServiceSettings.model_construct(log_format="json", log_level="INFO")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process that is configured like this writes; everything is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    logs.configure("quotes", SETTINGS)
    yield written
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def last(written: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(written.getvalue().splitlines()[-1])
    return line


def test_our_own_events_carry_service_trace_and_facts(lines: io.StringIO) -> None:
    with tracing.bind("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"):
        logs.get_logger("shared.test").info("record_parked", topic="touchmark.quotes", version=3)

    line = last(lines)
    assert line.pop("timestamp")
    assert line == {
        "level": "info",
        "event": "record_parked",
        "topic": "touchmark.quotes",
        "version": 3,
        "service": "quotes",
        "logger": "shared.test",
        "trace": "0af7651916cd43dd8448eb211c80319c",
    }


def test_a_librarys_log_comes_in_the_same_form(lines: io.StringIO) -> None:
    logging.getLogger("aiokafka.consumer").error("Unable to reach %s as %s", "broker", "ada@example.org")

    line = last(lines)
    assert line["event"] == "Unable to reach broker as ***"
    assert line["service"] == "quotes"
    assert line["level"] == "error"


def test_a_traceback_is_kept_without_what_it_quotes(lines: io.StringIO) -> None:
    try:
        raise ValueError("ada@example.org has no ring size")  # noqa: TRY301 (a traceback is wanted)
    except ValueError:
        logs.get_logger("shared.test").exception("sizing_failed")

    said = str(last(lines)["exception"])
    assert "test_logs.py" in said
    assert "*** has no ring size" in said
    assert "ada@example.org" not in lines.getvalue()


@pytest.mark.parametrize("library", ["aiokafka", "faststream", "uvicorn", "temporalio.worker", "temporalio.activity"])
def test_a_librarys_chatter_is_left_out(lines: io.StringIO, library: str) -> None:
    logging.getLogger(library).info("Discovered coordinator")

    assert lines.getvalue() == ""


def test_the_access_log_of_the_server_is_off_since_it_would_name_addresses(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").critical('127.0.0.1 - "GET /sign-in?link=x"')

    assert lines.getvalue() == ""


def test_what_is_below_the_level_costs_no_line(lines: io.StringIO) -> None:
    logs.get_logger("shared.test").debug("looked")

    assert lines.getvalue() == ""
