import json
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from deploy.cli.doctor import settings_of
from deploy.local.plan import SERVICES, database_dsn, make_plan
from deploy.local.refusal import Refusal
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import StackSettings


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return Secrets()


def test_secrets_are_made_once_and_kept_for_their_owner(tmp_path: Path) -> None:
    made = keep(tmp_path / "home")

    assert keep(tmp_path / "home") == made
    assert (tmp_path / "home" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_a_newer_release_needs_is_made_once(tmp_path: Path) -> None:
    before = keep(tmp_path).model_dump(exclude={"certificate_key"})
    (tmp_path / "secrets.json").write_text(json.dumps(before))

    found = keep(tmp_path)

    assert found.model_dump(exclude={"certificate_key"}) == before
    assert keep(tmp_path) == found


def test_damaged_secrets_are_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(Refusal, match="touchmark reset --yes"):
        keep(tmp_path)


def test_no_two_programs_share_a_port(tmp_path: Path, secrets: Secrets) -> None:
    ports = make_plan(StackSettings(home=tmp_path), secrets).ports

    assert len(set(ports.values())) == len(ports)


def test_an_engine_of_ones_own_is_not_started(tmp_path: Path, secrets: Secrets) -> None:
    own = StackSettings(
        home=tmp_path,
        postgres_dsn=SecretStr("postgresql://admin:secret@db.example:5433/postgres?sslmode=require"),
        kafka="kafka.example:9092",
        temporal="temporal.example:7233",
        smtp="mail.example:25",
    )

    plan = make_plan(own, secrets)

    assert [program.name for program in plan.programs] == [*SERVICES, "edge"]
    assert plan.dsn == "postgresql://admin:secret@db.example:5433/postgres?sslmode=require"
    assert plan.services[3].environment["TOUCHMARK_SMTP"] == "mail.example:25"
    assert "admin" not in plan.services[0].environment["TOUCHMARK_DATABASE"]


def test_each_service_has_a_login_and_a_database_of_its_own() -> None:
    dsn = database_dsn("postgresql://admin:secret@db.example:5433/postgres?sslmode=require", "quotes", "word")

    assert dsn == "postgresql://touchmark_quotes:word@db.example:5433/touchmark_quotes?sslmode=require"


def test_only_intake_can_sign(tmp_path: Path, secrets: Secrets) -> None:
    plan = make_plan(StackSettings(home=tmp_path), secrets)

    assert [one.name for one in plan.services if "TOUCHMARK_SIGNING_KEY" in one.environment] == ["intake"]


def test_only_production_can_certify(tmp_path: Path, secrets: Secrets) -> None:
    plan = make_plan(StackSettings(home=tmp_path), secrets)

    assert [one.name for one in plan.services if secrets.certificate_key in one.environment.values()] == ["production"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_doctor_shows_every_setting_of_a_service_without_its_secrets(
    service: str, tmp_path: Path, secrets: Secrets
) -> None:
    plan = make_plan(StackSettings(home=tmp_path), secrets)

    found = settings_of(next(one for one in plan.services if one.name == service))

    assert found["TOUCHMARK_STUDIO_ZONE"] == "Europe/Berlin"
    assert ":********@" in found["TOUCHMARK_DATABASE"]
    assert [value for value in found.values() if secrets.of(service) in value] == []


def test_an_address_without_a_port_is_refused() -> None:
    with pytest.raises(ValidationError):
        StackSettings(kafka="kafka.example")
