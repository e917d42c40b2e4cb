"""The words of a commission's timeline: a title for each entry, and where there is more to say a text."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.intake.domain.timeline import Author, Chapter, EntryCode, EntryState
from shared.contracts.commissions import ClaimKind
from shared.contracts.lifecycle import Escalation
from shared.contracts.production import Mishap, Replanned
from shared.contracts.quotes import ClaimRemedy
from shared.i18n import N_, Label, c_

TITLES: Final[Mapping[EntryCode, Label]] = {
    EntryCode.REQUESTED: Label(N_("You sent your request")),
    EntryCode.ENTERED_AT_COUNTER: Label(N_("You asked for it at the counter")),
    EntryCode.ENTERED_ON_PHONE: Label(N_("You asked for it on the phone")),
    EntryCode.REQUEST_CHANGED: Label(N_("You changed your request")),
    EntryCode.REQUEST_CHANGED_BY_STUDIO: Label(N_("The studio changed your request for you")),
    EntryCode.REQUEST_REFUSED: Label(N_("The studio does not take your request")),
    EntryCode.CHANGE_PROPOSED: Label(N_("You proposed a change")),
    EntryCode.CHANGE_PROPOSED_BY_STUDIO: Label(N_("The studio entered a change that you propose")),
    EntryCode.PROPOSAL_APPLIED: Label(N_("The studio agreed to the change")),
    EntryCode.PROPOSAL_REFUSED: Label(N_("The studio refused the change")),
    EntryCode.PROPOSAL_TAKEN_BACK: Label(N_("You took the proposed change back")),
    EntryCode.PROPOSAL_OVERTAKEN: Label(N_("The proposed change was overtaken")),
    EntryCode.REQUEST_CANCELLED: Label(N_("You cancelled your request")),
    EntryCode.RECEIPT_CONFIRMED: Label(N_("You confirmed that it has arrived")),
    EntryCode.SIGN_OFF_REQUESTED: Label(N_("We asked for your sign-off")),
    EntryCode.SIGNED_OFF: Label(N_("You signed it off")),
    EntryCode.CHANGE_REQUESTED: Label(N_("You requested a change")),
    EntryCode.CANCELLATION_REQUESTED: Label(N_("You asked to cancel")),
    EntryCode.CANCELLATION_REQUESTED_FREE: Label(N_("You asked to cancel")),
    EntryCode.CANCELLATION_REFUSED: Label(N_("The cancellation came too late")),
    EntryCode.CONTRACT_WITHDRAWN: Label(N_("You withdrew from the contract")),
    EntryCode.CLAIM_MADE: Label(N_("You told us that something is wrong")),
    EntryCode.REPAIR_OFFERED: Label(N_("We repair your piece")),
    EntryCode.REMAKE_OFFERED: Label(N_("We make your piece again")),
    EntryCode.PRICE_REDUCED: Label(N_("We reduced the price")),
    EntryCode.PRICE_REFUNDED: Label(N_("We refund the price")),
    EntryCode.CLAIM_REFUSED: Label(N_("We cannot put this right")),
    EntryCode.QUOTE_DRAFTED: Label(N_("Your quote is drafted")),
    EntryCode.QUOTE_SENT: Label(N_("We sent your quote")),
    EntryCode.QUOTE_ACCEPTED: Label(N_("You accepted the quote")),
    EntryCode.QUOTE_DECLINED: Label(N_("You declined the quote")),
    EntryCode.CHANGE_ORDER_ASKED: Label(N_("A change of your order is being worked out")),
    EntryCode.CHANGE_ORDER_OFFERED: Label(N_("A change of your order")),
    EntryCode.CHANGE_ORDER_AGREED: Label(N_("You agreed to the change")),
    EntryCode.CHANGE_ORDER_APPLIED: Label(N_("The change is in force")),
    EntryCode.CHANGE_ORDER_DECLINED: Label(N_("You left everything as agreed")),
    EntryCode.CHANGE_ORDER_LAPSED: Label(N_("The change was not agreed in time")),
    EntryCode.CHANGE_ORDER_WITHDRAWN: Label(N_("The change was taken back")),
    EntryCode.CHANGE_ORDER_REFUSED: Label(N_("The change could not be made")),
    EntryCode.QUOTE_EXPIRED: Label(N_("The quote has expired")),
    EntryCode.QUESTION_ASKED: Label(N_("You asked about the quote")),
    EntryCode.QUESTION_ANSWERED: Label(N_("The studio answered")),
    EntryCode.DEPOSIT_INVOICED: Label(N_("Invoice for the deposit")),
    EntryCode.TOP_UP_INVOICED: Label(N_("Invoice for the change")),
    EntryCode.BALANCE_INVOICED: Label(N_("Final invoice")),
    EntryCode.CANCELLATION_INVOICED: Label(N_("Invoice after the cancellation")),
    EntryCode.PAID_IN_PART: Label(N_("We received part of the payment")),
    EntryCode.PAYMENT_RECEIVED: Label(N_("We received your payment")),
    EntryCode.DEPOSIT_PAID: Label(N_("The deposit is paid")),
    EntryCode.TOP_UP_PAID: Label(N_("The change is paid")),
    EntryCode.BALANCE_PAID: Label(N_("Everything is paid")),
    EntryCode.CANCELLATION_PAID: Label(N_("The cancellation is paid")),
    EntryCode.OVERPAYMENT_REFUNDED: Label(N_("You get money back")),
    EntryCode.CANCELLATION_REFUNDED: Label(N_("You get money back")),
    EntryCode.LATE_PAYMENT_REFUNDED: Label(N_("You get money back")),
    EntryCode.CLAIM_REFUNDED: Label(N_("You get money back")),
    EntryCode.WITHDRAWAL_REFUNDED: Label(N_("You get money back")),
    EntryCode.CHANGE_REFUNDED: Label(N_("You get money back")),
    EntryCode.REFUND_SENT: Label(N_("Your refund is on its way")),
    EntryCode.PAYMENT_REVERSED: Label(N_("A payment does not count any more")),
    EntryCode.REFUND_WITHDRAWN: Label(N_("A refund is not owed any more")),
    EntryCode.HOURS_HELD: Label(N_("Time at the bench is held for you")),
    EntryCode.HOURS_HELD_TOO_LATE: Label(N_("Time at the bench is held for you")),
    EntryCode.HOURS_RELEASED: Label(N_("The time at the bench is free again")),
    EntryCode.HOURS_BOOKED: Label(N_("Your time at the bench is booked")),
    EntryCode.READY_LATER: Label(N_("Your piece is ready later")),
    EntryCode.READY_SOONER: Label(N_("Your piece is ready sooner")),
    EntryCode.STAGE_STARTED: Label(N_("Started: %(stage)s")),
    EntryCode.STAGE_REPEATED: Label(N_("Started again: %(stage)s")),
    EntryCode.STAGE_DONE: Label(N_("%(stage)s")),
    EntryCode.STAGE_DONE_THEN_WAIT: Label(N_("%(stage)s")),
    EntryCode.LAST_STAGE_DONE: Label(N_("%(stage)s")),
    EntryCode.PHOTO_TAKEN: Label(N_("A photo from the bench")),
    EntryCode.NOTE_WRITTEN: Label(N_("A note from the maker")),
    EntryCode.NOTE_ON_ITS_WAY: Label(N_("A note from the maker")),
    EntryCode.MISHAP: Label(N_("Something went wrong at the bench")),
    EntryCode.MISHAP_UNDONE: Label(N_("Nothing went wrong after all")),
    EntryCode.CHECK_FAILED: Label(N_("A quality check failed")),
    EntryCode.PIECE_MADE: Label(N_("Your piece is made")),
    EntryCode.MAKING_PAUSED: Label(N_("Work is paused")),
    EntryCode.MAKING_RESUMED: Label(N_("Work continues")),
    EntryCode.MAKING_STOPPED: Label(N_("Work has stopped")),
    EntryCode.MAKING_STOPPED_FREE: Label(N_("Work has stopped")),
    EntryCode.GATE_REACHED: Label(N_("Before: %(gate)s")),
    EntryCode.GATE_OPENED: Label(N_("Signed off: %(gate)s")),
    EntryCode.GATE_PASSED: Label(N_("%(gate)s")),
    EntryCode.GATE_VOIDED: Label(N_("To be signed off again: %(gate)s")),
    EntryCode.ADDRESS_ASKED: Label(N_("We asked you where it goes")),
    EntryCode.READY_FOR_PICKUP: Label(N_("Your piece is ready to be collected")),
    EntryCode.PIECE_PACKED: Label(N_("Your piece is packed")),
    EntryCode.PARCEL_SENT: Label(N_("Your parcel is on its way")),
    EntryCode.PARCEL_MISSED: Label(N_("The parcel has not come")),
    EntryCode.PARCEL_CLAIMED: Label(N_("We have claimed the parcel from the carrier")),
    EntryCode.PARCEL_DELIVERED: Label(N_("Your parcel has arrived")),
    EntryCode.CERTIFICATE_ISSUED: Label(N_("Your certificate is ready")),
    EntryCode.MAIL_SENT: Label(N_("We sent you an email")),
    EntryCode.MAIL_FAILED: Label(N_("Our email did not reach you")),
    EntryCode.MAIL_OMITTED: Label(N_("We tell you ourselves, without an email")),
    EntryCode.STUDIO_INFORMED: Label(N_("The studio is looking into it")),
    EntryCode.NOW: Label(N_("%(status)s")),
    EntryCode.HOURS_TO_HOLD: Label(N_("We hold time at the bench")),
    EntryCode.QUOTE_TO_DRAFT: Label(N_("We write your quote, line by line")),
    EntryCode.QUOTE_TO_CHECK: Label(N_("The studio checks it")),
    EntryCode.DECISION_TO_COME: Label(N_("You decide")),
    EntryCode.DEPOSIT_TO_PAY: Label(N_("You pay the deposit")),
    EntryCode.MAKING_TO_COME: Label(N_("Your piece is made, and you can follow it")),
    EntryCode.BALANCE_TO_PAY: Label(N_("It is checked, and you pay the balance")),
    EntryCode.PARCEL_TO_COME: Label(N_("It is sent to you, with its certificate")),
}

TEXTS: Final[Mapping[EntryCode, Label]] = MappingProxyType(
    {
        EntryCode.REQUESTED: Label(N_("Your answers are saved below.")),
        EntryCode.ENTERED_AT_COUNTER: Label(N_("The studio wrote down what you said. You find it below.")),
        EntryCode.ENTERED_ON_PHONE: Label(N_("The studio wrote down what you said. You find it below.")),
        EntryCode.REQUEST_CHANGED: Label(N_("That made version %(version)s.")),
        EntryCode.REQUEST_CHANGED_BY_STUDIO: Label(N_("That made version %(version)s.")),
        EntryCode.PROPOSAL_APPLIED: Label(N_("That made version %(version)s. A revised quote comes.")),
        EntryCode.PROPOSAL_REFUSED: Label(N_("The quote stands as it is.")),
        EntryCode.PROPOSAL_OVERTAKEN: Label(N_("The quote was accepted or ended before the studio had answered.")),
        EntryCode.REQUEST_CANCELLED: Label(N_("The studio knows.")),
        EntryCode.RECEIPT_CONFIRMED: Label(N_("Thank you for telling us.")),
        EntryCode.SIGN_OFF_REQUESTED: Label(N_("%(gate)s.")),
        EntryCode.SIGNED_OFF: Label(N_("%(gate)s.")),
        EntryCode.CHANGE_REQUESTED: Label(N_("%(gate)s.")),
        EntryCode.CANCELLATION_REQUESTED: Label(N_("You agreed to owe %(percent)s of the price.")),
        EntryCode.CANCELLATION_REQUESTED_FREE: Label(N_("You owe nothing.")),
        EntryCode.CANCELLATION_REFUSED: Label(
            N_("In the meantime, a step was done that cannot be undone. Your commission continues.")
        ),
        EntryCode.QUOTE_DRAFTED: Label(N_("Each line says what it pays for.")),
        EntryCode.QUOTE_SENT: Label(N_("You can read it, ask questions and decide.")),
        EntryCode.QUOTE_ACCEPTED: Label(N_("It is now binding for you and for us.")),
        EntryCode.QUOTE_DECLINED: Label(N_("Thank you for telling us.")),
        EntryCode.CHANGE_ORDER_OFFERED: Label(N_("The page of the change says what differs, and what it costs.")),
        EntryCode.CHANGE_ORDER_AGREED: Label(N_("It counts once the bench has applied it.")),
        EntryCode.CHANGE_ORDER_APPLIED: Label(N_("It is part of the contract. The piece is ready by %(ready_by)s.")),
        EntryCode.CHANGE_ORDER_DECLINED: Label(N_("What was agreed before holds.")),
        EntryCode.CHANGE_ORDER_LAPSED: Label(N_("What was agreed before holds.")),
        EntryCode.CHANGE_ORDER_WITHDRAWN: Label(N_("What was agreed before holds.")),
        EntryCode.CHANGE_ORDER_REFUSED: Label(N_("It came too late at the bench. What was agreed before holds.")),
        EntryCode.QUOTE_EXPIRED: Label(N_("It can no longer be accepted.")),
        EntryCode.DEPOSIT_INVOICED: Label(N_("Invoice %(number)s.")),
        EntryCode.TOP_UP_INVOICED: Label(N_("Invoice %(number)s.")),
        EntryCode.BALANCE_INVOICED: Label(N_("Invoice %(number)s.")),
        EntryCode.CANCELLATION_INVOICED: Label(N_("Invoice %(number)s.")),
        EntryCode.PAID_IN_PART: Label(N_("Thank you. Part of the amount is still to be paid.")),
        EntryCode.PAYMENT_RECEIVED: Label(N_("Thank you.")),
        EntryCode.DEPOSIT_PAID: Label(N_("We can now book your time at the bench.")),
        EntryCode.BALANCE_PAID: Label(N_("Your piece can now be sent.")),
        EntryCode.CANCELLATION_PAID: Label(N_("Nothing is left to pay.")),
        EntryCode.OVERPAYMENT_REFUNDED: Label(N_("You paid more than the invoice asked for.")),
        EntryCode.CANCELLATION_REFUNDED: Label(N_("You paid more than you owe after the cancellation.")),
        EntryCode.LATE_PAYMENT_REFUNDED: Label(N_("Your payment came after the commission had ended.")),
        EntryCode.REFUND_SENT: Label(N_("You will receive it in a few days.")),
        EntryCode.PAYMENT_REVERSED: Label(N_("It was recorded by mistake, or the bank took it back.")),
        EntryCode.HOURS_HELD: Label(N_("If you accept in time, your piece is ready by %(ready_by)s.")),
        EntryCode.HOURS_HELD_TOO_LATE: Label(
            N_(
                "The earliest day we can promise is %(ready_by)s. You need it by %(needed_by)s. If that is too late, "
                "cancel your request; you owe nothing."
            )
        ),
        EntryCode.HOURS_RELEASED: Label(N_("It can be used for other pieces.")),
        EntryCode.HOURS_BOOKED: Label(N_("Work begins on %(begins_on)s. Your piece is ready by %(ready_by)s.")),
        EntryCode.READY_LATER: Label(N_("%(reason)s It is now ready by %(ready_by)s instead of %(before)s.")),
        EntryCode.READY_SOONER: Label(N_("By %(ready_by)s instead of %(before)s.")),
        EntryCode.STAGE_STARTED: Label(N_("The maker is working on it.")),
        EntryCode.STAGE_REPEATED: Label(N_("The maker is doing this part again.")),
        EntryCode.STAGE_DONE: Label(N_("Done.")),
        EntryCode.STAGE_DONE_THEN_WAIT: Label(N_("Done. It now rests until %(next_on)s.")),
        EntryCode.LAST_STAGE_DONE: Label(N_("Done. This was the last stage.")),
        EntryCode.NOTE_ON_ITS_WAY: Label(N_("The text is on its way.")),
        EntryCode.MISHAP_UNDONE: Label(N_("It was reported by mistake. Work continues as before.")),
        EntryCode.CHECK_FAILED: Label(
            N_("It goes back to this stage: %(stage)s. We only send pieces that pass every check.")
        ),
        EntryCode.PIECE_MADE: Label(N_("Every stage is done, and every quality check is passed.")),
        EntryCode.MAKING_PAUSED: Label(N_("The studio has paused your commission. All deadlines are on hold.")),
        EntryCode.MAKING_RESUMED: Label(N_("The remaining stages have new dates.")),
        EntryCode.MAKING_STOPPED: Label(N_("You owe %(percent)s of the price for the work that was done.")),
        EntryCode.MAKING_STOPPED_FREE: Label(N_("You owe nothing.")),
        EntryCode.GATE_REACHED: Label(N_("This stage cannot be undone. It waits for a sign-off.")),
        EntryCode.GATE_OPENED: Label(N_("Work can continue.")),
        EntryCode.GATE_VOIDED: Label(
            N_("It was done before the change was agreed, so it does not count any more. The piece goes back.")
        ),
        EntryCode.GATE_PASSED: Label(
            N_("This cannot be undone. From now on, cancelling costs %(percent)s of the price.")
        ),
        EntryCode.CONTRACT_WITHDRAWN: Label(N_("You owe nothing.")),
        EntryCode.WITHDRAWAL_REFUNDED: Label(N_("Since you withdrew from the contract.")),
        EntryCode.CHANGE_REFUNDED: Label(N_("Since the piece costs less with the change than you have paid.")),
        EntryCode.CLAIM_REFUNDED: Label(N_("Since something was wrong with your piece.")),
        EntryCode.PIECE_PACKED: Label(N_("With everything that belongs to it.")),
        EntryCode.ADDRESS_ASKED: Label(N_("We pack it as soon as you have said it.")),
        EntryCode.READY_FOR_PICKUP: Label(N_("It waits for you at the studio, where you sign for it.")),
        EntryCode.PARCEL_SENT: Label(N_("%(carrier)s has your parcel. Tracking number: %(tracking)s.")),
        EntryCode.PARCEL_MISSED: Label(N_("The studio asks the carrier. The risk is ours, not yours.")),
        EntryCode.PARCEL_CLAIMED: Label(N_("%(carrier)s has to say where it is.")),
        EntryCode.PARCEL_DELIVERED: Label(N_("The carrier reported it as delivered.")),
        EntryCode.CERTIFICATE_ISSUED: Label(N_("It proves where your piece comes from. Its number is %(serial)s.")),
        EntryCode.MAIL_FAILED: Label(
            N_("Your mailbox did not accept it. Everything that it said is on this page too.")
        ),
        EntryCode.HOURS_TO_HOLD: Label(N_("A maker's hours, and a day by which your piece is ready.")),
        EntryCode.QUOTE_TO_DRAFT: Label(N_("What your piece costs, and why.")),
        EntryCode.QUOTE_TO_CHECK: Label(N_("Somebody from the studio reads every quote before you get it.")),
        EntryCode.DECISION_TO_COME: Label(N_("Nothing is made, and you owe nothing, until you accept.")),
        EntryCode.DEPOSIT_TO_PAY: Label(N_("Your time at the bench is then booked.")),
        EntryCode.MAKING_TO_COME: Label(N_("You see photos here, and you sign off each step that cannot be undone.")),
        EntryCode.BALANCE_TO_PAY: Label(N_("We check it against a list, with a tolerance for each point.")),
        EntryCode.PARCEL_TO_COME: Label(N_("Insured for its full price.")),
    }
)
"""An entry that is not here has no text, or one of the tables below."""

REPLANNED: Final[Mapping[Replanned, Label]] = MappingProxyType(
    {
        Replanned.LATE_START: Label(N_("Work started later than planned.")),
        Replanned.MISHAP: Label(N_("Something went wrong at the bench and is being put right.")),
        Replanned.REWORK: Label(N_("A quality check failed, so part of the work is done again.")),
        Replanned.PAUSE: Label(N_("The commission was paused.")),
        Replanned.CHANGE_ORDER: Label(N_("Your order was changed, or a change of it took time to decide.")),
        Replanned.ANOTHER_MAKER: Label(N_("Another maker has taken over.")),
    }
)
"""Why the day moved."""

MISHAPS: Final[Mapping[Mishap, Label]] = MappingProxyType(
    {
        Mishap.PIECE_DAMAGED: Label(N_("The piece was damaged. The maker repairs it or makes it again.")),
        Mishap.MATERIAL_SPOILT: Label(N_("The material was spoilt. New material is on its way.")),
        Mishap.MATERIAL_LATE: Label(N_("The material has not arrived in time.")),
        Mishap.TOOL_BROKEN: Label(N_("A tool broke. It is being repaired or replaced.")),
        Mishap.MAKER_AWAY: Label(N_("The maker is away. Your piece is kept safe.")),
    }
)
"""What a customer reads about a mishap; staff read `MISHAPS` in `shared/web/labels.py`."""

ESCALATIONS: Final[Mapping[Escalation, Label]] = MappingProxyType(
    {
        Escalation.CUSTOMER_SILENT: Label(N_("We have not heard from you for a while. The studio will contact you.")),
        Escalation.MAKER_SILENT: Label(N_("Nothing has happened at the bench for too long. The studio is asking why.")),
        Escalation.APPROVAL_REFUSED: Label(N_("You requested a change. The studio is reading what you wrote.")),
        Escalation.PARCEL_MISSING: Label(
            N_("Your parcel should have arrived by now. The studio is asking the carrier.")
        ),
        Escalation.PARCEL_REPORTED: Label(N_("The studio knows that your parcel has not come.")),
        Escalation.STEP_REFUSED: Label(N_("Something did not work. The studio is putting it right.")),
        Escalation.PAYMENT_REVERSED: Label(
            N_("A payment does not count any more. The page of your quote shows what is left to pay.")
        ),
        Escalation.FACT_UNREADABLE: Label(N_("Something did not work. The studio is putting it right.")),
    }
)

CLAIMS: Final[Mapping[ClaimKind, Label]] = MappingProxyType(
    {
        ClaimKind.FIT: Label(N_("It does not fit")),
        ClaimKind.DAMAGE: Label(N_("It arrived damaged")),
        ClaimKind.FAULT: Label(N_("It has a fault")),
        ClaimKind.NOT_AS_AGREED: Label(N_("It is not what we agreed")),
    }
)
"""What is wrong with a piece, as its customer says it."""

REMEDIES: Final[Mapping[ClaimRemedy, Label]] = MappingProxyType(
    {
        ClaimRemedy.REPAIR: Label(N_("Repair"), N_("The studio repairs your piece. It costs you nothing.")),
        ClaimRemedy.REMAKE: Label(N_("Made again"), N_("The studio makes your piece again. It costs you nothing.")),
        ClaimRemedy.REDUCTION: Label(N_("Lower price"), N_("You keep your piece, and part of the price goes back.")),
        ClaimRemedy.REFUND: Label(N_("Refund"), N_("All that you paid goes back to you.")),
        ClaimRemedy.REFUSAL: Label(
            N_("Refused"),
            N_(
                "The studio does not think that it has to put this right, and says why. If you see it differently, "
                "write back."
            ),
        ),
    }
)
"""What the studio answered; the remedy says what that means."""

STATES: Final[Mapping[EntryState, Label]] = {
    EntryState.DONE: Label(c_("of a timeline's entry", "done")),
    EntryState.NOW: Label(c_("of a timeline's entry", "now")),
    EntryState.AHEAD: Label(c_("of a timeline's entry", "still to come")),
    EntryState.WRONG: Label(c_("of a timeline's entry", "went wrong")),
}

CHAPTERS: Final[Mapping[Chapter, Label]] = {
    Chapter.REQUEST: Label(N_("Your request")),
    Chapter.QUOTE: Label(N_("The quote")),
    Chapter.BENCH: Label(N_("At the bench")),
    Chapter.PARCEL: Label(N_("On its way to you")),
}

AUTHORS: Final[Mapping[Author, Label]] = {
    Author.CUSTOMER: Label(N_("You")),
    Author.STUDIO: Label(N_("The studio")),
    Author.MAKER: Label(N_("The maker")),
}
