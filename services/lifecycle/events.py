"""Kafka in: the bridge, which signals facts to workflows; the projection, which keeps the dashboard; and names."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.lifecycle import actions
from services.lifecycle.actions.bridge import IncomingFact
from services.lifecycle.settings import LifecycleSettings
from services.lifecycle.workflow.state import CommandTimeouts, Timeouts
from services.lifecycle.workflow.zone import ZoneRules
from shared.contracts.access import AccessFact
from shared.contracts.briefs import BriefWritten
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.people import PersonRecorded
from shared.contracts.texts import TextWritten
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

_HANDLED = (Topic.COMMISSIONS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION)

bridge = Inbox("bridge", *_HANDLED)
projection = Inbox("projection", *_HANDLED, Topic.LIFECYCLE, Topic.NOTIFICATIONS, Topic.ACCESS)
names = Inbox("names", Topic.PEOPLE, Topic.BRIEFS)
texts = Inbox("texts", Topic.TEXTS)


@bridge.batch
async def deliver_facts(
    batch: Sequence[tuple[CommissionFact, Record]], tx: Tx, kernel: Kernel[LifecycleSettings]
) -> None:
    await actions.deliver_facts(tx, _incoming(batch), now=kernel.clock())


@bridge.ahead
async def signal_facts(batch: Sequence[tuple[CommissionFact, Record]], kernel: Kernel[LifecycleSettings]) -> None:
    settings = kernel.settings
    await actions.signal_facts(
        kernel.database,
        _incoming(batch),
        gateway=actions.TemporalGateway(kernel.temporal, settings.prefix),
        timeouts=_timeouts(settings, actions.zone_rules(settings.studio_zone, kernel.clock().year)),
    )


@projection.batch
async def project(
    batch: Sequence[tuple[CommissionFact | AccessFact, Record]], tx: Tx, kernel: Kernel[LifecycleSettings]
) -> None:
    facts = [(fact, record.version) for fact, record in batch]
    settings = kernel.settings
    await actions.project(tx, facts, step=settings.step, zone=ZoneInfo(settings.studio_zone))


@names.handler
async def person_recorded(person: PersonRecorded, record: Record, tx: Tx) -> None:
    await actions.record_person(tx, person, record.version)


@names.handler
async def brief_written(brief: BriefWritten, record: Record, tx: Tx) -> None:
    await actions.record_brief(tx, brief, record.version)


@names.tombstone
async def erased(record: Record, tx: Tx) -> None:
    if record.topic is Topic.PEOPLE:
        await actions.erase_person(tx, record.key, record.version)
    else:
        await actions.erase_brief(tx, record.key, record.version)


@texts.handler
async def text_written(written: TextWritten, tx: Tx) -> None:
    await actions.record_text(tx, written)


@texts.tombstone
async def text_erased(record: Record, tx: Tx) -> None:
    await actions.erase_text(tx, record.key)


def _timeouts(settings: LifecycleSettings, zone: ZoneRules) -> Timeouts:
    """The timeouts of a commission that starts now."""
    return Timeouts(
        step=settings.step,
        desk=settings.desk,
        remind=timedelta(seconds=settings.remind_seconds),
        reminders=settings.reminders,
        maker=timedelta(seconds=settings.maker_seconds),
        delivery=timedelta(seconds=settings.delivery_seconds),
        questions=timedelta(seconds=settings.question_seconds),
        commands=CommandTimeouts(
            attempt=timedelta(seconds=settings.command_attempt_seconds),
            at_once=timedelta(seconds=settings.command_at_once_seconds),
            recording=timedelta(seconds=settings.command_recording_seconds),
            first_retry=timedelta(seconds=settings.command_first_retry_seconds),
            longest_retry=timedelta(seconds=settings.command_longest_retry_seconds),
        ),
        zone=zone,
    )


def _incoming(batch: Sequence[tuple[CommissionFact, Record]]) -> Sequence[IncomingFact]:
    return [IncomingFact(fact, record.data or b"", record.version, record.traceparent) for fact, record in batch]
