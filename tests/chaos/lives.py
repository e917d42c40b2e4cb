"""What a whole life leaves behind, to compare one that was disturbed with one that was not."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from deploy.local.demo import Demo, DemoStep
from tests.support.studio import Studio
from tests.support.waiting import until

LIVES: Mapping[str, Callable[[Demo], Iterator[DemoStep]]] = {"completed": Demo.play, "cancelled": Demo.play_cancelled}

# Tables of work in progress, and those that depend on the pace: a service that was away for a while reads two moves at
# once, and then nobody was waited for in between. The phases that it came to or passed through are compared instead,
# and notify's facts without them.
_PASSING = frozenset({"outbox", "parked", "recorded_fact", "holder_span", "commission_fact", "fact"})
_TABLES = """
SELECT table_name AS name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'commission' ORDER BY table_name
"""
_UNPUBLISHED = """
    SELECT 1 FROM note WHERE published_at IS NULL AND withdrawn_at IS NULL AND body IS NOT NULL
    UNION ALL
    SELECT 1 FROM bench_photo WHERE published_at IS NULL AND withdrawn_at IS NULL AND mishap IS NULL
"""
# The mails about a message are held back for minutes, so that those which are written together become one; that
# something is about to lapse is told when it is.
_UNSENT = """
SELECT 1 FROM mail WHERE state IN ('waiting', 'sending')
AND intent NOT IN ('message_received', 'studio_message', 'studio_lapsing') LIMIT 1
"""
# How many mails are sent depends on the pace too: a quote's mail is not sent any more once the quote is accepted. Each
# is sent, or was overtaken. What is about to lapse is told by phase, as one is waited in or only passed.
_MAILS = """
SELECT 'mail ' || intent || CASE
    WHEN state IN ('sent', 'overtaken') OR intent IN ('message_received', 'studio_message') THEN ''
    ELSE ' is ' || state
END AS fact, count(*) AS times
FROM mail WHERE commission = $1 AND intent <> 'studio_lapsing' GROUP BY fact
"""
_BROKEN_OFF = """
SELECT m.mail FROM mail AS m JOIN delivery AS d ON d.mail = m.mail
WHERE m.state = 'overtaken' AND d.outcome IN ('under_way', 'interrupted')
"""
_KNOWN = """
SELECT 'notify knows ' || split_part(type, '.', -1) AS fact, count(*) AS times FROM fact
WHERE commission = $1 AND type NOT LIKE '%PhaseEntered' GROUP BY fact
"""
_HAPPENED = """
SELECT split_part(type, '.', -1) AS fact, count(*) AS times FROM recorded_fact
WHERE commission = $1 AND type NOT LIKE '%.PhaseEntered' AND type NOT LIKE '%.MailSent' GROUP BY fact
"""
_PHASES = """
SELECT detail ->> 'phase' AS phase FROM recorded_fact WHERE commission = $1 AND type LIKE '%.PhaseEntered'
UNION
SELECT passed ->> 'phase' FROM recorded_fact, jsonb_array_elements(detail -> 'passed') AS passed
WHERE commission = $1 AND (type LIKE '%.PhaseEntered' OR type LIKE '%.CommissionEnded')
"""


@dataclass(frozen=True)
class Left:
    """What a life leaves behind: rows, facts and mails, counted; and the phases that it came to."""

    counts: Counter[str]
    phases: frozenset[str]


def assert_ended_alike(left: Left, undisturbed: Left) -> None:
    """The same rows, facts, mails and phases, whether somebody was waited for in a phase or it was only passed."""
    more, fewer = left.counts - undisturbed.counts, undisturbed.counts - left.counts
    assert (more, fewer) == (Counter(), Counter()), f"more: {dict(more)}, fewer: {dict(fewer)}"
    assert left.phases == undisturbed.phases


async def lived(studio: Studio, demo: Demo, life: str, played: Callable[[Demo], Iterator[DemoStep]]) -> UUID:
    """Live it to its end, over the public addresses, as patiently as a browser that asks again; the commission."""
    await asyncio.to_thread(lambda: list(played(demo)))
    commission = demo.commission or demo.others[life]
    await studio.until_ended(commission, within=120)
    await settled(studio)
    return commission


async def settled(studio: Studio) -> None:
    """Notes and photos are published, every outbox is empty, every inbox has read all, and every mail is out.

    So what should happen has happened.
    """

    async def quiet() -> bool:
        left = [await studio.rows(service, "SELECT 1 FROM outbox LIMIT 1") for service in studio.dsn]
        waiting = await studio.rows("production", _UNPUBLISHED) or any(left)
        return not waiting and await _all_is_read(studio) and not await studio.rows("notify", _UNSENT)

    await until("nothing unpublished, empty outboxes, nothing unread and no mail to send", quiet, within=90)


async def _all_is_read(studio: Studio) -> bool:
    """Whether each inbox has come to the newest version of every key of each topic that it reads."""
    published: dict[str, dict[UUID, int]] = defaultdict(dict)
    for service in studio.dsn:
        for row in await studio.rows(service, "SELECT topic, key, version FROM stream"):
            published[row["topic"]][row["key"]] = row["version"]
    for service in studio.dsn:
        read: dict[tuple[str, str], dict[UUID, int]] = defaultdict(dict)
        for mark in await studio.rows(service, "SELECT inbox, topic, key, version FROM inbox_mark"):
            read[mark["inbox"], mark["topic"]][mark["key"]] = mark["version"]
        for (_, topic), marks in read.items():
            if any(marks.get(key, 0) < version for key, version in published[topic].items()):
                return False
    return True


async def what_is_left(studio: Studio, commission: UUID) -> Left:
    """How many rows of each service's tables belong to it, how often each fact happened, which phases it came to."""
    left: Counter[str] = Counter()
    for service in studio.dsn:
        for table in await studio.rows(service, _TABLES):
            if table["name"] not in _PASSING:
                query = f'SELECT count(*) AS n FROM "{table["name"]}" WHERE commission = $1'  # noqa: S608 (the catalogue's)
                (row,) = await studio.rows(service, query, commission)
                left[f"{service}.{table['name']}"] = row["n"]
    for service, query in (("lifecycle", _HAPPENED), ("notify", _MAILS), ("notify", _KNOWN)):
        left.update({row["fact"]: row["times"] for row in await studio.rows(service, query, commission)})
    phases = await studio.rows("lifecycle", _PHASES, commission)
    return Left(left, frozenset(row["phase"] for row in phases))


async def assert_each_mail_came_once(studio: Studio) -> None:
    """A mail may come twice, under one Message-ID (SMTP has no exactly-once); each that was sent came, and no other.

    One whose sending was broken off, and that nobody needs any more, may have come or not.
    """

    async def alike() -> bool:
        sent = {row["mail"] for row in await studio.rows("notify", "SELECT mail FROM mail WHERE state = 'sent'")}
        broken_off = {row["mail"] for row in await studio.rows("notify", _BROKEN_OFF)}
        came = {UUID(str(mail["message-id"]).strip("<>").split("@")[0]) for mail in studio.mailed()}
        return bool(sent) and sent <= came <= sent | broken_off

    # A mail that was held back may be on its way right now: it has come, and is recorded as sent in a moment.
    await until("the mails that were sent to come, and no others", alike)
