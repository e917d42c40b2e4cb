"""The studio enters requests for people at the counter or on the phone, and gives those an address who had none."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from services.intake.actions import submissions
from services.intake.actions.people import index, recorded
from services.intake.actions.submissions import ConfirmationRules, NewRequest
from services.intake.domain.entering import (
    CUSTOMERS_FOUND,
    EnteredFor,
    NewCustomer,
    RequestEntry,
    address_of_customer,
    address_taken,
    check_address_is_theirs,
    check_takes_address,
    no_customer,
)
from services.intake.domain.people import Person, nobody
from services.intake.domain.sign_in import hash_address
from services.intake.store import entering as store
from services.intake.store import forget_rights, hold_address
from shared.auth.roles import Caller, Role
from shared.kernel.ids import Ids
from shared.kernel.search import asked_words
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once


async def enter(
    tx: Tx,
    rules: ConfirmationRules,
    request: RequestKey,
    caller: Caller,
    new: NewRequest,
    *,
    entry: RequestEntry,
    new_id: Ids,
    now: datetime,
) -> Answer:
    """Enter a request for somebody, whom this records if they are new; it is confirmed at once, in the same commit.

    Raises:
        Problem: idempotency-key-reused; validation-failed if the customer is not known, or the address is another
            customer's, or a kept picture is gone; conflict if too much of theirs is open.
    """

    async def add() -> Answer:
        customer = await _customer(tx, caller, entry, new_id=new_id, now=now)
        entered = EnteredFor(customer, caller.person, entry.way)
        inner = replace(request, scope=f"{request.scope} commission")
        return await submissions.submit(tx, rules, inner, caller, new, entered=entered, new_id=new_id, now=now)

    return await once(tx, request, add)


async def find_customers(tx: Tx, text: str) -> tuple[Person, ...]:
    """The customers whose name or address has words that begin like these, by name; nobody where nothing is a word."""
    asked = asked_words(text)
    return await store.customers(tx, asked, CUSTOMERS_FOUND) if asked else ()


async def customer(tx: Tx, person: UUID) -> Person:
    """A customer whom the studio knows. Raises `not-found`, for one who only typed an address too."""
    found = await store.hold_customer(tx, person)
    if found is None:
        raise nobody()
    return found


async def customer_with(tx: Tx, email: str) -> Person | None:
    """The customer who has this address, for people of the studio alone: nobody else learns whether it is known."""
    found = await store.customer_with(tx, email)
    return await store.customer(tx, found) if found else None


async def give_address(tx: Tx, person: UUID, email: str, now: datetime) -> None:
    """Write down the address of a customer who had none, or one that was mistyped; the same again changes nothing.

    They are mailed from now on. It is their account once they have signed in by a mail to it, and not before; a mail
    that went to the mistyped address signs nobody in.

    Raises:
        Problem: not-found; conflict where the address is proven to be theirs, or has just become another one;
            validation-failed where it is another customer's.
    """
    before = await store.customer(tx, person)
    if before and before.email and before.email.lower() != email.lower():
        # In the order in which one signs in: who asks for a mail to it now, or uses one, comes before or after.
        await hold_address(tx, hash_address(before.email))
        await forget_rights(tx, person)
    found = await customer(tx, person)
    if found.email.lower() == email.lower():
        return
    check_takes_address(found, read_before=before.email if before else "")
    try:
        async with tx.connection.transaction():
            await store.give_address(tx, person, email)
    except asyncpg.UniqueViolationError as error:
        raise address_taken() from error
    given = replace(found, email=email)
    await index(tx, given)
    await publish(tx, [recorded(given, now)])


async def prove_address(tx: Tx, person: Person, now: datetime) -> None:
    """Whoever signs in by a mail reads its mailbox: whom the studio recorded with the address has the account then."""
    if person.awaits_proof:
        await store.confirm_entered(tx, person.person, now)


async def _customer(tx: Tx, caller: Caller, entry: RequestEntry, *, new_id: Ids, now: datetime) -> UUID:
    if not isinstance(entry.customer, NewCustomer):
        found = await store.hold_customer(tx, entry.customer)
        if found is None:
            raise no_customer()
        check_address_is_theirs(found, entry.address)
        return found.person
    about = entry.customer
    person = Person(new_id(), Role.CUSTOMER, about.name, about.email, about.language, entered_by=caller.person)
    if not await store.enter_person(tx, person, now):
        raise address_of_customer()
    await index(tx, person)
    await publish(tx, [recorded(person, now)])
    return person.person
