"""Very many commissions with their customers, for measuring a search: made inside PostgreSQL, in a few statements."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from asyncpg.connection import LoggedQuery

from services.lifecycle import actions
from services.lifecycle.domain.dashboard import CommissionFilter
from services.lifecycle.domain.search import Search
from shared.auth.roles import Caller, Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database, Tx
from shared.postgres.queries import HasConnection

_OPS: Final = Caller(new_id(), Role.OPS, new_id())

FIRST: Final = (
    "Ada Amir Ana Anna Anton Ben Bruno Carla Chen Clara David Elif Emil Emma Eva Felix Finn Greta Hana "
    "Hugo Ida Ines Iris Jan Jana Jonas Josef Jürgen Kai Karl Lara Lea Leon Lina Lisa Luca Luis Maja Mara "
    "Maria Marie Mark Marta Max Mehmet Mia Mila Mina Nina Noah Nora Oleg Olga Omar Oskar Paul Paula Petra "
    "Ravi Rosa Ruth Samir Sara Simon Sofia Stefan Tara Theo Tim Tom Uwe Vera Viktor Wei Willi Yara Yusuf "
    "Zara Zoë"
)
STEMS: Final = (
    "Acker Adler Ahorn Alt Amsel Apfel Bach Bauer Baum Becker Berg Birk Blum Brand Braun Brück Burg Dachs "
    "Deich Dorn Eber Eich Engel Erd Esch Falk Feld Fink Fisch Fuchs Gart Geiger Graf Grün Haber Hain "
    "Hasel Heid Hirsch Hof Holz Horn Huber Jäger Kahl Kaiser Kell Kern Kirch Klein Koch Kramer Kranz "
    "Kraus Krüger Lang Lehr Lind Loh Mai Maur Meier Müller Nagel Neu Nuss Ober Ochs Otter Pfahl Pfeil "
    "Quell Rabe Rehm Reich Richter Rind Roth Sand Schaf Schmid Schnee Schwarz Seel Sommer Stein Stern "
    "Stroh Tann Teich Vogel Wald Weber Weid Weiß Winter Wolf Zell Zimmer"
)
TAILS: Final = "er mann stein berg feld inger hauser bach brand städt dorfer hofer meister wald kamp holz"

_PEOPLE = """
INSERT INTO person (person, version, name, email)
SELECT
    ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    1,
    f.names[1 + (power(random(), 2) * (cardinality(f.names) - 1))::integer] || ' '
    || f.stems[1 + (power(random(), 1.6) * (cardinality(f.stems) - 1))::integer]
    || f.tails[1 + (random() * (cardinality(f.tails) - 1))::integer],
    'c' || to_hex(n) || '@'
    || (ARRAY['mail.example', 'web.example', 'post.example', 'house' || n % 5000 || '.example'])[1 + n % 4]
FROM generate_series(1, $1::integer) AS n,
    (
        SELECT string_to_array($2, ' ') AS names, string_to_array($3, ' ') AS stems, string_to_array($4, ' ') AS tails
    ) AS f
"""

# What shared/kernel/search.py makes of these names, in one statement.
_WORDS = """
INSERT INTO person_word (word, person)
SELECT DISTINCT ON (w.word, p.person) w.word, p.person
FROM person AS p
CROSS JOIN LATERAL (
    SELECT regexp_split_to_table(translate(replace(lower(p.name), 'ß', 'ss'), 'äöüë', 'aoue'), ' ') AS word
    UNION
    SELECT regexp_split_to_table(
        replace(replace(replace(replace(lower(p.name), 'ß', 'ss'), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), ' '
    )
    UNION
    SELECT p.email
    UNION
    SELECT substr(p.email, strpos(p.email, '@'))
) AS w
"""

# Three years of requests: of fifty one is in progress; of the first month's, when bowls were made, none. Numbers are
# times with chance behind them, as UUIDv7 are.
_COMMISSIONS = """
INSERT INTO commission (
    commission, phase, holder, since, due, craft, offering, offering_version, customer, needed_by, submitted_at,
    outcome, ended_at, phase_number
)
SELECT
    (
        lpad(to_hex((1700000000000 + n::bigint * 94608000000 / $1)::bigint), 12, '0')
        || '7' || substr(md5(n::text), 1, 3)
        || '8' || substr(md5(n::text), 4, 15)
    )::uuid,
    CASE WHEN n % 50 = 0 AND n > $1 / 40 THEN 'making' ELSE 'ended' END,
    CASE WHEN n % 50 = 0 AND n > $1 / 40 THEN 'maker' ELSE 'nobody' END,
    now() - make_interval(mins => n % 100000),
    CASE WHEN n % 50 = 0 AND n > $1 / 40 THEN now() + make_interval(mins => (n % 40000) - 500) END,
    o.craft,
    o.offering,
    1,
    ('00000000-0000-4000-8000-' || lpad(to_hex(1 + (random() * ($2 - 1))::integer), 12, '0'))::uuid,
    NULL,
    now() - make_interval(mins => n % 100000),
    CASE WHEN n % 50 <> 0 OR n <= $1 / 40 THEN 'completed' END,
    CASE WHEN n % 50 <> 0 OR n <= $1 / 40 THEN now() - make_interval(mins => n % 100000) END,
    5
FROM generate_series(1, $1::integer) AS n,
    LATERAL (
        SELECT
            CASE WHEN n % 3 = 0 OR n <= $1 / 40 THEN 'ceramics' ELSE 'jewellery' END AS craft,
            CASE WHEN n <= $1 / 40 THEN 'bowl' WHEN n % 3 = 0 THEN 'mug' ELSE 'engraved-ring' END AS offering
    ) AS o
"""

_TERMS = """
INSERT INTO search_term (term, commission)
SELECT t.term, c.commission
FROM (SELECT commission, row_number() OVER (ORDER BY commission) AS n FROM commission) AS c
CROSS JOIN LATERAL (
    VALUES
    ('TM' || c.n), ('TM' || c.n || 'B'),
    ('RF' || upper(substr(md5('r' || c.n), 1, 12))),
    (upper(substr(md5('s' || c.n), 1, 12)))
) AS t (term)
"""


async def fill(on: HasConnection, commissions: int) -> None:
    """So many commissions, of seven tenths as many people; the same ones each time."""
    people = max(1, commissions * 7 // 10)
    await on.connection.execute("SELECT setseed(0.5)")
    await on.connection.execute(_PEOPLE, people, FIRST, STEMS, TAILS)
    await on.connection.execute(_WORDS)
    await on.connection.execute(_COMMISSIONS, commissions, people)
    await on.connection.execute(_TERMS)
    await on.connection.execute("INSERT INTO used_offering SELECT craft, offering, 1 FROM commission GROUP BY 1, 2")
    for table in ("person", "person_word", "commission", "search_term"):
        await on.connection.execute(f"ANALYZE {table}")


async def search(tx: Tx, text: str, now: datetime) -> None:
    """A search as the ops room asks it."""
    await actions.read_commissions(
        tx,
        _OPS,
        CommissionFilter(search=Search(text)),
        after=None,
        at_most=51,
        now=now,
        soon=timedelta(days=2),
        language="en",
    )


async def plans_of(database: Database, text: str, now: datetime) -> Sequence[str]:
    """How PostgreSQL answers this search: a plan for each query that reads the list, by EXPLAIN ANALYZE."""
    sent: list[LoggedQuery] = []
    async with database.transaction() as tx:
        with tx.reading.query_logger(sent.append):
            await search(tx, text, now)
            await tx.connection.execute("SELECT 1")  # a logger is called a turn of the loop after its statement
        lists = [each for each in sent if "person_word AS p" in each.query]
        plans = [await tx.connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF) {each.query}", *each.args) for each in lists]
    return ["\n".join(row[0] for row in plan) for plan in plans]
