"""Who leaves is gone from all tables, topics, histories, mails, files, logs but for what the report names, for good."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local import demo as demos
from deploy.local.engines.postgres import MAJOR
from deploy.local.engines.programs import Programs
from deploy.local.rewriting import end_log, rewrite
from deploy.local.simulated_users import SimulatedCustomer, SimulatedMaker, SimulatedOps, Wish
from shared.auth.roles import Role
from shared.kafka.connection import Kafka
from tests.support import marked
from tests.support.guard import RUN
from tests.support.marked import Found, Marks, RunningEngines, compact_at_once, marked_picture
from tests.support.studio import RING, MakeDatabase, Person, Studio, open_studio
from tests.support.waiting import until

ADA = (
    *("name", "email", "address", "engraving", "why", "message", "question", "answer", "note"),
    *("price", "lower price", "decline", "reason", "exif"),
)
"""What is of the customer, or about her. `price` is why one of her contract was changed, `lower price` of a quote."""

PEOPLE = {"lifecycle.person", "notify.person", "quotes.person", "touchmark.people", "files of touchmark.people"}
BRIEFS = {f"{service}.brief" for service in ("intake", "notify", "production", "quotes")}
BRIEFS |= {"touchmark.briefs", "files of touchmark.briefs"}
TEXTS = {"intake.commission_text", "touchmark.texts", "files of touchmark.texts"}
BEFORE: Mapping[str, set[str]] = {
    "name": {"intake.person", "lifecycle.person_word", "production.customer_name", "quotes.paper", "mails", *PEOPLE},
    "email": {"intake.person", "lifecycle.person", "notify.person", "mails"},
    "address": {"quotes.contract", "quotes.invoice", "quotes.paper"},
    "engraving": BRIEFS,
    "why": BRIEFS,
    "message": {"lifecycle.message", "production.message", *TEXTS},
    "question": {"lifecycle.question", "notify.quotable_text", "quotes.question", "quotes.idempotency", *TEXTS},
    "answer": {"notify.quotable_text", "quotes.question", *TEXTS},
    "note": {"production.note", *TEXTS},
    "price": {"quotes.contract_amendment", "quotes.quote_line"},
    "lower price": {"quotes.quote_line"},
    "decline": {"quotes.quote_version", *TEXTS},
    "reason": {"lifecycle.audit_entry"},
    "exif": set(),  # a picture is drawn anew: nothing of the sender's file is kept
    "picture 1": {"intake.image"},
    "picture 4": {"intake.image"},
    "private photo 1": {"production.bench_photo"},
    "public photo 1": {"production.bench_photo"},
    "maker": {"intake.person", "production.maker", "production.profile", *PEOPLE},
    "maker email": {"intake.person", "lifecycle.person", "notify.person", "mails"},
    "profile": {"production.profile"},
    "portrait": {"production.profile"},
    "stranger": {"intake.person", "production.customer_name", *PEOPLE},
    "stranger email": {"intake.person", "notify.person", "mails"},
    "stranger why": {"intake.brief"},
    "commission": {"histories", "files of temporal", "touchmark.lifecycle"},
    "customer": {"log of intake"},
}  # fmt: skip
"""Where they are before, at least. Numbers are no secret, and show that histories and logs are searched as well."""


@pytest.fixture
async def studio(make_database: MakeDatabase, kafka: Kafka, temporal: str, tmp_path: Path) -> AsyncIterator[Studio]:
    """One of which all is repeated within seconds that takes a day elsewhere."""
    quick = {"erasure_repeats": "2,4", "erasure_check_seconds": "0.5", "message_gather": "0"}
    prefix, keys = f"s{uuid4().hex[:12]}-", str(tmp_path / "erased-keys")
    async with open_studio(make_database, kafka, temporal, prefix, erased_keys=keys, **quick) as studio:
        yield studio


@pytest.fixture
def engines(postgres: str, kafka: Kafka, temporal: str) -> RunningEngines:
    return RunningEngines(postgres, kafka, temporal, Path(os.environ[RUN]))


@pytest.mark.timeout(300)
async def test_who_left_is_nowhere_but_where_the_report_says_and_no_backup_revives_them(
    studio: Studio, engines: RunningEngines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = Marks.new(*ADA)
    maker = await a_maker(studio, marks)
    await compact_at_once(studio, engines)
    commission, customer, browser = await a_whole_life(studio, marks, maker, monkeypatch)
    follows = await open_stream(browser, commission)
    known = await answers(browser)
    await a_declined_quote_and_an_open_request(studio, marks, customer)
    stranger = await an_unconfirmed_request(studio, marks)
    await mark_pictures(studio, marks)
    before = await marked.everywhere(studio, engines, marks)
    files_before = await marked.in_files_of_postgres(studio, engines, marks)
    backups = [(service, await dump(studio, service, tmp_path)) for service in studio.dsn]

    for person in (customer, stranger, maker):
        await leave(studio, person)
    await until("everybody is erased", partial(all_erased, studio))
    await until("every service refuses her token", partial(all_refuse, browser), within=10)
    await asyncio.wait_for(follows, 10)
    await until_erased(partial(marked.in_tables, studio, marks))
    await until_erased(partial(marked.in_topics, studio, engines, marks), within=60)
    await until_erased(partial(asyncio.to_thread, marked.in_files, studio, engines, marks))
    after = await marked.everywhere(studio, engines, marks)
    await rewrite(studio.dsn.values())
    await end_log(engines.postgres)
    files_after = await marked.in_files_of_postgres(studio, engines, marks)

    await asyncio.gather(*(studio.stop(service) for service in studio.dsn))
    for service, backup in backups:
        await restore(studio, service, backup)
    revived = await marked.in_tables(studio, marks)
    await asyncio.gather(*(studio.start(service) for service in studio.dsn))
    restored = await marked.in_tables(studio, marks)
    await until("their tombstones are repeated", partial(all_repeated, studio))
    later = await marked.everywhere(studio, engines, marks)

    for name, where in BEFORE.items():
        assert before[name] >= where, f"{name} is not found"
    assert left(after) == left(restored) == left(later) == KEPT
    assert known == [200, 403, 403, 403, 403]
    assert set(files_before) >= IN_FILES
    assert set(left(files_after)) <= set(KEPT)
    assert revived["name"] >= {"intake.person", "quotes.person"}
    assert await sealed_until(studio, commission) == datetime.now(UTC).year + 8


KEPT = {
    "name": {"quotes.invoice", "quotes.paper"},
    "address": {"quotes.contract", "quotes.invoice", "quotes.paper"},
    "price": {"quotes.contract_amendment", "quotes.paper", "quotes.quote_line"},
    "engraving": {"quotes.contract_amendment", "quotes.paper"},
    "public photo 1": {"production.bench_photo"},
}
"""What the report names: the sealed contract with the words that were ordered, and the certificate's public photos."""


IN_FILES = {"name", "email", "message", "note", "why", "maker", "stranger"}
"""What is in PostgreSQL's own files before, at least. Afterwards they have been written anew, by `touchmark vacuum`."""


def left(found: Found) -> Mapping[str, set[str]]:
    """What is left of the people but for the numbers."""
    return {name: where for name, where in found.items() if where and name not in {"commission", "customer"}}


async def until_erased(search: Callable[[], Awaitable[Found]], within: float = 30) -> None:
    """Wait until nothing else is found."""
    found: Mapping[str, set[str]] = {}

    async def none() -> bool:
        nonlocal found
        found = left(await search())
        return all(places <= KEPT.get(name, set()) for name, places in found.items())

    try:
        await until("nothing else is found", none, within)
    except AssertionError as error:
        raise AssertionError(f"{error}; last {found}") from None


# The people.


async def a_maker(studio: Studio, marks: Marks) -> UUID:
    """Somebody new with a profile, to whom alone new pieces go."""
    marks.add_words("maker", "maker email", "profile")
    ops, path = studio.as_role(Role.OPS), "/api/v1/production/makers"
    invited = {"name": f"{marks['maker']} Hammer", "email": f"{marks['maker email']}@example.org", "role": "maker"}
    maker = UUID((await post(ops, "/api/v1/intake/people/colleagues", invited))["person"])

    async def known() -> bool:
        return str(maker) in {each["maker"] for each in (await ops.get(path))["items"]}

    await until("the bench knows the maker", known)
    listed = (await ops.get(path))["items"]
    skills = sorted({skill for each in listed for skill in each["skills"]})
    for each in listed:
        state = {"state": "active" if each["maker"] == str(maker) else "resting", "skills": skills}
        (await ops.client.put(f"{path}/{each['maker']}", json=state)).raise_for_status()
    themself = studio.as_role(Role.MAKER, maker)
    profile = {"public": True, "name": f"{marks['maker']} H.", "words": f"I am {marks['profile']}."}
    (await themself.client.put(f"{path}/{maker}/profile", json=profile)).raise_for_status()
    portrait = {"portrait": ("me.jpg", marked_picture("me"), "image/jpeg")}
    (await themself.client.put(f"{path}/{maker}/portrait", files=portrait)).raise_for_status()
    return maker


async def a_whole_life(
    studio: Studio, marks: Marks, maker: UUID, monkeypatch: pytest.MonkeyPatch
) -> tuple[UUID, UUID, httpx.AsyncClient]:
    """A commission as the demo plays it, by people who say what is marked; its customer, and their browser."""
    names = ("SimulatedCustomer", "SimulatedOps", "SimulatedMaker")
    browsers: list[SimulatedCustomer] = []
    for name, played in zip(names, people(studio, marks, maker, browsers), strict=True):
        monkeypatch.setattr(demos, name, played)
    demo = studio.demo()
    answers = {**RING, "engraving": marks["engraving"], "why": f"For {marks['why']}."}
    await asyncio.to_thread(lambda: list(demo.play(Wish(answers, marked_picture(marks["exif"])))))
    assert demo.commission
    customer = await person_of(studio, marks["email"])
    marks.needles |= {"commission": str(demo.commission).encode(), "customer": str(customer).encode()}
    cookies = dict(browsers[-1]._http.cookies)
    return demo.commission, customer, httpx.AsyncClient(base_url=studio.url, cookies=cookies, timeout=30)


def people(studio: Studio, marks: Marks, maker: UUID, browsers: list[SimulatedCustomer]) -> tuple[type, type, type]:
    """Customer, ops and maker of the demo, with more to say; `browsers` are the customers that were made."""
    ops = studio.as_role(Role.OPS)
    of_ops = ops.client.headers["Authorization"]

    class Customer(SimulatedCustomer):
        def __init__(self, url: str, language: str = "en") -> None:
            super().__init__(url, language)
            browsers.append(self)
            self.name, self.email = marks["name"].title(), f"{marks['email']}@example.org"

        def accept(self, commission: UUID) -> Mapping[str, Any]:
            where = f"/api/v1/quotes/commissions/{commission}"
            asked = self._client.post(f"{where}/questions", {"words": f"Is it {marks['question']}?"}, status=201)
            answer = f"{where}/questions/{asked['question']}/answer"
            said = {"words": marks["answer"]}
            headers = {"Authorization": of_ops, "Idempotency-Key": str(uuid4())}
            self._client.http.post(answer, json=said, headers=headers).raise_for_status()
            agreed = {"version": self._version(commission), "terms": True, "variation": True}
            address = {"address": f"{marks['address']} 1\n12345 Harbour"}
            accepted: Mapping[str, Any] = self._client.post(f"{where}/offer/accept", {**agreed, **address})
            return accepted

        def write(self, commission: UUID, words: str) -> None:
            sent = {"image": ("a.jpg", marked_picture(marks["exif"]), "image/jpeg")}
            picture = self._client.send("/api/v1/intake/images", sent, {})["image"]
            said = {"words": f"{words} {marks['message']}", "images": [picture]}
            self._client.post(f"/api/v1/intake/commissions/{commission}/messages", said, status=201)

    class Ops(SimulatedOps):
        def send_quote(self, commission: UUID, *, valid_until: datetime | None = None) -> Mapping[str, Any]:
            where = f"/api/v1/quotes/commissions/{commission}/quote"
            self._client.post(f"{where}/adjust", another_price(self._client.get(where), marks["price"]), status=201)
            return super().send_quote(commission, valid_until=valid_until)

    class Maker(SimulatedMaker):
        def __init__(self, url: str, link: str) -> None:
            super().__init__(url, link)
            self._client.http.headers.update(studio.as_role(Role.MAKER, maker).client.headers)

        def note(self, task: UUID, words: str) -> None:
            super().note(task, f"{words} {marks['note']}")
            picture = {"photo": ("bench.jpg", marked_picture("bench"), "image/jpeg")}
            self._client.send(f"/api/v1/production/tasks/{task}/photos", picture, {"public": "false"})

    return Customer, Ops, Maker


async def a_declined_quote_and_an_open_request(studio: Studio, marks: Marks, customer: UUID) -> None:
    """With why ops changed its price and reminded her, and what she said to it; and a picture without a form."""
    ops, ada = studio.as_role(Role.OPS), studio.as_role(Role.CUSTOMER, customer)
    commission = await ada.submit({**RING, "why": f"For {marks['why']}."})
    where = f"/api/v1/quotes/commissions/{commission}"
    await studio.until_stage(commission, "desk")
    adjusted = another_price(await ops.get(f"{where}/quote"), marks["lower price"])
    await post(ops, f"{where}/quote/adjust", adjusted)
    version = (await ops.get(f"{where}/quote"))["quote"]["version"]
    await post(ops, f"{where}/quote/send", {"version": version})
    await studio.until_stage(commission, "offered")
    await post(ops, f"/api/v1/lifecycle/commissions/{commission}/nudge", {"reason": f"Since {marks['reason']} waits."})
    await post(ada, f"{where}/offer/decline", {"version": version, "reason": "price", "words": marks["decline"]})
    await studio.until_ended(commission)
    await studio.until_stage(await ada.submit({**RING, "why": f"For {marks['why']}."}), "desk")
    await ada.send_picture()


async def an_unconfirmed_request(studio: Studio, marks: Marks) -> UUID:
    """Of somebody who never looks into the mailbox."""
    marks.add_words("stranger", "stranger email", "stranger why")
    stranger = SimulatedCustomer(studio.url)
    stranger.name, stranger.email = marks["stranger"].title(), f"{marks['stranger email']}@example.org"
    wish = Wish({**RING, "why": marks["stranger why"]}, marked_picture("stranger"))

    def ask() -> UUID:
        stranger.join()
        return stranger.send(wish, stranger.open_form(wish))

    await studio.mailed_right(await asyncio.to_thread(ask))
    return await person_of(studio, marks["stranger email"])


async def mark_pictures(studio: Studio, marks: Marks) -> None:
    """What was stored of them, to search for."""
    for number, row in enumerate(await studio.rows("intake", "SELECT content FROM image ORDER BY stored_at"), start=1):
        marks.add_picture(f"picture {number}", row["content"])
    for kind, public in (("private", False), ("public", True)):
        (row, *_) = await studio.rows("production", "SELECT content FROM bench_photo WHERE public = $1", public)
        marks.add_picture(f"{kind} photo 1", row["content"])
    (row,) = await studio.rows("production", "SELECT portrait FROM profile")
    marks.add_picture("portrait", row["portrait"])


async def person_of(studio: Studio, address: str) -> UUID:
    query = "SELECT person FROM person WHERE email = $1 AND account IS NULL"
    (row,) = await studio.rows("intake", query, f"{address}@example.org")
    return UUID(str(row["person"]))


def another_price(desk: Any, why: str) -> Mapping[str, Any]:
    quote = desk["quote"]
    line = quote["price"]["lines"][0]
    amount = {"minor": line["amount"]["minor"] + 100, "currency": line["amount"]["currency"]}
    return {"version": quote["version"], "line": line["code"], "reason": f"Since {why} asked.", **amount}


async def post(person: Person, path: str, body: Mapping[str, Any]) -> Any:
    answer = await person.client.post(path, json=dict(body), headers={"Idempotency-Key": str(uuid4())})
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


# Leaving, and coming back from a backup.


async def leave(studio: Studio, person: UUID) -> None:
    await post(studio.as_role(Role.OPS), f"/api/v1/intake/people/{person}/erasure", {})


async def all_erased(studio: Studio) -> bool:
    return not await studio.rows("intake", "SELECT 1 FROM erasure WHERE erased_at IS NULL")


ASKED = (
    "/api/v1/intake/commissions",
    "/api/v1/quotes/questions",
    "/api/v1/production/makers",
    "/api/v1/notify/preferences",
    "/api/v1/lifecycle/failed-events",
)
"""Of each service a route that believes a token: whom it takes for a customer gets 200 or 403, and nobody 401."""


async def answers(browser: httpx.AsyncClient) -> list[int]:
    return [(await browser.get(path)).status_code for path in ASKED]


async def all_refuse(browser: httpx.AsyncClient) -> bool:
    return set(await answers(browser)) == {401}


async def open_stream(browser: httpx.AsyncClient, commission: UUID) -> asyncio.Task[None]:
    """The live page of this commission, once it is open; done when it is closed."""
    begun = asyncio.Event()

    async def follow() -> None:
        async with browser.stream("GET", f"/commissions/{commission}/live") as answer:
            async for _ in answer.aiter_lines():
                begun.set()

    following = asyncio.create_task(follow())
    await asyncio.wait_for(begun.wait(), 10)
    return following


async def all_repeated(studio: Studio) -> bool:
    """Whether all that there is to repeat was repeated, and is in Kafka."""
    due = [await studio.rows(each, "SELECT 1 FROM erased_key WHERE own AND repeats < 2") for each in studio.dsn]
    waiting = [await studio.rows(each, "SELECT 1 FROM outbox") for each in studio.dsn]
    return not any((*due, *waiting))


async def sealed_until(studio: Studio, commission: UUID) -> int:
    query = "SELECT until_day FROM sealed_contract WHERE commission = $1"
    (row,) = await studio.rows("quotes", query, commission)
    return int(row["until_day"].year)


async def dump(studio: Studio, service: str, folder: Path) -> Path:
    """A backup, as docs/operations.md has it made."""
    file = folder / f"{service}.dump"
    await postgres("pg_dump", "--format=custom", f"--file={file}", studio.dsn[service])
    return file


async def restore(studio: Studio, service: str, backup: Path) -> None:
    into = f"--dbname={studio.dsn[service]}"
    await postgres("pg_restore", "--clean", "--if-exists", "--exit-on-error", into, str(backup))


async def postgres(program: str, *arguments: str) -> None:
    path = Programs(MAJOR).installed / program
    done = await asyncio.create_subprocess_exec(path, *arguments, stderr=asyncio.subprocess.PIPE)
    _, said = await done.communicate()
    assert done.returncode == 0, said.decode()
