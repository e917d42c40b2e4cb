"""The command line speaks the language of the environment."""

import pytest

from deploy.cli.main import command_line
from deploy.local.words import _, language


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_AT"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "tlh_QO.UTF-8"}, "en"),
        ({"LANG": "../../etc"}, "en"),
    ],
)
def test_the_environment_names_the_language(environment: dict[str, str], spoken: str) -> None:
    assert language(environment) == spoken


def test_a_message_comes_in_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    assert _("%(service)s is running again.", service="quotes") == "quotes läuft wieder."


def test_the_commands_are_described_in_german_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    command_line()(["--help"], exit_on_error=False, result_action="return_value")

    assert "Löscht alle lokalen Daten." in capsys.readouterr().out
