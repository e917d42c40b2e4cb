"""What a page can do the API can do too, and the other way round: both doors of a service lead to the same actions.

Read off the code: which functions of `services.<name>.actions` are named in `pages/` and which in `api`. An action is
awaited, since it reads or writes something; what its module works out besides is none. What a door does with an action
is for the tests of that door.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import iscoroutinefunction, ismodule
from pathlib import Path
from typing import Literal

import pytest

Door = Literal["pages", "api"]
DOORS: tuple[Door, Door] = ("pages", "api")


@dataclass(frozen=True)
class Alone:
    """An action that only one door leads to, and why the other does not need it."""

    door: Door
    why: str


EXCEPTIONS: Mapping[str, Alone] = {
    "quotes.actions.unmatched.studio_currency": Alone(
        "pages", "A program says the currency of a payment; on the page it is the one that the studio is paid in."
    ),
    "intake.actions.submissions.sent_before": Alone(
        "pages", "A form that is sent again leads on by itself; to a program the same key gives the same answer."
    ),
    "intake.actions.submissions.confirmed_elsewhere": Alone(
        "pages",
        "A form that comes back leads to the page where the code is entered; a program is told why it is refused.",
    ),
    "intake.actions.pictures.still_waiting": Alone(
        "pages", "A form that comes back shows the pictures chosen before; a program keeps their ids itself."
    ),
    "intake.actions.people.somebody": Alone(
        "pages", "The page names the person before ops decide; a program names them by their id."
    ),
    "intake.actions.sign_in.look_at_link": Alone(
        "pages", "The page asks for one more click, since mailboxes open links; a program just signs in."
    ),
    "intake.actions.passkeys.options_to_add": Alone(
        "api", "The page's script asks the API for them, since they are for the browser and not for people."
    ),
    **{
        f"intake.actions.provider.{name}": Alone(
            "pages", "A provider leads a browser through its own pages and back to ours; a program has a mailed code."
        )
        for name in ("begin", "use_attempt", "identify", "sign_in", "sign_out_address")
    },
    "production.actions.certificates.read_sheet": Alone(
        "api", "The page and the API hand out the same archive, and the door that writes it is in the API's room."
    ),
    "lifecycle.actions.audit.audit_titles": Alone(
        "pages", "The offerings' names for the codes in the entries; a program gets the codes."
    ),
    "lifecycle.actions.parked.failed_here": Alone(
        "pages", "The dashboard says how many there are; a program lists them, as the page they are decided on does."
    ),
    "lifecycle.actions.dashboard.read_commission": Alone(
        "api", "Asks whether the commission is there before Temporal is asked; the page reads the whole case for that."
    ),
}


@pytest.fixture(scope="module")
def led_to(services: list[Path], modules: list[Path]) -> Mapping[Door, set[str]]:
    """The actions that each door names, as in `notify.actions.read_log`."""
    found: dict[Door, set[str]] = {door: set() for door in DOORS}
    for service in services:
        for door in DOORS:
            files = [path for path in modules if _is_of(path, service, door)]
            found[door] |= {name for path in files for name in named_actions(path.read_text(), service.name)}
    return found


def test_every_service_has_actions_behind_both_doors(services: list[Path], led_to: Mapping[Door, set[str]]) -> None:
    """Otherwise the comparison below would compare nothing."""
    for names in led_to.values():
        assert {name.partition(".")[0] for name in names} == {service.name for service in services}


def test_what_a_page_does_the_api_does_too(led_to: Mapping[Door, set[str]]) -> None:
    missing = led_to["pages"] - led_to["api"] - set(EXCEPTIONS)

    assert missing == set(), "add a route to the service's api, or say in EXCEPTIONS why programs have no use for it"


def test_what_the_api_does_a_page_does_too(led_to: Mapping[Door, set[str]]) -> None:
    missing = led_to["api"] - led_to["pages"] - set(EXCEPTIONS)

    assert missing == set(), "offer it on a page, or say in EXCEPTIONS why people have no use for it"


@pytest.mark.parametrize("action", EXCEPTIONS)
def test_an_exception_is_still_needed(led_to: Mapping[Door, set[str]], action: str) -> None:
    alone = EXCEPTIONS[action]

    assert [door for door in DOORS if action in led_to[door]] == [alone.door], "remove it from EXCEPTIONS"
    assert len(alone.why.split()) >= 5


@pytest.mark.parametrize(
    "source",
    [
        "from services.notify import actions\nactions.read_log(tx)",
        "from services.notify import actions as doing\npartial(doing.read_log, tx)",
        "from services.notify.actions import read_log as reading\nreading(tx)",
        "import services.notify.actions as doing\ndoing.read_log(tx)",
        "import services.notify.actions\nservices.notify.actions.read_log(tx)",
    ],
)
def test_an_action_is_found_however_it_is_imported(source: str) -> None:
    [found] = named_actions(source, "notify")

    assert found.endswith(".read_log")


@pytest.mark.parametrize(
    "source",
    [
        "from services.notify import actions\nactions.log_revision(tx)",
        "from services.notify import actions\nactions.Held(posting, lease)\nactions.MAILS",
        "from services.notify import domain\ndomain.mask(address)",
        "from services.notify import actions\nother.read_log(tx)",
        "from services.notify.actions import read_log",
    ],
)
def test_what_is_no_action_of_a_door_is_not_found(source: str) -> None:
    assert named_actions(source, "notify") == set()


def named_actions(source: str, service: str) -> set[str]:
    """The actions of this service that a module uses, each by the place where it is written.

    Those that say whether a live page has changed are aside: a program asks again.
    """
    tree = ast.parse(source)
    known = dict(_imported(tree, f"services.{service}"))
    used = (_named(node, known) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name))
    return {
        f"{thing.__module__.removeprefix('services.')}.{thing.__name__}"
        for thing in used
        if iscoroutinefunction(thing)
        and thing.__module__.startswith(f"services.{service}.actions")
        and not thing.__name__.endswith("revision")
    }


def _imported(tree: ast.AST, package: str) -> Iterator[tuple[str, object]]:
    """What is behind the names that a module imports from this package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package):
            yield from ((each.asname or each.name, _member(node.module or "", each.name)) for each in node.names)
        elif isinstance(node, ast.Import):
            yield from _modules(node.names, package)


def _modules(names: Iterable[ast.alias], package: str) -> Iterator[tuple[str, object]]:
    for each in names:
        if each.name.startswith(package):
            module = import_module(each.name)
            yield (each.asname, module) if each.asname else ("services", import_module("services"))


def _member(module: str, name: str) -> object:
    """A module's attribute, or the module of that name in it."""
    holder = import_module(module)
    return getattr(holder, name) if hasattr(holder, name) else import_module(f"{module}.{name}")


def _named(node: ast.expr, known: Mapping[str, object]) -> object:
    """What `a` or `a.b.c` stands for, if `a` was imported and the rest are modules' members; else None."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and ismodule(holder := _named(node.value, known)):
        return getattr(holder, node.attr, None)
    return None


def _is_of(path: Path, service: Path, door: Door) -> bool:
    return path == service / f"{door}.py" or (service / door) in path.parents
