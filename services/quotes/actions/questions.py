"""Questions about a quote: the customer asks, the studio answers."""

from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.domain.guards import check_answerable
from services.quotes.domain.quote import Question
from services.quotes.domain.reasons import QuoteReason
from services.quotes.store import quotes as store
from services.quotes.store import texts
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import QuestionAnswered, QuestionAsked
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.outbox import publish
from shared.postgres.database import Tx

MOST_OPEN = 10
"""Questions that may wait for an answer at once, of one commission."""


async def ask(tx: Tx, caller: Caller, commission: UUID, *, words: str, context: QuotesContext) -> Question:
    """Ask the studio something about the quote that is offered, and publish it.

    Raises:
        Problem: not-found; conflict, if the quote is decided, or too many questions wait already.
    """
    head = await store.lock_head(tx, commission)
    if head is None or caller.role is not Role.CUSTOMER or head.customer != caller.person or head.offered is None:
        raise not_found()
    at = context.at
    check_answerable(await store.version(tx, head.quote, head.offered), at)
    if sum(each.open for each in await texts.questions(tx, commission)) >= MOST_OPEN:
        raise Problem(ProblemType.CONFLICT, Phrase(QuoteReason.QUESTIONS_WAIT, count=MOST_OPEN))
    question = Question(context.new_id(), commission, head.offered, caller.person, words, at)
    await texts.ask(tx, question, head.quote)
    tx.touch(commission)
    written = TextWritten(
        at=at,
        text=question.question,
        commission=commission,
        author=caller.person,
        author_role=caller.role,
        subject=Subject.QUESTION,
        body=words,
    )
    asked = QuestionAsked(at=at, commission=commission, quote=head.quote, question=question.question)
    await publish(tx, [written, asked])
    return question


async def answer(
    tx: Tx, caller: Caller, commission: UUID, question: UUID, *, words: str, context: QuotesContext
) -> Question:
    """Answer a question, and publish it.

    Raises:
        Problem: not-found; conflict, if somebody has answered it.
    """
    head = await store.lock_head(tx, commission) if caller.role is Role.OPS else None
    known = {each.question: each for each in await texts.questions(tx, commission)} if head else {}
    if head is None or question not in known:
        raise not_found()
    if not known[question].open:
        raise Problem(ProblemType.CONFLICT, QuoteReason.QUESTION_ANSWERED)
    at, text = context.at, context.new_id()
    await texts.answer(tx, question, answer=text, answered_by=caller.person, body=words, at=at)
    tx.touch(commission)
    written = TextWritten(
        at=at,
        text=text,
        commission=commission,
        author=caller.person,
        author_role=caller.role,
        subject=Subject.ANSWER,
        body=words,
    )
    still_open = sum(each.open for each in known.values()) - 1
    answered = QuestionAnswered(
        at=at,
        commission=commission,
        quote=head.quote,
        question=question,
        answer=text,
        open=still_open,
        by=caller.ops,
    )
    await publish(tx, [written, answered])
    return next(each for each in await texts.questions(tx, commission) if each.question == question)


async def open_questions(tx: Tx, caller: Caller) -> tuple[Question, ...]:
    """The hundred questions that have waited for longest, of all commissions, for ops."""
    if caller.role is not Role.OPS:
        raise not_found()
    return await texts.open_questions(tx, 100)
