"""What quotes does: learns briefs, drafts quotes from them, ends quotes, and shows them to ops."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from services.quotes import store
from services.quotes.domain.price import BriefMismatchError, OldPrice, old_prices, price
from services.quotes.domain.quote import Brief, Price, Quote, QuoteState, Summary
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commands.quotes import DraftQuote, ExpireQuote, QuoteDraft, QuoteEnding
from shared.contracts.quotes import QuoteDrafted, QuoteExpired
from shared.crafts.model import Craft
from shared.crafts.store import kept, kept_exactly
from shared.kernel.calendar import day_of
from shared.kernel.ids import Ids
from shared.kernel.problems import NotYet, Problem, ProblemType, not_found
from shared.outbox import stage
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Desk:
    """What ops see of one commission: its brief and its quote, either of which may still be on its way.

    `erased_at` is when the brief was erased; there is none any more then.
    """

    brief: Brief | None
    erased_at: datetime | None
    quote: Quote | None
    craft: Craft | None
    old_prices: tuple[OldPrice, ...] = ()


async def keep_brief(tx: Tx, brief: BriefWritten) -> None:
    await store.keep_brief(tx, brief)
    tx.touch(brief.commission)


async def forget_brief(tx: Tx, commission: UUID, at: datetime) -> None:
    """Obey the tombstone: the words go for good. The quote stays; it has none of them."""
    await store.erase_brief(tx, commission, at)
    tx.touch(commission)


async def draft_quote(tx: Tx, command: DraftQuote, *, new_id: Ids, at: datetime, vat_percent: Decimal) -> QuoteDraft:
    """Draft a new version of the commission's quote from its newest brief, and tell.

    Raises:
        NotYet: the brief, or the document of its craft, is not here yet.
        Problem: conflict, if the brief was erased or does not answer what its craft's price needs.
    """
    brief = await _brief(tx, command)
    priced = await _price(tx, brief, vat_percent)
    quote_id, newest = await store.lock_quote(tx, new_id(), command.commission)
    quote = Quote(
        quote=quote_id,
        version=newest + 1,
        commission=command.commission,
        brief_version=brief.version,
        craft=brief.craft,
        craft_version=brief.craft_version,
        state=QuoteState.DRAFTED,
        price=priced,
        drafted_at=at,
    )
    await store.add_version(tx, quote)
    tx.touch(command.commission)
    await stage(tx, [_drafted(quote)])
    return QuoteDraft(quote=quote.quote, quote_version=quote.version, total=priced.total)


async def expire_quote(tx: Tx, command: ExpireQuote, *, at: datetime) -> QuoteEnding:
    """End a version for good, and tell; one that has ended already stays as it is.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    if not await store.version_known(tx, command.commission, command.quote, command.quote_version):
        raise not_found("This commission has no such quote.")
    if await store.expire(tx, command.quote, command.quote_version, at=at, reason=command.reason):
        tx.touch(command.commission)
        await stage(
            tx,
            [
                QuoteExpired(
                    commission=command.commission,
                    quote=command.quote,
                    quote_version=command.quote_version,
                    reason=command.reason,
                    at=at,
                )
            ],
        )
    return QuoteEnding()


async def read_desk(tx: Tx, caller: Caller, commission: UUID, *, now: datetime, settings: Settings) -> Desk:
    """A commission's brief and quote, for ops, with what should be looked at before it is sent.

    Raises:
        Problem: not-found, where quotes has never heard of the commission.
    """
    brief = await store.brief(tx, commission)
    quote = await store.quote_of(tx, commission)
    erased_at = await store.erased_at(tx, commission)
    if caller.role is not Role.OPS or not (brief or quote or erased_at):
        raise Problem(
            ProblemType.NOT_FOUND,
            "No brief of this commission has come here. One that was sent this minute is on its way.",
            remedy="Load it again in a moment, or check the address.",
        )
    about = quote or brief
    craft = await kept(tx, about.craft, about.craft_version) if about else None
    today = day_of(now, ZoneInfo(settings.studio_zone))
    undecided = quote is None or quote.state is QuoteState.DRAFTED
    old = old_prices(craft, brief.answers, today, settings.commodity_days) if brief and craft and undecided else ()
    return Desk(brief=brief, erased_at=erased_at, quote=quote, craft=craft, old_prices=old)


async def list_quotes(
    tx: Tx, caller: Caller, *, before: tuple[datetime, UUID] | None = None, at_most: int
) -> list[Summary]:
    """The newest version of every quote, newest first, for ops; `before` is the place of the last one that was read."""
    if caller.role is not Role.OPS:
        raise not_found()
    at, quote = before or (None, None)
    return await store.newest(tx, before=at, before_quote=quote, at_most=at_most)


async def desk_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever the desk of this commission does."""
    return await store.revision(tx, commission)


async def _brief(tx: Tx, command: DraftQuote) -> Brief:
    brief = await store.brief(tx, command.commission)
    if await store.erased_at(tx, command.commission):
        raise Problem(ProblemType.CONFLICT, "The brief was erased.", remedy="Ask the customer for a new request.")
    if brief is None or brief.version < command.brief_version:
        raise NotYet(f"brief {command.brief_version} is on its way")
    return brief


async def _price(tx: Tx, brief: Brief, vat_percent: Decimal) -> Price:
    craft = await kept_exactly(tx, brief.craft, brief.craft_version, brief.craft_sha256)
    if craft is None:
        raise NotYet(f"{brief.craft} version {brief.craft_version} comes with a newer release", retry_after=10)
    try:
        return price(craft, brief.answers, vat_percent)
    except BriefMismatchError as error:
        remedy = "Compare the brief with the pricing section of its craft's file."
        raise Problem(ProblemType.CONFLICT, str(error), remedy=remedy) from error


def _drafted(quote: Quote) -> QuoteDrafted:
    return QuoteDrafted(
        commission=quote.commission,
        quote=quote.quote,
        quote_version=quote.version,
        brief_version=quote.brief_version,
        total=quote.price.total,
        at=quote.drafted_at,
    )
