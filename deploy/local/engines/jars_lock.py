"""Writes `kafka.lock.toml`: `python -m deploy.local.engines.jars_lock` (or `make lock`)."""

from collections.abc import Sequence

from jgo.env import LockedDependency, LockFile
from jgo.maven import Dependency, MavenContext
from jgo.parse import Coordinate

from deploy.local.engines.jars import LOCK, VERSION, cache, locked

KAFKA = f"org.apache.kafka:kafka_2.13:{VERSION}"


def lock() -> None:
    """Resolve Kafka's jars again and write the lock file; it does not change if they are the same."""
    context = MavenContext(repo_cache=cache() / "maven")
    kafka = context.create_dependency(Coordinate.parse(KAFKA))
    given, brought = context.resolver.resolve([kafka])
    needed = [one for one in (*given, *brought) if one.scope in {None, "compile", "runtime"}]
    found = [LockedDependency.from_dependency(one) for one in (*needed, _logging(context, needed))]
    found.sort(key=lambda one: (one.groupId, one.artifactId))
    fresh = LockFile(found, environment_name="kafka")
    if {(one.group, one.artifact, one.version, one.sha256) for one in locked()} != set(map(_named, found)):
        fresh.save(LOCK)


def _logging(context: MavenContext, needed: Sequence[Dependency]) -> Dependency:
    """The bridge from SLF4J to log4j, which Kafka's distribution has and its POM does not name."""
    log4j = next(one for one in needed if one.artifactId == "log4j-core")
    return context.create_dependency(Coordinate.parse(f"{log4j.groupId}:log4j-slf4j-impl:{log4j.version}"))


def _named(one: LockedDependency) -> tuple[str, str, str, str | None]:
    return one.groupId, one.artifactId, one.version, one.sha256


if __name__ == "__main__":
    lock()
