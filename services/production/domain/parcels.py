"""Parcels: their tracking numbers."""

import re

from services.production.domain.reasons import BenchInput
from shared.contracts.carriers import CARRIERS, CarrierCode
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, invalid


def read_tracking(carrier: CarrierCode, typed: str) -> str:
    """The carrier's number, in capitals and without blanks. Raises `validation-failed`, by field."""
    found = CARRIERS[carrier]
    number = "".join(typed.split()).upper()
    if not re.fullmatch(found.pattern, number, re.ASCII):
        wrong = Phrase(BenchInput.NOT_A_TRACKING_NUMBER, carrier=found.code, example=found.example)
        raise invalid(FieldProblem("tracking", wrong))
    return number
