"""Kafka 4.3 from Apache's own jars: one node that is broker and controller (KRaft combined mode)."""

import asyncio
import json
import os
import signal
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from deploy.local.engines import jars
from deploy.local.engines.stamp import claim
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import Launch
from deploy.local.refusal import Refusal
from deploy.local.secrets import write_privately
from deploy.local.words import _
from shared.kafka.connection import Kafka
from shared.kafka.users import ADMIN

_LOGGING = """\
Configuration:
  name: touchmark
  Appenders:
    Console:
      name: stdout
      PatternLayout:
        pattern: "%d{ISO8601} %p %m (%c{1})%n"
  Loggers:
    Root:
      level: WARN
      AppenderRef:
        - ref: stdout
"""

# Java reads paths in the locale's encoding, and has no setting of its own for it.
_UTF_8 = {"LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class KafkaEngine:
    """`root` is its folder; `port` is for clients, `controller_port` for itself.

    Everybody logs in, the broker at its own controller too: as the administrator, by `password`, or as one of `users`,
    by theirs, who may do what they were given the right to (`shared/kafka/rights.py`) and nothing else.
    """

    root: Path
    port: int
    controller_port: int
    password: str
    users: Mapping[str, str] = field(default_factory=dict)
    heap: str = "384m"
    classes: tuple[str, ...] = field(default_factory=jars.loaded_classes)
    name: str = "kafka"
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def admin(self) -> Kafka:
        """The administrator's connection."""
        return Kafka(self.address, ADMIN, SecretStr(self.password))

    def prepare(self) -> None:
        """Write its configuration, fetch what jars are missing, format its storage.

        Raises:
            Refusal: jars cannot be had, the storage cannot be formatted, or a newer Kafka wrote it.
        """
        claim(self.root, "Kafka", jars.VERSION)
        # A properties file is Latin-1, and gives the backslash a meaning; the rest is escaped there as in JSON.
        lines = (f"{name}={json.dumps(value)[1:-1]}\n" for name, value in self._properties.items())
        write_privately(self._configuration, "".join(lines))
        self._logging.write_text(_LOGGING)
        if not (self._logs / "meta.properties").exists():
            self._format()

    def launch(self) -> Launch:
        return Launch((*self._java, "kafka.Kafka", str(self._configuration)), cwd=self.root, environment=_UTF_8)

    def answers(self) -> bool:
        return answers(self.port) and asyncio.run(_answers(self.admin))

    def let_in(self) -> None:
        """Give each service its rights, once it answers. Doing so again changes nothing.

        Raises:
            Refusal: Kafka does not take them.
        """
        # Slow to import, and most commands do not ask.
        from shared.kafka import rights  # noqa: PLC0415

        try:
            asyncio.run(rights.apply(self.admin))
        except ConnectionError as error:
            raise Refusal(_("Kafka does not take the services' rights: %(error)s", error=error)) from error

    def _format(self) -> None:
        tool = [*self._java, "kafka.tools.StorageTool", "format", "--standalone", "-t", _cluster_id()]
        command = [*tool, "-c", str(self._configuration)]
        environment = {**os.environ, **_UTF_8}
        done = subprocess.run(  # noqa: S603
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Refusal(
                _(
                    "Kafka's storage in %(folder)s could not be set up: %(reason)s",
                    folder=self.root,
                    reason=done.stderr.strip() or done.stdout,
                )
            )

    @property
    def _properties(self) -> Mapping[str, str]:
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "listeners": f"CLIENTS://{LOOPBACK}:{self.port},CONTROLLER://{LOOPBACK}:{self.controller_port}",
            "advertised.listeners": f"CLIENTS://{LOOPBACK}:{self.port},CONTROLLER://{LOOPBACK}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "CLIENTS",
            "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN",
            "sasl.mechanism.inter.broker.protocol": "PLAIN",
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.clients.plain.sasl.jaas.config": self._logins(self.users),
            "listener.name.controller.plain.sasl.jaas.config": self._logins({}),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{ADMIN}",
            "allow.everyone.if.no.acl.found": "false",
            "controller.quorum.bootstrap.servers": f"{LOOPBACK}:{self.controller_port}",
            "log.dirs": str(self._logs),
            "auto.create.topics.enable": "false",
            # One broker: nothing can be replicated, and few partitions keep the start short.
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "2",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "share.coordinator.state.topic.num.partitions": "1",
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "1000",
            "log.cleaner.backoff.ms": "1000",
            # Segments' indexes are preallocated at this size; the default is 10 MiB for each partition.
            "log.index.size.max.bytes": "1048576",
        }

    def _logins(self, users: Mapping[str, str]) -> str:
        """Who may log in by which password, and as whom the broker itself does, in the words of Java's own log-in."""
        known = {ADMIN: self.password, **users}
        named = " ".join(f'user_{name}="{password}"' for name, password in known.items())
        itself = f'username="{ADMIN}" password="{self.password}"'
        return f"org.apache.kafka.common.security.plain.PlainLoginModule required {itself} {named};"

    @cached_property
    def _java(self) -> tuple[str, ...]:
        classpath = os.pathsep.join(str(jar) for jar in jars.classpath())
        # The quick compiler alone: a broker of one machine starts in a third of the processor time, and serves as well.
        options = (f"-Xmx{self.heap}", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", *self.classes)
        quiet = "--sun-misc-unsafe-memory-access=allow"  # Kafka unmaps files that way; Java warns of it at each start
        return (
            str(jars.JAVA),
            *options,
            quiet,
            f"-Dlog4j2.configurationFile={self._logging.as_uri()}",
            "-cp",
            classpath,
        )

    @property
    def _configuration(self) -> Path:
        return self.root / "server.properties"

    @property
    def _logging(self) -> Path:
        return self.root / "log4j2.yaml"

    @property
    def _logs(self) -> Path:
        return self.root / "data"


def _cluster_id() -> str:
    """Kafka's own form: 22 characters of URL-safe base64, never beginning with a dash."""
    return "T" + urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")[1:21] + "A"


async def _answers(kafka: Kafka) -> bool:
    # Slow to import, and most commands do not ask.
    from aiokafka.admin import AIOKafkaAdminClient  # noqa: PLC0415
    from aiokafka.errors import KafkaError  # noqa: PLC0415

    admin = AIOKafkaAdminClient(**kafka.options, request_timeout_ms=2000)
    try:
        await asyncio.wait_for(admin.start(), 3)
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()
