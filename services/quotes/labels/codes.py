"""The words of codes: states, kinds, units, reasons, terms."""

from collections.abc import Mapping
from typing import Final

from services.quotes.domain.account import PaymentState
from services.quotes.domain.quote import FixedLineCode, LineUnit, QuoteState, TermCode
from shared.contracts.payments import InvoiceKind, PaymentMethod, RefundReason, ReversalReason
from shared.contracts.quotes import DeclineReason
from shared.i18n import N_, Label, c_, n_
from shared.offerings.pricing import LineDetail

STATES: Final[Mapping[QuoteState, Label]] = {
    QuoteState.DRAFTED: Label(c_("of a quote", "Draft")),
    QuoteState.SENT: Label(c_("of a quote", "With the customer")),
    QuoteState.REPLACED: Label(c_("of a quote", "Replaced")),
    QuoteState.ACCEPTED: Label(c_("of a quote", "Accepted")),
    QuoteState.DECLINED: Label(c_("of a quote", "Declined")),
    QuoteState.EXPIRED: Label(c_("of a quote", "Expired")),
    QuoteState.CANCELLED: Label(c_("of a quote", "Cancelled")),
}

UNITS: Final[Mapping[LineUnit, Label]] = {
    LineUnit.GRAMS: Label(N_("%(quantity)s g")),
    LineUnit.HOURS: Label(n_("%(quantity)s hour", "%(quantity)s hours")),
    LineUnit.LETTERS: Label(n_("%(quantity)s letter", "%(quantity)s letters")),
    LineUnit.PERCENT: Label("%(quantity)s"),
}
"""A quantity with its unit. `count` decides between one and several."""

LINE_DETAILS: Final[Mapping[LineDetail, Label]] = {
    LineDetail.STAGE: Label(N_("%(stage)s (%(hours)s h)")),
}
"""What was counted, where the offering has no words of its own for it."""

FIXED_LINES: Final[Mapping[FixedLineCode, Label]] = {
    FixedLineCode.MINIMUM: Label(N_("Top-up to our minimum price")),
    FixedLineCode.DISCOUNT: Label(N_("Discount")),
    FixedLineCode.VAT: Label(N_("VAT"), N_("The tax on the sale. We pay it to the tax office.")),
}
"""The lines that every offering has. The remedy says what the line pays for."""

TERMS: Final[Mapping[TermCode, Label]] = {
    TermCode.DEPOSIT: Label(
        N_("Deposit"),
        N_(
            "%(percent)s of the price is due within %(days)s days of your acceptance, by bank transfer. We begin "
            "when the deposit has arrived. If it does not arrive, the commission ends and you owe nothing."
        ),
    ),
    TermCode.BALANCE: Label(
        N_("Balance"),
        N_(
            "The rest is due when the piece is finished and checked. We ship it when the balance has arrived. If you "
            "pay more than we have invoiced, we refund the difference; we do not keep it for later."
        ),
    ),
    TermCode.READY_BY: Label(
        N_("Ready by"),
        N_(
            "%(day)s. Working hours are held for your piece. If something goes wrong at the bench, we tell you the new "
            "date and the reason."
        ),
    ),
    TermCode.WITHDRAWAL: Label(
        N_("Made to your wishes"),
        N_(
            "The piece is made to your own specification, so the right to withdraw within 14 days does not apply "
            "(Directive 2011/83/EU, Article 16(c); in Germany § 312g (2) 1 BGB)."
        ),
    ),
    TermCode.WITHDRAWAL_RIGHT: Label(
        N_("Right of withdrawal"),
        N_(
            "You may withdraw from this contract without giving a reason, from now on until %(days)s days after the "
            "piece has arrived: choose “Withdraw from contract here” on its page. You owe nothing, whatever is made by "
            "then, and we refund all that you have paid within 14 days, or as soon as the piece is back; you pay for "
            "sending it (Directive 2011/83/EU, Articles 9 to 14; in Germany §§ 355 to 357 BGB)."
        ),
    ),
    TermCode.CANCEL_BEFORE_WORK: Label(
        N_("If you cancel before the work begins"), N_("You owe nothing, and we refund what you have paid.")
    ),
    TermCode.CANCEL_AFTER_GATE: Label(
        N_("If you cancel after this step: %(gate)s"), N_("You owe %(percent)s of the price. %(why)s")
    ),
    TermCode.CANCELLED_BY_STUDIO: Label(
        N_("If we cancel"), N_("You owe nothing, and we refund all that you have paid.")
    ),
    TermCode.GUARANTEE: Label(
        N_("If something is wrong"),
        n_(
            "For %(count)s month from its arrival, we have to put right what is wrong with your piece, at no cost to "
            "you. Say so on its page. We repair it or make it again; else the price falls, or you get it back "
            "(Directive (EU) 2019/771; in Germany §§ 434 to 442 BGB).",
            "For %(count)s months from its arrival, we have to put right what is wrong with your piece, at no cost to "
            "you. Say so on its page. We repair it or make it again; else the price falls, or you get it back "
            "(Directive (EU) 2019/771; in Germany §§ 434 to 442 BGB).",
        ),
    ),
}
"""A term's heading; the remedy is what it says."""

DECLINES: Final[Mapping[DeclineReason, Label]] = {
    DeclineReason.PRICE: Label(N_("It costs more than I want to spend")),
    DeclineReason.TOO_SLOW: Label(N_("It takes too long")),
    DeclineReason.CHANGED_MIND: Label(N_("I have changed my mind")),
    DeclineReason.FOUND_ELSEWHERE: Label(N_("I have found it elsewhere")),
    DeclineReason.OTHER: Label(N_("Another reason")),
}

INVOICES: Final[Mapping[InvoiceKind, Label]] = {
    InvoiceKind.DEPOSIT: Label(N_("Deposit invoice")),
    InvoiceKind.TOP_UP: Label(N_("Top-up invoice")),
    InvoiceKind.BALANCE: Label(N_("Final invoice")),
    InvoiceKind.CANCELLATION: Label(N_("Cancellation invoice")),
}

REFUNDS: Final[Mapping[RefundReason, Label]] = {
    RefundReason.OVERPAID: Label(N_("More was paid than invoiced")),
    RefundReason.CANCELLED: Label(N_("The commission was cancelled")),
    RefundReason.NOT_OWED: Label(N_("It was paid after the commission had ended")),
    RefundReason.CLAIM: Label(N_("Something was wrong with the piece")),
    RefundReason.WITHDRAWN: Label(N_("Withdrawal from the contract")),
    RefundReason.CHANGE_ORDER: Label(N_("A change order lowered the price")),
}

METHODS: Final[Mapping[PaymentMethod, Label]] = {
    PaymentMethod.BANK_TRANSFER: Label(N_("Bank transfer")),
    PaymentMethod.CASH: Label(N_("Cash")),
    PaymentMethod.CARD: Label(N_("Card, at the counter")),
}

REVERSALS: Final[Mapping[ReversalReason, Label]] = {
    ReversalReason.ENTERED_TWICE: Label(N_("It was recorded twice")),
    ReversalReason.WRONG_AMOUNT: Label(N_("The amount was wrong")),
    ReversalReason.WRONG_COMMISSION: Label(N_("It was for another commission")),
    ReversalReason.RETURNED: Label(N_("The bank took it back")),
}

PAYMENT_STATES: Final[Mapping[PaymentState, Label]] = {
    PaymentState.RECEIVED: Label(N_("Received")),
    PaymentState.REVERSED: Label(N_("Reversed")),
}
