"""Why a customer takes a commission back, or cancels it: the choices of two forms."""

from shared.contracts.commissions import WithdrawalReason
from shared.kernel.problems import FieldProblem, invalid
from shared.web.forms import Form

REASONS = (
    {"value": WithdrawalReason.CHANGED_MIND.value, "words": "I have changed my mind"},
    {"value": WithdrawalReason.TOO_SLOW.value, "words": "It takes too long"},
    {"value": WithdrawalReason.FOUND_ELSEWHERE.value, "words": "I have found it elsewhere"},
    {"value": WithdrawalReason.OTHER.value, "words": "For another reason"},
)


def read_reason(form: Form) -> WithdrawalReason:
    """The reason that was chosen. Raises `validation-failed`."""
    try:
        return WithdrawalReason(form.value("reason"))
    except ValueError as error:
        wrong = FieldProblem(field="reason", message="No reason is chosen yet.", remedy="Choose what comes nearest.")
        raise invalid(wrong) from error
