"""Fetches Kafka's jars and prepares its quick start, with progress: `python -m deploy.local.engines.warm_up`.

The quick start is what Java calls an ahead-of-time cache (JEP 514): a first Kafka, on ports and a folder of its own,
writes down which classes it loaded. Each later start takes half the time and a third of the processor time.
"""

import sys
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from deploy.local.engines import jars
from deploy.local.engines.engine import running
from deploy.local.engines.kafka import KafkaEngine
from deploy.local.ports import free_ports
from deploy.local.refusal import Refusal

_ENOUGH = 60.0  # seconds for writing the classes down, when Kafka ends


def fetch() -> None:
    """Bring every jar into the cache. Raises Refusal."""
    with Progress(transient=True) as progress:
        task = progress.add_task("Kafka's jars", total=None)
        jars.classpath(lambda done, total: progress.update(task, completed=done, total=total))


def learn() -> None:
    """Start Kafka once and keep what it loaded; nothing to do where that is kept already."""
    kept = jars.classes_file()
    if kept.exists():
        return
    with TemporaryDirectory(prefix="touchmark-kafka-") as folder:
        written = Path(folder) / "classes.aot"
        port, other = free_ports(2)
        kafka = KafkaEngine(
            Path(folder), port, other, password=token_urlsafe(), classes=(f"-XX:AOTCacheOutput={written}",)
        )
        with running(kafka, Path(folder) / "log", stop_within=_ENOUGH):
            kafka.let_in()
        if written.exists():
            part = kept.with_suffix(f".{written.stat().st_ino}")
            part.write_bytes(written.read_bytes())
            part.rename(kept)


def main() -> int:
    try:
        fetch()
        with Console().status("Preparing Kafka's quick start …"):
            learn()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
