"""The words of lifecycle's codes, and of the facts and commands that the dashboard names."""

from collections.abc import Mapping
from typing import Final

from services.lifecycle.domain.account import GateState
from services.lifecycle.domain.audit import AuditOutcome
from services.lifecycle.domain.charts import ClockHolder
from services.lifecycle.domain.dashboard import DashboardSection, DayAtRisk, Risk
from services.lifecycle.domain.delivery import DeliveryOutcome
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.papers import PrintableKind
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.domain.timeline import TimelineKind
from services.lifecycle.labels.audit import AUDIT_ACTIONS
from services.lifecycle.workflow.messages import OperationRefusal
from shared.contracts.commands.command import CommandFailure
from shared.contracts.commissions import ClaimKind, EntryWay
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.production import Replanned
from shared.i18n import N_, Label, Labels, c_, n_
from shared.kernel.problems import ProblemType
from shared.web.labels import PROBLEMS

PHASES: Final[Mapping[Phase, Label]] = {
    Phase.REQUESTED: Label(N_("Requested")),
    Phase.PROMISING: Label(N_("Finding a day")),
    Phase.QUOTING: Label(N_("Drafting the quote")),
    Phase.DESK: Label(N_("Draft to check")),
    Phase.OFFERED: Label(N_("Quote sent")),
    Phase.DEPOSIT: Label(N_("Deposit due")),
    Phase.MAKING: Label(N_("At the bench")),
    Phase.BALANCE: Label(N_("Balance due")),
    Phase.SHIPPING: Label(N_("Shipping")),
    Phase.CERTIFYING: Label(N_("Writing the certificate")),
    Phase.ENDED: Label(N_("Closing")),
}
HOLDERS: Final[Mapping[Holder, Label]] = {
    Holder.CUSTOMER: Label(N_("Customer")),
    Holder.MAKER: Label(N_("Maker")),
    Holder.STUDIO: Label(N_("Studio")),
    Holder.PROCESS: Label(N_("Automatic")),
    Holder.NOBODY: Label(N_("Nobody")),
}
OUTCOMES: Final[Mapping[Outcome, Label]] = {
    Outcome.LAPSED: Label(N_("Ended: lapsed")),
    Outcome.WITHDRAWN: Label(N_("Ended: withdrawn")),
    Outcome.DECLINED: Label(N_("Ended: quote declined")),
    Outcome.REFUSED: Label(N_("Ended: refused by the studio")),
    Outcome.EXPIRED: Label(N_("Ended: quote expired")),
    Outcome.CANCELLED: Label(N_("Ended: cancelled")),
    Outcome.COMPLETED: Label(N_("Completed")),
}
ESCALATIONS: Final[Mapping[Escalation, Label]] = {
    Escalation.CUSTOMER_SILENT: Label(N_("The customer does not answer")),
    Escalation.MAKER_SILENT: Label(N_("The maker does not answer")),
    Escalation.APPROVAL_REFUSED: Label(N_("The customer asked for a change")),
    Escalation.PARCEL_MISSING: Label(N_("The parcel has not arrived")),
    Escalation.PARCEL_REPORTED: Label(N_("The customer says that the parcel has not come")),
    Escalation.STEP_REFUSED: Label(N_("A step was refused")),
    Escalation.FACT_UNREADABLE: Label(N_("An event could not be read")),
    Escalation.PAYMENT_REVERSED: Label(N_("A payment was reversed")),
}
RISKS: Final[Mapping[Risk, Label]] = {
    Risk.LATE: Label(N_("Late")),
    Risk.ESCALATED: Label(N_("Needs attention")),
    Risk.AT_RISK: Label(N_("At risk")),
    Risk.SOON: Label(N_("Due soon")),
    Risk.PAUSED: Label(N_("Paused")),
    Risk.NONE: Label(N_("On time")),
}
DAYS_AT_RISK: Final[Mapping[DayAtRisk, Label]] = {
    DayAtRisk.NEEDED: Label(N_("Planned after the day it is needed by")),
    DayAtRisk.PROMISED: Label(N_("Planned after the promised day")),
}
SECTIONS: Final[Mapping[DashboardSection, Label]] = {
    DashboardSection.FIRST: Label(N_("Look at these first")),
    DashboardSection.SOON: Label(N_("Due soon")),
    DashboardSection.IN_TIME: Label(N_("On time")),
    DashboardSection.PAUSED: Label(N_("Paused")),
    DashboardSection.ENDED: Label(N_("Ended")),
}
KINDS: Final[Mapping[TimelineKind, Label]] = {
    TimelineKind.FACT: Label(N_("Events")),
    TimelineKind.MONEY: Label(N_("Money")),
    TimelineKind.MAIL: Label(N_("Mails")),
    TimelineKind.COMMAND: Label(N_("Commands")),
    TimelineKind.TIMER: Label(N_("Timers")),
    TimelineKind.OPS: Label(N_("By ops")),
}
FACTS: Final[Mapping[str, Label]] = {
    "CommissionConfirmed": Label(N_("Request confirmed")),
    "ConfirmationAsked": Label(N_("Address to be confirmed")),
    "ConfirmationReminded": Label(N_("Reminded to confirm the address")),
    "RequestDropped": Label(N_("Request deleted, not confirmed")),
    "BriefChanged": Label(N_("The request was changed")),
    "RequestRefused": Label(N_("The request was refused")),
    "ChangeProposed": Label(N_("A change was proposed")),
    "ChangeProposalClosed": Label(N_("The proposed change was closed")),
    "CommissionWithdrawn": Label(N_("The customer withdrew the request")),
    "CancellationAsked": Label(N_("The customer asked to cancel")),
    "CancellationRefused": Label(N_("Cancellation refused")),
    "ApprovalAsked": Label(N_("Sign-off requested")),
    "ApprovalGiven": Label(N_("The customer signed off")),
    "ApprovalRefused": Label(N_("The customer asked for a change")),
    "MessageSent": Label(N_("Message written")),
    "MessagesRead": Label(N_("Messages read")),
    "DeliveryChosen": Label(N_("It was said where the piece goes")),
    "ParcelMissed": Label(N_("The customer says that the parcel has not come")),
    "ReceiptConfirmed": Label(N_("The customer confirmed that the parcel arrived")),
    "QuoteDrafted": Label(N_("Quote drafted")),
    "QuoteSendAsked": Label(N_("The studio asked to send the quote")),
    "QuoteSent": Label(N_("Quote sent")),
    "QuoteAccepted": Label(N_("The customer accepted the quote")),
    "QuoteDeclined": Label(N_("The customer declined the quote")),
    "QuoteExpired": Label(N_("Quote expired")),
    "QuestionAsked": Label(N_("The customer asked a question")),
    "QuestionAnswered": Label(N_("The studio answered a question")),
    "ContractWithdrawn": Label(N_("The customer withdrew from the contract")),
    "ClaimMade": Label(N_("The customer says that something is wrong")),
    "ClaimAnswered": Label(N_("The studio answered what is wrong")),
    "InvoiceIssued": Label(N_("Invoice issued")),
    "PaymentReceived": Label(N_("Payment received")),
    "InvoicePaid": Label(N_("Invoice paid in full")),
    "PaymentReversed": Label(N_("Payment reversed")),
    "InvoiceReopened": Label(N_("Invoice open again")),
    "ChangeOrderAsked": Label(N_("Change order asked for")),
    "ChangeOrderOffered": Label(N_("Change order offered")),
    "ChangeOrderAgreed": Label(N_("Change order agreed, not applied yet")),
    "ChangeOrderApplied": Label(N_("Change order applied")),
    "ChangeOrderEnded": Label(N_("Change order came to nothing")),
    "RefundWithdrawn": Label(N_("Refund withdrawn")),
    "RefundDue": Label(N_("Refund due")),
    "RefundPaid": Label(N_("Refund paid")),
    "PromiseHeld": Label(N_("A maker's hours were held")),
    "PromiseReleased": Label(N_("Held hours released")),
    "PromiseBooked": Label(N_("The maker's hours were booked")),
    "PieceReplanned": Label(N_("Piece replanned")),
    "StageBegun": Label(N_("Work started")),
    "StagePaused": Label(N_("Work paused")),
    "StageFinished": Label(N_("Work finished")),
    "GateReached": Label(N_("The piece waits at a gate")),
    "GateOpened": Label(N_("Gate opened")),
    "GatePassed": Label(N_("Gate passed, cannot be undone")),
    "GateVoided": Label(N_("Gate voided: a change order takes the piece back before it")),
    "PhotoTaken": Label(N_("The maker took a photo")),
    "NoteWritten": Label(N_("The maker wrote a note")),
    "MishapReported": Label(N_("Mishap at the bench")),
    "MishapUndone": Label(N_("Mishap undone: it was reported by mistake")),
    "QualityFailed": Label(N_("Quality check failed")),
    "PieceMade": Label(N_("Piece made")),
    "MakingPaused": Label(N_("The bench paused work")),
    "MakingResumed": Label(N_("The bench resumed work")),
    "MakingStopped": Label(N_("The bench stopped work")),
    "AddressAsked": Label(N_("The customer was asked where the piece goes")),
    "ReadyForPickup": Label(N_("Ready to be collected")),
    "PiecePacked": Label(N_("Piece packed")),
    "ParcelHandedOver": Label(N_("Parcel handed to the carrier")),
    "ParcelClaimed": Label(N_("Parcel claimed from the carrier")),
    "ParcelDelivered": Label(N_("Parcel delivered")),
    "CertificateIssued": Label(N_("Certificate issued")),
    "MailSent": Label(N_("Mail sent")),
    "MailFailed": Label(N_("Mail could not be delivered")),
    "MailOmitted": Label(N_("Not mailed: tell the customer")),
    "PhaseEntered": Label(N_("New phase")),
    "CommissionReminded": Label(N_("Reminder due")),
    "CommissionEscalated": Label(N_("Needs attention")),
    "CommissionEnded": Label(N_("Commission ended")),
}
"""Facts by the name of their class."""

COMMANDS: Final[Mapping[str, Label]] = {
    "intake.AskApproval": Label(N_("Ask the customer to sign off")),
    "intake.CloseCommission": Label(N_("Close the customer's page")),
    "intake.RefuseCancellation": Label(N_("Refuse the cancellation")),
    "lifecycle.RecordEnd": Label(N_("Record the end")),
    "lifecycle.RecordEscalation": Label(N_("Record that it needs attention")),
    "lifecycle.RecordPhase": Label(N_("Record the phase")),
    "lifecycle.RecordReminder": Label(N_("Record a reminder")),
    "production.BookPromise": Label(N_("Book the maker's hours")),
    "production.ExtendHold": Label(N_("Hold the hours for longer")),
    "production.PreviewPromise": Label(N_("Find the first free day")),
    "production.HoldPromise": Label(N_("Hold a maker's hours")),
    "production.LookAtBench": Label(N_("Look whether the maker was active")),
    "production.IssueCertificate": Label(N_("Issue the certificate")),
    "production.OpenGate": Label(N_("Open a gate")),
    "production.PauseMaking": Label(N_("Pause work at the bench")),
    "production.ReleaseParcel": Label(N_("Release the piece for packing")),
    "production.ReleasePromise": Label(N_("Release the held hours")),
    "production.ResumeMaking": Label(N_("Resume work at the bench")),
    "production.FreezeStages": Label(N_("Hold back the steps that a change order touches")),
    "production.ApplyChangeOrder": Label(N_("Apply the change order at the bench")),
    "production.ThawStages": Label(N_("Let the bench go on after a change order")),
    "production.StopMaking": Label(N_("Stop work at the bench")),
    "quotes.DraftQuote": Label(N_("Draft the quote")),
    "quotes.SendQuote": Label(N_("Send the quote")),
    "quotes.KeepDraft": Label(N_("Keep the quote a draft")),
    "quotes.ExpireQuote": Label(N_("Expire the quote")),
    "quotes.ExtendQuote": Label(N_("Extend the quote")),
    "quotes.IssueBalance": Label(N_("Issue the balance invoice")),
    "quotes.RefundWithdrawal": Label(N_("Refund the withdrawal")),
    "quotes.OfferChangeOrder": Label(N_("Offer the change order")),
    "quotes.EndChangeOrder": Label(N_("End the change order")),
    "quotes.CountChangeOrder": Label(N_("Amend the contract, and count the money of the change order")),
    "intake.PutProposalInForce": Label(N_("Put the agreed change in force")),
    "quotes.SettleCancellation": Label(N_("Settle the cancellation")),
}
"""Commands by the name of their activity."""

STEP_PROBLEMS: Final[Mapping[str, Label]] = {
    ProblemType.CONFLICT.slug: Label(N_("it does not fit what has happened since")),
    ProblemType.NOT_FOUND.slug: Label(N_("what it is about is missing")),
    ProblemType.VALIDATION_FAILED.slug: Label(N_("what it was given is not valid")),
    ProblemType.INTERNAL.slug: Label(N_("a fault in the program")),
    ProblemType.NOT_YET.slug: Label(N_("what it needs has not arrived yet")),
    ProblemType.UNAVAILABLE.slug: Label(N_("something that it needs was not available")),
    ProblemType.TIMED_OUT.slug: Label(N_("no answer in time")),
    CommandFailure.NOT_YET.value: Label(N_("what it needs has not arrived yet")),
    CommandFailure.TRANSIENT.value: Label(N_("something that it needs was not available")),
    CommandFailure.UNEXPECTED.value: Label(N_("a fault in the program")),
}
"""Why a command was refused, for ops to read; a problem that is not here says what it says to everybody."""
UNKNOWN_PROBLEM: Final = Label(N_("we do not know why"))


def step_problem(code: str) -> Label:
    """The words of the code that a refused command leaves in the workflow's history."""
    of_everybody = next((type_ for type_ in ProblemType if type_.slug == code), None)
    return STEP_PROBLEMS.get(code) or (PROBLEMS[of_everybody] if of_everybody else UNKNOWN_PROBLEM)


DELIVERIES: Final[Mapping[DeliveryOutcome, Label]] = {
    DeliveryOutcome.STARTED: Label(N_("Started the workflow")),
    DeliveryOutcome.SIGNALLED: Label(N_("Received by the workflow")),
    DeliveryOutcome.AFTER_THE_END: Label(N_("Arrived after the end")),
    DeliveryOutcome.NO_WORKFLOW: Label(N_("No workflow received it")),
}
GATES: Final[Mapping[GateState, Label]] = {
    GateState.AHEAD: Label(N_("Not reached yet")),
    GateState.ASKED: Label(N_("Sign-off requested")),
    GateState.REFUSED: Label(N_("Change requested")),
    GateState.SIGNED: Label(N_("Signed off")),
    GateState.REACHED: Label(N_("The piece waits here")),
    GateState.OPEN: Label(c_("gate", "Open")),
    GateState.PASSED: Label(N_("Passed")),
}
INVOICES: Final[Mapping[InvoiceKind, Label]] = {
    InvoiceKind.DEPOSIT: Label(N_("Deposit")),
    InvoiceKind.TOP_UP: Label(N_("Top-up")),
    InvoiceKind.BALANCE: Label(N_("Balance")),
    InvoiceKind.CANCELLATION: Label(N_("Cancellation")),
}
REFUNDS: Final[Mapping[RefundReason, Label]] = {
    RefundReason.OVERPAID: Label(N_("overpaid")),
    RefundReason.CANCELLED: Label(c_("refund", "cancelled")),
    RefundReason.NOT_OWED: Label(N_("arrived after the end")),
    RefundReason.CLAIM: Label(N_("something was wrong with the piece")),
    RefundReason.WITHDRAWN: Label(N_("the customer withdrew from the contract")),
    RefundReason.CHANGE_ORDER: Label(N_("a change order lowered the price")),
}
REPLANNED: Final[Mapping[Replanned, Label]] = {
    Replanned.LATE_START: Label(N_("started late")),
    Replanned.MISHAP: Label(N_("mishap")),
    Replanned.REWORK: Label(N_("rework")),
    Replanned.PAUSE: Label(N_("pause")),
    Replanned.CHANGE_ORDER: Label(N_("change order")),
    Replanned.ANOTHER_MAKER: Label(N_("another maker")),
}
OPERATIONS: Final[Mapping[Operation, Label]] = {
    Operation.NUDGE: Label(N_("Send a reminder")),
    Operation.EXTEND: Label(N_("Give more time")),
    Operation.PAUSE: Label(N_("Pause")),
    Operation.RESUME: Label(N_("Resume")),
    Operation.CANCEL: Label(N_("Cancel commission")),
    Operation.TRY_AGAIN: Label(N_("Try again")),
}
NEW_AMOUNT: Final = Label(N_("from %(before)s to %(amount)s"))
NEW_TOTAL: Final = Label(N_("total %(total)s"))
MINIMUM_LINE: Final = Label(N_("top-up to the minimum price"))
ENTRY_WAYS: Final[Mapping[EntryWay, Label]] = {
    EntryWay.COUNTER: Label(N_("at the counter")),
    EntryWay.PHONE: Label(N_("on the phone")),
}
CLAIMS: Final[Mapping[ClaimKind, Label]] = {
    ClaimKind.FIT: Label(N_("it does not fit")),
    ClaimKind.DAMAGE: Label(N_("it arrived damaged")),
    ClaimKind.FAULT: Label(N_("it has a fault")),
    ClaimKind.NOT_AS_AGREED: Label(N_("it is not what was agreed")),
}
PAPERS: Final[Mapping[PrintableKind, Label]] = {
    PrintableKind.QUOTE: Label(N_("Quote")),
    PrintableKind.CONTRACT: Label(N_("Contract")),
    PrintableKind.DEPOSIT_INVOICE: Label(N_("Invoice for the deposit")),
    PrintableKind.TOP_UP_INVOICE: Label(N_("Invoice for the change")),
    PrintableKind.BALANCE_INVOICE: Label(N_("Final invoice")),
    PrintableKind.CANCELLATION_INVOICE: Label(N_("Invoice after the cancellation")),
    PrintableKind.CREDIT_NOTE: Label(N_("Credit note")),
    PrintableKind.RECEIPT: Label(N_("Receipt")),
    PrintableKind.CERTIFICATE: Label(N_("Certificate")),
}
ON_THE_TABLET: Final = Label(N_("%(said)s, on the tablet of %(person)s"))
ENTERED: Final = Label(N_("Request entered %(way)s by %(person)s"))
CANCELLED_BY: Final[Mapping[str, Label]] = {
    "customer": Label(N_("Cancelled at the customer's request")),
    "studio": Label(N_("Cancelled by the studio")),
}
GAVE_DAYS: Final = Label(n_("Gave %(count)s more day", "Gave %(count)s more days"))
CLOCK_HOLDERS: Final[Mapping[ClockHolder, Label]] = {
    ClockHolder.CUSTOMER: Label(N_("Customer")),
    ClockHolder.MAKER: Label(N_("Maker")),
    ClockHolder.STUDIO: Label(N_("Studio")),
    ClockHolder.PROCESS: Label(N_("Automatic")),
    ClockHolder.PAUSED: Label(N_("Paused")),
}
REFUSALS: Final[Mapping[OperationRefusal, Label]] = {
    OperationRefusal.NOTHING_TO_TRY_AGAIN: Label(
        N_("Nothing of this commission waits to be tried again."),
        N_("Load its page again. Somebody may have been quicker."),
    ),
    OperationRefusal.NOBODY_TO_NUDGE: Label(
        N_("It waits for neither the customer nor the maker, so there is nobody to remind."),
        N_("If it waits for the studio, it is your turn. Automatic steps need no reminder."),
    ),
    OperationRefusal.NOTHING_TO_EXTEND: Label(
        N_("It waits for nobody right now, so there is nothing to extend."),
        N_("Wait until it is somebody's turn."),
    ),
    OperationRefusal.PAUSED: Label(N_("It is paused."), N_("Resume it first.")),
    OperationRefusal.PAUSED_ALREADY: Label(N_("It is already paused."), N_("There is nothing to do.")),
    OperationRefusal.NOT_PAUSED: Label(N_("It is not paused."), N_("There is nothing to do.")),
    OperationRefusal.CANCELLED_ALREADY: Label(
        N_("It is already being cancelled."), N_("Wait until that cancellation is done.")
    ),
    OperationRefusal.HANDED_OVER: Label(
        N_("The carrier has the parcel, or it has arrived. It cannot be cancelled any more."),
        N_("Talk to the customer about a return."),
    ),
    OperationRefusal.OVER: Label(
        N_("It has ended, or is being closed."), N_("Nothing about it can be changed any more.")
    ),
    OperationRefusal.GONE: Label(
        N_("No workflow of this commission is running, so it cannot be done."),
        N_("Open its page, call the customer, and check what is still held."),
    ),
    OperationRefusal.UNKNOWN: Label(
        N_("Its workflow refused. We do not know why."),
        N_("Check its page, and its workflow in Temporal."),
    ),
}
REASONS: Final[Mapping[OpsReason, Label]] = {
    OpsReason.UNKNOWN_COMMISSION: Label(N_("There is no commission with this number.")),
    OpsReason.MALFORMED_FORM: Label(N_("The form did not say what to do."), N_("Load the page again.")),
    OpsReason.NO_CAUSE: Label(N_("This does not say who cancels."), N_("Choose one of the two.")),
    OpsReason.NO_DAYS: Label(N_("This does not say how many days."), N_("Choose from 1 to %(longest)s days.")),
    OpsReason.DAYS_OUT_OF_RANGE: Label(
        N_("This number of days cannot be added."), N_("Choose from 1 to %(longest)s days.")
    ),
    OpsReason.NONE_CHOSEN: Label(N_("No commission is chosen."), N_("Tick at least one of them.")),
    OpsReason.TOO_MANY_CHOSEN: Label(
        N_("%(count)s commissions are too many at once."), N_("Choose at most %(most)s of them.")
    ),
    OpsReason.OUTCOME_UNKNOWN: Label(
        N_("Temporal cannot be reached right now, so we do not know whether it was done."),
        N_("Send it again in a minute. It happens once, however often you send it."),
    ),
}

AUDIT_OUTCOMES: Final[Mapping[AuditOutcome, Label]] = {
    AuditOutcome.ASKED: Label(N_("Not known yet")),
    AuditOutcome.DONE: Label(N_("Done")),
    AuditOutcome.REFUSED: Label(N_("Refused")),
}
LABELS: Final = Labels(
    PHASES, HOLDERS, OUTCOMES, ESCALATIONS, RISKS, DAYS_AT_RISK, SECTIONS, KINDS, DELIVERIES, GATES, INVOICES,
    REFUNDS, REPLANNED, OPERATIONS, AUDIT_ACTIONS, AUDIT_OUTCOMES, ENTRY_WAYS, PAPERS, CLAIMS,
    CLOCK_HOLDERS, REFUSALS, REASONS,
)  # fmt: skip
