"""Lifecycle's settings: how long things may take, and where Temporal's own pages are."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shared.runtime.settings import ServiceSettings

Seconds = Annotated[float, Field(gt=0)]
_DAY = 86_400.0


class LifecycleSettings(ServiceSettings):
    """What lifecycle reads besides what every service reads.

    `desk_seconds` is how long a drafted quote may wait on the studio's desk; it lapses sooner where the maker's
    hours are held for less (`hold_days`). `step_seconds` is how long a step that needs nobody may take before ops
    should look at it. A customer is reminded every `remind_seconds`, at most `reminders` times; then ops get a
    mail, and of a deposit half of `remind_seconds` before it lapses. Quotes decides how long a deposit or a balance
    may take: `deposit_days` and `balance_days` there. A maker is reminded once after `maker_seconds` without
    activity, and after as many more ops get a mail; they get one, too, of a parcel that takes longer than
    `delivery_seconds`. What a question waits for its answer is added to the offer and to the hours that are held
    for it, at most `question_seconds` in all of one commission. The five `command_…` say how long one attempt of a
    command may take, how long a command before the commission counts as waiting for it, and recording within the
    workflow task, and how long the first and the longest pause before another attempt is. All of these are fixed
    for a commission when it starts. `soon_seconds` before something is due, the dashboard says so. `temporal_ui` is
    the address of Temporal's web UI, as a browser reaches it; empty where there is none.
    """

    port: Annotated[int, Field(ge=0, le=65535)] = 8105

    desk_seconds: Seconds = 14 * _DAY
    step_seconds: Seconds = 900.0
    remind_seconds: Seconds = 4 * _DAY
    reminders: Annotated[int, Field(ge=0, le=10)] = 2
    maker_seconds: Seconds = 4 * _DAY
    delivery_seconds: Seconds = 10 * _DAY
    question_seconds: Annotated[float, Field(ge=0)] = 14 * _DAY
    soon_seconds: Seconds = _DAY
    command_attempt_seconds: Seconds = 10.0
    command_at_once_seconds: Seconds = 3.0
    command_recording_seconds: Seconds = 2.0
    command_first_retry_seconds: Seconds = 0.25
    command_longest_retry_seconds: Seconds = 10.0
    temporal_ui: str = "/temporal"

    @property
    def desk(self) -> timedelta:
        return timedelta(seconds=self.desk_seconds)

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.step_seconds)

    @property
    def soon(self) -> timedelta:
        return timedelta(seconds=self.soon_seconds)
