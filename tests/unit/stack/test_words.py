"""The command line speaks the language of the environment."""

import os
import subprocess
import sys
from pathlib import Path

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


def german(*arguments: str, **environment: str) -> str:
    """What the command says to somebody whose machine speaks German: in a process of its own, as it starts."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "deploy.cli.main", *arguments],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], ["Aufruf: touchmark", "Befehle", "Zeigt diese Hilfe.", "Zeigt die Version."]),
        (["logs", "--help"], ["Optionen", "Wie viele Zeilen von jedem Programm. [sonst 40]"]),
        (["sign-in", "--help"], ["[eines von customer, maker, ops] [erforderlich]"]),
        (["offerings", "check", "--help"], ["Argumente", "So sieht ein Fehler aus:"]),
        (["parked", "--help"], ["Verwirft ein Ereignis endgültig."]),
        (["parked", "replay", "--help"], ["[Variable: TOUCHMARK_DATABASE]", "Beispiel: touchmark parked replay"]),
        (["verify", "--help"], ["Das Zertifikat, so wie es heruntergeladen wurde.", "die Prüfung braucht kein Netz"]),
        (["nonsense"], ["Den Befehl „nonsense“ gibt es nicht. `touchmark --help` zeigt den Aufruf."]),
        (["up", "--nonsense"], ["Die Option „--nonsense“ gibt es nicht. `touchmark up --help` zeigt den Aufruf."]),
        (["restart"], ["SERVICE fehlt."]),
        (["sign-in", "nobody"], ["„nobody“ ist hier nicht möglich."]),
        (["restart", "quotes", "notify"], ["„notify“ ist zu viel."]),
    ],
)
def test_help_and_errors_are_german_throughout(arguments: list[str], said: list[str]) -> None:
    told = german(*arguments)

    assert [each for each in said if each not in told] == [], told
    for english in ("Usage", "Commands", "Parameters", "Display", "required", "choices", "default", "Unknown", "Error"):
        assert english not in told


def test_the_doctor_speaks_german(tmp_path: Path) -> None:
    told = german("doctor", TOUCHMARK_HOME=str(tmp_path))

    for heading in ("Versionen", "Ports", "Zustand", "Einstellungen der lokalen Umgebung", "Einstellungen von quotes"):
        assert f"\n{heading}" in f"\n{told}", told
    assert "antwortet nicht" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no certificate", "Sie enthält kein JSON, wie es in Zertifikaten steht."),
        ('{"certificate": {}, "certificate": {}}', "Sie enthält kein JSON, wie es in Zertifikaten steht."),
        ('{"touchmark": "receipt"}', "touchmark fehlt, ist unbekannt oder ungültig."),
    ],
)
def test_what_is_no_certificate_is_told_in_german(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(text)

    assert german("verify", str(file)) == (
        f"{file}: Dies ist kein Zertifikat, oder es ist beschädigt. {said} "
        "Laden Sie das Zertifikat noch einmal herunter.\n"
    )
