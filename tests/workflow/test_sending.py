"""Asking takes no hours: the studio asks to send, hours are held, and only then is the quote with the customer."""

from datetime import date, timedelta

from shared.contracts.commands.production import HoldPromise, ReleasePromise
from shared.contracts.commands.quotes import KeepDraft, SendQuote
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.production import PromiseEnd
from shared.contracts.quotes import QuoteSendAsked, SendRefusal
from tests.support.counterparts import PREVIEWED, Counterparts
from tests.support.lives import Life, at

LATER = PREVIEWED + timedelta(days=2)


def asks(life: Life, number: int = 1, version: int = 1, day: date = PREVIEWED) -> QuoteSendAsked:
    """The studio asks to send a version, and has seen this day."""
    return life.sent(version).model_copy(update={"sending": number, "ready_by": day})


async def test_hours_are_held_when_the_studio_sends_and_not_before(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)
    before = life.names()

    await life.receives(asks(life))
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)

    assert before == ["PreviewPromise", "DraftQuote"]
    assert life.names()[2:] == ["HoldPromise", "SendQuote"]
    (held,), (sent,) = services.of(HoldPromise), services.of(SendQuote)
    assert held.at_latest == PREVIEWED
    assert (sent.quote_version, sent.sending, sent.ready_by) == (1, 1, PREVIEWED)
    assert sent.held_until == held.asked_at + services.hold


async def test_hours_that_are_taken_between_preview_and_sending_leave_a_draft_with_the_new_day(
    services: Counterparts,
) -> None:
    """One press sends it then: the studio has seen the day."""
    life = await at(Phase.DESK, services)
    services.possible[life.commission] = LATER

    await life.receives(asks(life))
    await life.has_done(KeepDraft)
    await life.settles()
    (kept,) = services.of(KeepDraft)
    desk = await life.state()
    await life.receives(asks(life, 2, day=LATER))
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)

    assert (kept.sending, kept.reason, kept.ready_by) == (1, SendRefusal.LATER_DAY, LATER)
    assert (desk.promise, desk.sending, desk.offer) == (None, None, None)
    assert [each.ready_by for each in services.of(SendQuote)] == [LATER]
    assert life.did(ReleasePromise) == 0


async def test_what_nobody_can_make_stays_a_draft(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)
    services.possible[life.commission] = None

    await life.receives(asks(life))
    await life.has_done(KeepDraft)

    (kept,) = services.of(KeepDraft)
    assert (kept.reason, kept.ready_by) == (SendRefusal.NO_HOURS, None)
    assert life.phases()[-1] == (Phase.DESK, Holder.STUDIO)


async def test_what_is_asked_while_the_bench_is_away_is_sent_once_it_is_back(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)
    back = services.shut(HoldPromise)

    await life.receives(asks(life))
    await services.reached[HoldPromise].wait()
    away = life.names()
    back.set()
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)

    assert "SendQuote" not in away
    assert life.names()[2:] == ["HoldPromise", "SendQuote"]


async def test_a_withdrawal_while_hours_are_being_held_releases_them(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)
    gate = services.shut(HoldPromise)
    await life.receives(asks(life))
    await services.reached[HoldPromise].wait()

    await life.receives(life.withdrawn())
    gate.set()

    assert (await life.handle.result()).outcome is Outcome.WITHDRAWN
    assert life.names()[2:] == ["HoldPromise", "ExpireQuote", "ReleasePromise", "CloseCommission", "RecordEnd"]
    assert services.of(ReleasePromise)[0].reason is PromiseEnd.WITHDRAWN


async def test_hours_are_given_back_where_the_studio_does_not_want_to_send_any_more(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)
    services.unwanted.add(life.commission)

    await life.receives(asks(life))
    await life.has_done(ReleasePromise)
    await life.settles()
    services.unwanted.clear()
    await life.receives(asks(life, 2))
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)

    assert services.of(ReleasePromise)[0].reason is PromiseEnd.NOT_SENT
    assert life.names()[2:] == ["HoldPromise", "SendQuote", "ReleasePromise", "HoldPromise", "SendQuote"]


async def test_a_revision_is_sent_with_the_hours_that_are_held(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)

    await life.receives(asks(life, 2, version=2))
    await life.has_done(SendQuote, 2)
    await life.settles()

    assert life.did(HoldPromise) == 1
    assert [each.quote_version for each in services.of(SendQuote)] == [1, 2]
    offer = (await life.state()).offer
    assert offer is not None
    assert offer.quote_version == 2


async def test_what_the_studio_asks_after_the_customer_has_accepted_sends_nothing(services: Counterparts) -> None:
    life = await at(Phase.DEPOSIT, services)

    await life.receives(asks(life, 2, version=2))
    await life.settles()

    assert life.did(SendQuote) == 1
    assert (await life.state()).sending is None
