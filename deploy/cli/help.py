"""How the command line describes itself, in the language of the environment; cyclopts by itself speaks English."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cyclopts import App, Group
from cyclopts.exceptions import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)
from cyclopts.help import DefaultFormatter, HelpEntry, HelpPanel, InlineText
from cyclopts.help.specs import DefaultStyled
from rich.text import Text

from deploy.local.words import _

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions


def described(name: str, says: str, *, epilogue: str | None = None) -> App:
    """A command, or a group of them, whose help and errors are in the language of the environment."""
    app = App(
        name=name,
        help=says,
        help_format="plaintext",
        help_epilogue=epilogue,
        help_formatter=_Formatter(),
        error_formatter=_error,
        group_commands=Group.create_default_commands(_("Commands")),
        group_arguments=Group.create_default_arguments(_("Arguments")),
        group_parameters=Group.create_default_parameters(_("Options")),
    )
    for flag, does in (("--help", _("Show this help.")), ("--version", _("Show the version."))):
        app[flag].help = does
    return app


class _Formatter(DefaultFormatter):
    def __call__(self, console: "Console", options: "ConsoleOptions", panel: HelpPanel) -> None:
        super().__call__(console, options, panel.copy(entries=[_with_notes(each) for each in panel.entries]))

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: Any) -> None:  # noqa: ARG002
        console.print(DefaultStyled(Text(_("Usage: %(usage)s", usage=usage), style="cyclopts.usage")))


def _with_notes(entry: HelpEntry) -> HelpEntry:
    """The same with what may be given as a part of its description, since cyclopts would add that in English."""
    description = entry.description if isinstance(entry.description, InlineText) else InlineText(Text())
    for note in _notes(entry):
        description.append(Text(f"[{note}]"))
    return entry.copy(description=description, choices=None, env_var=None, default=None, required=False)


def _notes(entry: HelpEntry) -> Iterator[str]:
    if entry.choices:
        yield _("one of %(choices)s", choices=", ".join(entry.choices))
    if entry.env_var:
        yield _("variable: %(names)s", names=", ".join(entry.env_var))
    if entry.default is not None:
        yield _("usually %(value)s", value=entry.default)
    if entry.required:
        yield _("required")


def _error(error: CycloptsError) -> str:
    """What is wrong with a call, and where its help is."""
    command = " ".join(("touchmark", *(error.command_chain or ())))
    remedy = _("`%(command)s --help` shows how it is called.", command=command)
    return f"{_wrong(error)} {remedy}"


def _wrong(error: CycloptsError) -> str:
    match error:
        case UnknownCommandError(unused_tokens=[token, *_rest]):
            return _("There is no command “%(name)s”.", name=token)
        case UnknownOptionError(token=token):
            return _("There is no option “%(name)s”.", name=token.keyword or token.value)
        case MissingArgumentError(argument=argument) if argument is not None:
            return _("%(name)s is missing.", name=argument.name.lstrip("-").upper())
        case CoercionError(token=token) if token is not None:
            return _("“%(value)s” cannot be used here.", value=token.value)
        case UnusedCliTokensError(unused_tokens=tokens):
            return _("“%(value)s” is too much.", value=" ".join(tokens or ()))
        case _:
            return str(error)
