"""Something is wrong with a piece: a receipt and an answer; the studio is told, reminded, and told that it is late."""

from datetime import timedelta

from shared.contracts.commissions import ClaimKind, ClaimMade, ContractWithdrawn
from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.contracts.quotes import ClaimAnswered, ClaimRemedy
from shared.contracts.texts import Subject
from shared.kernel.ids import new_id
from tests.integration.notify.test_studio import colleague, post, told
from tests.support.mail_facts import euros
from tests.support.notify import Customer, Notify

__all__ = ["post"]

DAY = 24 * 60


def claimed(customer: Customer, post: Notify, days: int = 8) -> ClaimMade:
    return ClaimMade(
        at=post.now(),
        commission=customer.commission,
        customer=customer.person,
        claim=new_id(),
        kind=ClaimKind.FIT,
        text=new_id(),
        answer_by=post.now() + timedelta(days=days),
    )


async def test_the_customer_has_a_receipt_and_the_answer_with_its_words(post: Notify) -> None:
    customer = await post.submit()
    await post.know(customer)
    await post.receives(made := claimed(customer, post))
    receipt = await post.post(customer)
    text = await post.say(customer, Subject.ANSWER, "We widen it by half a size.")
    answered = ClaimAnswered(
        at=post.now(),
        commission=customer.commission,
        claim=made.claim,
        remedy=ClaimRemedy.REDUCTION,
        text=text,
        amount=euros(5_000),
    )
    await post.receives(answered, answered)

    assert receipt[-1] is Intent.CLAIM_RECEIVED
    [sent] = await post.deliver()
    assert (sent.intent, sent.details.amount, sent.details.reason) == (
        Intent.CLAIM_ANSWERED,
        euros(5_000),
        "reduction",
    )


async def test_the_studio_is_told_reminded_at_half_time_and_told_that_it_is_late(post: Notify) -> None:
    ops = await colleague(post)
    customer = await post.submit()
    await post.receives(claimed(customer, post))

    at_once = [intent for person, intent in await told(post) if person == ops.person]
    early, half, late = [await told(post, at=minutes) for minutes in (3 * DAY, 4 * DAY + 5, 8 * DAY + 5)]

    assert Intent.STUDIO_CLAIM in at_once
    assert (early, half, late) == (
        [],
        [(ops.person, Intent.STUDIO_CLAIM_WAITS)],
        [(ops.person, Intent.STUDIO_CLAIM_LATE)],
    )


async def test_a_claim_that_is_answered_reminds_nobody(post: Notify) -> None:
    await colleague(post, Role.OPS)
    customer = await post.submit()
    await post.receives(made := claimed(customer, post))
    await told(post)
    await post.receives(
        ClaimAnswered(
            at=post.now(), commission=customer.commission, claim=made.claim, remedy=ClaimRemedy.REPAIR, text=new_id()
        )
    )

    assert await told(post, at=9 * DAY) == []


async def test_a_withdrawal_has_its_receipt_at_once_and_the_studio_is_told(post: Notify) -> None:
    ops = await colleague(post)
    customer = await post.submit()
    await post.know(customer)
    await post.deliver()
    fact = ContractWithdrawn(at=post.now(), commission=customer.commission, customer=customer.person, arrived=False)
    await post.receives(fact, fact)

    sent = [(each.person, each.intent) for each in await post.deliver()]

    assert sorted(sent) == sorted([(customer.person, Intent.CONTRACT_WITHDRAWN), (ops.person, Intent.STUDIO_WITHDRAWN)])
