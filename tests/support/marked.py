"""Marked words and pictures, and a search of all that a studio keeps for what is left of them.

    marks = Marks.new("name", "note")
    found = await everywhere(studio, engines, marks)
    assert found["note"] == {"production.note", …}

A mark is a word that nothing else has, or the middle of a picture's bytes. It is found in upper case too, in PDFs, and
in what is packed.
"""

import asyncio
import gzip
import random
import string
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Self
from zipfile import ZipFile, is_zipfile

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from PIL import Image
from pypdf import PdfReader
from temporalio.client import Client

from shared.contracts.fact import Topic
from shared.kafka.connection import Kafka
from shared.kafka.topics import admin, plans
from tests.support.studio import Studio

Found = Mapping[str, set[str]]
"""Where each mark was found, by its name."""

_TABLES = """
SELECT c.oid::regclass::text AS named FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
"""
_SLICE = 32  # bytes of a picture: no other has the same


@dataclass
class Marks:
    """Words by what they are in; the bytes of pictures join them once they are stored."""

    needles: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def new(cls, *names: str) -> Self:
        return cls({name: _word().encode() for name in names})

    def __getitem__(self, name: str) -> str:
        return self.needles[name].decode()

    def add_words(self, *names: str) -> None:
        self.needles |= {name: _word().encode() for name in names}

    def add_picture(self, name: str, stored: bytes) -> None:
        middle = len(stored) // 2
        self.needles[name] = stored[middle : middle + _SLICE]

    def among(self, content: bytes) -> set[str]:
        """The names of those that are in it, however it is packed."""
        unpacked = [each for part in _parts(content) for each in (part, part.lower())]
        return {name for name, needle in self.needles.items() if any(needle in each for each in unpacked)}


def marked_picture(word: str) -> bytes:
    """Noise, as no other picture has it, with a word in its EXIF data."""
    picture = Image.frombytes("RGB", (160, 120), random.randbytes(160 * 120 * 3))  # noqa: S311 (not a secret)
    exif = Image.Exif()
    exif[0x010E] = word  # ImageDescription
    made = BytesIO()
    picture.save(made, "JPEG", quality=90, exif=exif)
    return made.getvalue()


@dataclass(frozen=True)
class RunningEngines:
    """Where the run's engines are (PostgreSQL's superuser), and the folder that has their logs and their files."""

    postgres: str
    kafka: Kafka
    temporal: str
    folder: Path


async def everywhere(studio: Studio, engines: RunningEngines, marks: Marks) -> Found:
    """Every place where a mark is: tables, topics, histories, mails, files, logs."""
    return merged(
        await in_tables(studio, marks),
        await in_topics(studio, engines, marks),
        await in_workflows(studio, engines, marks),
        await asyncio.to_thread(in_files, studio, engines, marks),
    )


def merged(*found: Found) -> Found:
    every: dict[str, set[str]] = defaultdict(set)
    for each in found:
        for name, where in each.items():
            every[name] |= where
    return every


async def in_tables(studio: Studio, marks: Marks) -> Found:
    """In every column of every table of the services' databases, and in large objects."""
    found: dict[str, set[str]] = defaultdict(set)
    for service in studio.dsn:
        async for table, content in _rows(studio.dsn[service]):
            for name in marks.among(content):
                found[name].add(f"{service}.{table}")
    return found


async def in_topics(studio: Studio, engines: RunningEngines, marks: Marks) -> Found:
    """In every record of every topic from the beginning, headers and all."""
    found: dict[str, set[str]] = defaultdict(set)
    for topic in Topic:
        for record in await _records(engines.kafka, f"{studio.prefix}{topic}"):
            for name in marks.among(record):
                found[name].add(topic.value)
    return found


async def in_workflows(studio: Studio, engines: RunningEngines, marks: Marks) -> Found:
    """In every event of every run, its payloads decoded, and in memos and search attributes."""
    found: dict[str, set[str]] = defaultdict(set)
    client = await Client.connect(engines.temporal)
    seen = 0
    async for run in client.list_workflows():
        if not run.id.startswith(studio.prefix):
            continue
        seen += 1
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        events = [event.SerializeToString() for event in history.events]
        description = run.raw_info.SerializeToString()
        for content in (description, history.to_json().encode(), *events):
            for name in marks.among(content):
                found[name].add("histories")
    assert seen, "there is no workflow to search"
    return found


def in_files(studio: Studio, engines: RunningEngines, marks: Marks) -> Found:
    """In the logs of services and engines, in Kafka's and Temporal's files, in all that the studio wrote, and in mails.

    Not in PostgreSQL's own files: see `in_files_of_postgres`.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for place, content in _files(studio, engines):
        for name in marks.among(content):
            found[name].add(place)
    return found


async def in_files_of_postgres(studio: Studio, engines: RunningEngines, marks: Marks) -> Found:
    """In the files of the studio's databases, and in the write-ahead log; not in values that are compressed there."""
    data, found = engines.folder / "postgres" / "data", dict[str, set[str]]()
    folders = {"write-ahead log": data / "pg_wal"}
    for service, dsn in studio.dsn.items():
        connection = await asyncpg.connect(dsn)
        oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
        await connection.close()
        folders[f"files of {service}"] = data / "base" / str(oid)
    for place, folder in folders.items():
        for content in _below(folder):
            for name in await asyncio.to_thread(marks.among, content):
                found.setdefault(name, set()).add(place)
    return found


async def compact_at_once(studio: Studio, engines: RunningEngines) -> None:
    """Let this studio's topics be compacted within seconds instead of days: by the same rules, on another clock.

    Once intake has published something: its relay sets the topics' own settings when it starts. And before anything is
    erased: it is the repeats of a tombstone that close a segment.
    """
    quick = {"segment.ms": "500", "max.compaction.lag.ms": "500", "file.delete.delay.ms": "0"}
    async with admin(engines.kafka) as client:
        for topic, plan in plans().items():
            if plan.compacted:
                config = {**plan.config, **quick}
                await client.alter_configs(
                    [ConfigResource(ConfigResourceType.TOPIC, f"{studio.prefix}{topic}", config)]
                )


def _word() -> str:
    """Letters alone, so that they may be engraved."""
    return "qz" + "".join(random.choices(string.ascii_lowercase, k=9))  # noqa: S311 (not a secret)


async def _rows(dsn: str) -> AsyncIterator[tuple[str, bytes]]:
    connection = await asyncpg.connect(dsn)
    try:
        for table in [row["named"] for row in await connection.fetch(_TABLES)]:
            for row in await connection.fetch(f"SELECT * FROM {table}"):  # noqa: S608 (the catalogue's own name)
                for value in row.values():
                    yield table, value if isinstance(value, bytes) else str(value).encode()
        for row in await connection.fetch("SELECT data FROM pg_largeobject"):
            yield "pg_largeobject", row["data"]
    finally:
        await connection.close()


async def _records(kafka: Kafka, topic: str) -> list[bytes]:
    consumer = AIOKafkaConsumer(**kafka.options, enable_auto_commit=False)
    await consumer.start()
    try:
        # The metadata of a topic comes with the first question about it.
        await consumer._client.force_metadata_update()
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        assert partitions, f"there is no topic {topic} to search"
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        read: list[bytes] = []
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                read += [(one.key or b"") + b"\n" + (one.value or b"") + repr(one.headers).encode() for one in records]
        return read
    finally:
        await consumer.stop()


def _files(studio: Studio, engines: RunningEngines) -> Iterator[tuple[str, bytes]]:
    for service, running in studio.services.items():
        yield f"log of {service}", running.tail(sys.maxsize).encode()
    for log in engines.folder.glob("*.log"):
        yield f"log of {log.stem}", log.read_bytes()
    for file in _below(engines.folder / "temporal"):
        yield "files of temporal", file
    for folder in (engines.folder / "kafka" / "data").glob(f"{studio.prefix}*"):
        for file in _below(folder, "*.log"):
            yield f"files of {folder.name.removeprefix(studio.prefix).rpartition('-')[0]}", file
    root = studio.mails.parent
    for path in studio.mails.glob("*.eml"):
        with suppress(FileNotFoundError):  # the sink has just deleted it
            yield "mails", "\n".join(_said(message_from_bytes(path.read_bytes(), policy=policy.default))).encode()
    for path in root.rglob("*"):
        if path.is_file() and studio.mails not in path.parents:
            yield f"file {path.relative_to(root)}", path.read_bytes()


def _said(mail: EmailMessage) -> Iterator[str]:
    yield from map(str, mail.values())
    yield from (str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text")


def _below(folder: Path, named: str = "*") -> Iterator[bytes]:
    for path in folder.rglob(named):
        try:
            if path.is_file():
                yield path.read_bytes()
        except FileNotFoundError:
            continue  # the engine has just deleted it


def _parts(content: bytes) -> Iterable[bytes]:
    yield content
    if content.startswith(b"%PDF"):
        yield "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).encode()
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content.startswith(b"PK") and is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _parts(archive.read(name))
