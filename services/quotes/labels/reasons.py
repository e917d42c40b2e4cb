"""The words of what cannot be done, with what to do instead."""

from collections.abc import Mapping
from typing import Final

from services.quotes.domain.reasons import AmountReason, EndedReason, PaymentReason, QuoteReason
from shared.i18n import N_, Label, n_
from shared.offerings.pricing import MismatchReason

_RELOAD: Final = N_("Load the page again to see its current state.")
_ASK_AGAIN: Final = N_("You can send us a new request at any time.")

QUOTES: Final[Mapping[QuoteReason, Label]] = {
    QuoteReason.ACCEPTED_BY_YOU: Label(N_("You have accepted this quote."), _RELOAD),
    QuoteReason.ACCEPTED_VERSION: Label(N_("You have accepted version %(version)s of this quote."), _RELOAD),
    QuoteReason.ACCEPTED_FOR_GOOD: Label(
        N_("The customer has accepted this quote, so it cannot be changed any more."), _RELOAD
    ),
    QuoteReason.NEWER_VERSION: Label(
        N_("There is a newer version of this quote."), N_("Look at the newer version and decide on that one.")
    ),
    QuoteReason.NOT_NEWEST: Label(
        N_("Version %(newest)s is the newest one. You were looking at version %(version)s."),
        N_("Load the page again and check what has changed."),
    ),
    QuoteReason.EXPIRED: Label(
        N_("This quote has expired."),
        N_("Write to us if you would still like the piece. Prices and dates may have changed."),
    ),
    QuoteReason.ENDED: Label(N_("This quote has ended."), _RELOAD),
    QuoteReason.NO_QUOTE: Label(N_("This commission has no such quote.")),
    QuoteReason.NO_QUOTE_YET: Label(N_("This commission has no quote yet."), N_("Try again in a moment.")),
    QuoteReason.NO_VERSION: Label(N_("This quote has no such version.")),
    QuoteReason.NO_LINE: Label(N_("This quote has no such line."), N_("Choose one of its lines.")),
    QuoteReason.LAST_LINE: Label(
        N_("Without this line there would be nothing left to pay."),
        N_("Add another line first, or lower the discount."),
    ),
    QuoteReason.TOO_MANY_LINES: Label(
        N_("A quote has at most %(most)s lines."), N_("Remove a line, or put two of them together.")
    ),
    QuoteReason.NO_DISCOUNT: Label(N_("This discount comes to nothing."), N_("Enter more than zero.")),
    QuoteReason.DISCOUNT_TOO_LARGE: Label(
        N_("A discount of %(amount)s leaves nothing to pay."), N_("Enter less than the sum of the lines.")
    ),
    QuoteReason.ONE_OF_BOTH: Label(
        N_("A discount is either an amount or a percentage."), N_("Fill in one of the two fields.")
    ),
    QuoteReason.NO_WHOLE_NUMBER: Label(
        N_("This is no whole number from %(least)s to %(most)s."), N_("Correct it, or leave it empty.")
    ),
    QuoteReason.NO_PERCENTAGE: Label(
        N_("This is no percentage between 0 and 100."), N_("Enter a number with at most two decimals, such as 7.5.")
    ),
    QuoteReason.CURRENCY: Label(N_("This quote is in %(currency)s."), N_("Enter the amount in %(currency)s.")),
    QuoteReason.NO_BRIEF: Label(
        N_("There is no brief for this commission yet."),
        N_("If it was sent within the last minute, load the page again in a moment. Otherwise check the address."),
    ),
    QuoteReason.BRIEF_ON_ITS_WAY: Label(N_("Brief %(version)s is on its way.")),
    QuoteReason.CUSTOMER_ON_ITS_WAY: Label(N_("The customer of this commission is on its way.")),
    QuoteReason.BRIEF_ERASED: Label(N_("The brief was erased."), N_("Ask the customer for a new request.")),
    QuoteReason.BRIEF_CHANGED: Label(
        N_("Your request has changed since this quote was worked out."),
        N_("We are working out the quote again. You get an email when it is ready."),
    ),
    QuoteReason.CHANGE_PROPOSED: Label(
        N_("You proposed a change of this quote, and the studio has not answered yet."),
        N_("Wait for the answer, or take the proposal back: %(address)s"),
    ),
    QuoteReason.BRIEF_NEWER: Label(
        N_("The request has changed: brief %(version)s applies, and this was worked out from brief %(quoted)s."),
        N_("Load the page again. If there is no newer draft, compare the brief with the pricing of its offering."),
    ),
    QuoteReason.OFFERING_ON_ITS_WAY: Label(
        N_("The offering %(offering)s needs a newer release of Touchmark."), N_("Update this service, then try again.")
    ),
    QuoteReason.PAST: Label(N_("This day has passed."), N_("Leave it empty, or choose a later day.")),
    QuoteReason.ZERO: Label(N_("The total of this quote is zero."), N_("Set at least one line above zero.")),
    QuoteReason.QUESTIONS_WAIT: Label(
        n_("One of your questions is waiting for an answer.", "%(count)s of your questions are waiting for an answer."),
        N_("Please wait for our answers. You will find them on this page."),
    ),
    QuoteReason.QUESTION_ANSWERED: Label(
        N_("This question has been answered in the meantime."), N_("Load the page again to see the answer.")
    ),
    QuoteReason.TERMS_NOT_AGREED: Label(
        N_("You have not agreed to the terms yet."), N_("Read them, then tick the box.")
    ),
    QuoteReason.VARIATION_NOT_AGREED: Label(
        N_("You have not yet agreed to how the piece may differ."), N_("Read it, then tick the box.")
    ),
    QuoteReason.NO_DECLINE_REASON: Label(N_("No reason is chosen yet."), N_("Choose the closest one.")),
    QuoteReason.NO_OFFERING: Label(N_("There is no such offering.")),
    QuoteReason.NO_DAY: Label(N_("This is not a date."), N_("Choose it from the calendar, or type it as 2027-05-31.")),
}

ENDED: Final[Mapping[EndedReason, Label]] = {
    EndedReason.LAPSED: Label(N_("This quote has ended: we did not send it, or the next one, in time."), _ASK_AGAIN),
    EndedReason.WITHDRAWN: Label(N_("You cancelled this request, so its quote has ended."), _ASK_AGAIN),
    EndedReason.DECLINED: Label(N_("You have declined this quote."), _ASK_AGAIN),
    EndedReason.REFUSED: Label(N_("We cannot take this request, so its quote has ended."), _ASK_AGAIN),
    EndedReason.EXPIRED: Label(N_("This quote has expired."), _ASK_AGAIN),
    EndedReason.CANCELLED: Label(N_("This commission was cancelled."), _ASK_AGAIN),
}

_CHECK_PRICES: Final = N_("Compare the brief with the pricing section of its offering.")

MISMATCHES: Final[Mapping[MismatchReason, Label]] = {
    MismatchReason.UNANSWERED: Label(N_("The brief does not answer “%(field)s”."), _CHECK_PRICES),
    MismatchReason.NO_OPTION: Label(N_("“%(field)s” has no option “%(option)s” in this offering."), _CHECK_PRICES),
    MismatchReason.NO_MEASURE: Label(N_("“%(field)s” is not a measure."), _CHECK_PRICES),
}

PAYMENTS: Final[Mapping[PaymentReason, Label]] = {
    PaymentReason.NOTHING_ACCEPTED: Label(N_("No quote of this commission is accepted.")),
    PaymentReason.NAME_ON_ITS_WAY: Label(N_("The name for this invoice has not arrived yet.")),
    PaymentReason.CURRENCY: Label(
        N_("This commission is paid in %(currency)s."), N_("Enter the amount received in %(currency)s.")
    ),
    PaymentReason.FUTURE_DAY: Label(N_("This day is in the future."), N_("Enter the day on the bank statement.")),
    PaymentReason.OLD_DAY: Label(N_("This day is more than a year ago."), N_("Check the year.")),
    PaymentReason.TRANSFER_KNOWN: Label(
        N_("%(by)s recorded this transfer already, on %(at)s: %(amount)s for this commission."),
        N_("If it is the same transfer, there is nothing to do. Each transfer has its own id on the bank statement."),
    ),
    PaymentReason.TRANSFER_ELSEWHERE: Label(
        N_("%(by)s recorded a transfer with this bank id on %(at)s: %(amount)s for another commission."),
        N_("Compare both with the bank statement. A payment that was recorded wrongly can be reversed on its page."),
    ),
    PaymentReason.AMOUNT_DIFFERS: Label(
        N_("%(amount)s is not what is due: %(due)s. The difference is %(difference)s."),
        N_("Compare it with the bank statement. If it is right, confirm it."),
    ),
    PaymentReason.NOTHING_DUE: Label(
        N_("Nothing is due for this commission; all of %(amount)s would be refunded."),
        N_("Compare it with the bank statement. If it is right, confirm it."),
    ),
    PaymentReason.REFUND_WITHDRAWN: Label(
        N_("This refund is not owed any more, since a payment was reversed."),
        N_("If the money has been sent already, ask the customer for it."),
    ),
    PaymentReason.TRANSFER_RECORDED: Label(
        N_("A transfer with this bank id was recorded before."),
        N_("Look for it among the payments that match nothing, or on the commission's page."),
    ),
    PaymentReason.SETTLED_BEFORE: Label(N_("This payment was assigned or sent back in the meantime."), _RELOAD),
    PaymentReason.SOMEBODY: Label(N_("Somebody of the studio")),
    PaymentReason.NO_METHOD: Label(N_("No way of payment is chosen yet."), N_("Choose how the money came in.")),
    PaymentReason.NO_REVERSAL_REASON: Label(N_("No reason is chosen yet."), N_("Choose the closest one.")),
    PaymentReason.NO_REFERENCE: Label(
        N_("This is not one of our references: a character is wrong or missing."),
        N_("Our references start with RF and two digits."),
    ),
    PaymentReason.REFERENCE_UNKNOWN: Label(
        N_("No commission has this reference."), N_("Look for the customer's quote instead.")
    ),
}

AMOUNTS: Final[Mapping[AmountReason, Label]] = {
    AmountReason.EMPTY: Label(N_("There is no amount yet."), N_("Enter an amount, such as %(example)s.")),
    AmountReason.UNREADABLE: Label(
        N_("This cannot be read as an amount."), N_("Use digits only, such as %(example)s.")
    ),
    AmountReason.DECIMALS: Label(
        n_(
            "Amounts in %(currency)s have at most one decimal place.",
            "Amounts in %(currency)s have at most %(count)s decimal places.",
        ),
        N_("Leave out the rest."),
    ),
    AmountReason.IMPOSSIBLE: Label(N_("This amount is not possible."), N_("Check the number of digits.")),
    AmountReason.AMBIGUOUS: Label(
        N_("This amount can be read in two ways."),
        N_("Enter %(thousands)s if you mean thousands, or %(decimals)s if you mean decimal places."),
    ),
}
