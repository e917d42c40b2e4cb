"""`touchmark.lifecycle`, owned by lifecycle: where each commission stands, and whose clock runs."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.contracts.fact import CommissionFact, Topic


class Stage(StrEnum):
    REQUESTED = "requested"
    PROMISING = "promising"
    QUOTING = "quoting"
    DESK = "desk"
    ENDED = "ended"


class Holder(StrEnum):
    """Who holds the clock: whose move it is."""

    CUSTOMER = "customer"
    MAKER = "maker"
    STUDIO = "studio"
    PROCESS = "process"
    NOBODY = "nobody"


class Outcome(StrEnum):
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class StageEntered(CommissionFact):
    """A commission entered a stage. `since` is when, `due` is when somebody should have moved it on."""

    topic: ClassVar[Topic] = Topic.LIFECYCLE

    stage: Stage
    holder: Holder
    since: datetime
    due: datetime | None = None


class CommissionEnded(CommissionFact):
    """The commission's workflow ended; nothing more will happen by itself."""

    topic: ClassVar[Topic] = Topic.LIFECYCLE

    outcome: Outcome
