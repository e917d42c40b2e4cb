import pytest
from pydantic import ValidationError

from shared.runtime.settings import ProcessRole, ServiceSettings

NEEDED = {
    "TOUCHMARK_DATABASE": "postgres://quotes:hunter2@localhost/quotes",
    "TOUCHMARK_KAFKA": "localhost:9092",
    "TOUCHMARK_TEMPORAL": "localhost:7233",
    "TOUCHMARK_PORT": "8102",
    "TOUCHMARK_TOKEN_KEYS": "{}",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)


def test_all_roles_run_unless_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ServiceSettings().roles == set(ProcessRole)

    monkeypatch.setenv("TOUCHMARK_ROLES", "inbox, relay")
    assert ServiceSettings().roles == {ProcessRole.INBOX, ProcessRole.RELAY}


@pytest.mark.parametrize("roles", ["", "web,oven", ","])
def test_a_role_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch, roles: str) -> None:
    monkeypatch.setenv("TOUCHMARK_ROLES", roles)

    with pytest.raises(ValidationError):
        ServiceSettings()


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("STOP_WITHIN", "0"), ("LOG_LEVEL", "LOUD")])
def test_a_value_out_of_its_range_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TOUCHMARK_{name}", value)

    with pytest.raises(ValidationError):
        ServiceSettings()


def test_secrets_are_masked_for_people_and_in_the_representation() -> None:
    settings = ServiceSettings()

    assert settings.masked()["TOUCHMARK_DATABASE"] == "**********"
    assert settings.masked()["TOUCHMARK_PORT"] == 8102
    assert "hunter2" not in repr(settings) + str(settings.masked())


def test_settings_do_not_change_after_they_are_read() -> None:
    with pytest.raises(ValidationError):
        ServiceSettings().port = 1  # type: ignore[misc]  # refused by mypy as well
