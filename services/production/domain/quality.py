"""The quality checklist of one piece: what is asked, how it is answered, and whether it is met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.production.domain.reasons import BenchInput
from shared.kernel.problems import FieldProblem, invalid
from shared.offerings.making import QualityCheck
from shared.offerings.model import Offering
from shared.offerings.quality import Allowed, allowed, checks_of, read_measure
from shared.offerings.rules import RuleError

YES, NO = "yes", "no"
PREFIX = "check_"
"""Of the inputs that answer the list, so that a check may be called as it likes."""


@dataclass(frozen=True)
class ChecklistItem:
    """One line of the list for one piece; `allowed` is None where it is a matter of yes or no."""

    check: QualityCheck
    allowed: Allowed | None

    @property
    def input(self) -> str:
        return PREFIX + self.check.id


@dataclass(frozen=True)
class CheckOutcome:
    """One line, answered."""

    check: str
    met: bool
    measured: Decimal | None = None
    allowed: Allowed | None = None


def checklist(offering: Offering, answers: Mapping[str, str]) -> tuple[ChecklistItem, ...]:
    """The offering's list for a brief with these answers, by field."""
    return tuple(ChecklistItem(check, allowed(offering, check, answers)) for check in checks_of(offering, answers))


def judge(asked: Sequence[ChecklistItem], typed: Mapping[str, str]) -> tuple[CheckOutcome, ...]:
    """Every line answered and judged; `typed` is by the lines' inputs. Raises `validation-failed`, by input."""
    problems: list[FieldProblem] = []
    checked = [found for line in asked if (found := _judge(line, typed.get(line.input, ""), problems))]
    if problems:
        raise invalid(*problems)
    return tuple(checked)


def failed_checks(checked: Sequence[CheckOutcome]) -> tuple[str, ...]:
    return tuple(each.check for each in checked if not each.met)


def _judge(asked: ChecklistItem, typed: str, problems: list[FieldProblem]) -> CheckOutcome | None:
    if asked.allowed is None:
        if typed not in {YES, NO}:
            problems.append(FieldProblem(asked.input, BenchInput.NOT_CHECKED))
            return None
        return CheckOutcome(asked.check.id, met=typed == YES)
    try:
        measured = read_measure(typed)
    except RuleError as error:
        problems.append(FieldProblem(field=asked.input, message=error.message))
        return None
    return CheckOutcome(asked.check.id, met=asked.allowed.meets(measured), measured=measured, allowed=asked.allowed)
