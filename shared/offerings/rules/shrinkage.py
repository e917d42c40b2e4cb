"""Clay shrinks as it dries and is fired: what is made wet must be larger than what comes out of the kiln."""

from decimal import Decimal

from shared.offerings.rules.error import RuleError

_HUNDRED = Decimal(100)


def before_shrinkage(fired: Decimal, shrinkage_percent: Decimal) -> Decimal:
    """The length of the wet piece that is `fired` long at the end.

    Linear shrinkage is measured on the wet length (ASTM C326): fired = wet x (1 - shrinkage). Raises RuleError.
    """
    if not 0 <= shrinkage_percent < _HUNDRED:
        raise RuleError.of_formula(f"{shrinkage_percent} %")
    return fired / (1 - shrinkage_percent / _HUNDRED)
