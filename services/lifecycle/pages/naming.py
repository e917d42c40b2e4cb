"""What stages, holders, facts, commands and all else that has a name is called in the ops room."""

from collections.abc import Mapping
from typing import Final

from services.lifecycle.domain.account import GateState
from services.lifecycle.domain.audit import AuditAction, AuditOutcome
from services.lifecycle.domain.charts import ClockHolder
from services.lifecycle.domain.dashboard import Risk, Section
from services.lifecycle.domain.delivery import DeliveryOutcome
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.timeline import EntryKind
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.production import Mishap, Replanned

PHASES: Final[Mapping[Phase, str]] = {
    Phase.REQUESTED: "Requested",
    Phase.PROMISING: "Finding a maker's hours",
    Phase.QUOTING: "Drafting the quote",
    Phase.DESK: "Draft on the desk",
    Phase.OFFERED: "Quote with the customer",
    Phase.DEPOSIT: "Waiting for the deposit",
    Phase.MAKING: "At the bench",
    Phase.BALANCE: "Waiting for the balance",
    Phase.SHIPPING: "On its way to the customer",
    Phase.CERTIFYING: "Writing the certificate",
    Phase.ENDED: "Ended",
}
HOLDERS: Final[Mapping[Holder, str]] = {
    Holder.CUSTOMER: "The customer",
    Holder.MAKER: "The maker",
    Holder.STUDIO: "The studio",
    Holder.PROCESS: "Goes by itself",
    Holder.NOBODY: "Nobody",
}
MOVES: Final[Mapping[Holder, str]] = {
    Holder.CUSTOMER: "the customer's move",
    Holder.MAKER: "the maker's move",
    Holder.STUDIO: "the studio's move",
    Holder.PROCESS: "goes by itself",
    Holder.NOBODY: "nobody's move",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.LAPSED: "Ended: it lapsed",
    Outcome.WITHDRAWN: "Ended: withdrawn",
    Outcome.DECLINED: "Ended: the quote was declined",
    Outcome.EXPIRED: "Ended: the quote expired",
    Outcome.CANCELLED: "Ended: cancelled",
    Outcome.COMPLETED: "Completed",
}
ESCALATIONS: Final[Mapping[Escalation, str]] = {
    Escalation.CUSTOMER_SILENT: "The customer does not answer",
    Escalation.MAKER_SILENT: "The maker does not answer",
    Escalation.APPROVAL_REFUSED: "The customer wants it otherwise",
    Escalation.PARCEL_MISSING: "The parcel has not arrived",
    Escalation.STEP_REFUSED: "A step was refused",
}
RISKS: Final[Mapping[Risk, tuple[str, str]]] = {
    Risk.LATE: ("Late", "wrong"),
    Risk.ESCALATED: ("Wants a look", "attention"),
    Risk.SOON: ("Due soon", "attention"),
    Risk.PAUSED: ("Paused", ""),
    Risk.NONE: ("", ""),
}
RISK_CHOICES: Final[Mapping[Risk, str]] = {
    Risk.LATE: "Late",
    Risk.ESCALATED: "Wants a look",
    Risk.SOON: "Due soon",
    Risk.NONE: "In good time",
    Risk.PAUSED: "Paused",
}
SECTIONS: Final[Mapping[Section, str]] = {
    Section.FIRST: "Look at these first",
    Section.SOON: "Due soon",
    Section.IN_TIME: "In good time",
    Section.PAUSED: "Paused",
    Section.ENDED: "Ended",
}
KINDS: Final[Mapping[EntryKind, str]] = {
    EntryKind.FACT: "What happened",
    EntryKind.MONEY: "Money",
    EntryKind.MAIL: "Mails",
    EntryKind.COMMAND: "Commands",
    EntryKind.TIMER: "Timers",
    EntryKind.OPS: "By ops",
}
FACTS: Final[Mapping[str, str]] = {
    "CommissionSubmitted": "The customer asked for a piece",
    "CommissionWithdrawn": "The customer took it back",
    "CancellationAsked": "The customer wants to cancel",
    "ApprovalAsked": "The customer was asked to sign off",
    "ApprovalGiven": "The customer signed off",
    "ApprovalRefused": "The customer wants it otherwise",
    "MessageSent": "A message was written",
    "SignInAsked": "The customer asked for a link to sign in by",
    "ReceiptConfirmed": "The customer says that the parcel has arrived",
    "QuoteDrafted": "A quote was drafted",
    "QuoteSent": "The quote was sent",
    "QuoteAccepted": "The customer accepted the quote",
    "QuoteDeclined": "The customer declined the quote",
    "QuoteExpired": "The quote expired",
    "QuestionAsked": "The customer asked a question",
    "QuestionAnswered": "The studio answered a question",
    "InvoiceIssued": "An invoice was issued",
    "PaymentReceived": "A payment came in",
    "InvoicePaid": "An invoice was paid in full",
    "RefundDue": "Money is to go back",
    "RefundPaid": "Money went back",
    "PromiseHeld": "A maker's hours were held",
    "PromiseReleased": "The held hours were given back",
    "PromiseBooked": "The maker's hours were booked",
    "PieceReplanned": "The piece was planned anew",
    "StageBegun": "Work began",
    "StagePaused": "Work was laid aside",
    "StageFinished": "Work was finished",
    "GateReached": "The piece waits at a gate",
    "GateOpened": "A gate is open",
    "GatePassed": "A gate was passed: it cannot be undone",
    "PhotoTaken": "The maker took a photo",
    "NoteWritten": "The maker wrote a note",
    "MishapReported": "Something went wrong at the bench",
    "QualityFailed": "A check was not met",
    "PieceMade": "The piece is made",
    "MakingPaused": "The bench left the piece alone",
    "MakingResumed": "The bench went on",
    "MakingStopped": "The making was stopped",
    "PiecePacked": "The piece was packed",
    "ParcelHandedOver": "The carrier has the parcel",
    "ParcelDelivered": "The parcel has arrived",
    "CertificateIssued": "The certificate was issued",
    "MailSent": "A mail was sent",
    "MailFailed": "A mail could not be delivered",
    "PhaseEntered": "It moved on",
    "CommissionEscalated": "Ops should look",
    "CommissionEnded": "The commission ended",
}
MAILS: Final[Mapping[Intent, str]] = {
    Intent.REQUEST_RECEIVED: "the request has arrived",
    Intent.QUOTE_DRAFTED: "a quote is on the desk",
    Intent.QUOTE_READY: "the quote is ready",
    Intent.QUOTE_REMINDER: "the quote waits for an answer",
    Intent.QUESTION_ANSWERED: "a question was answered",
    Intent.QUOTE_ACCEPTED: "thanks, and how to pay the deposit",
    Intent.DEPOSIT_REMINDER: "the deposit is awaited",
    Intent.MAKING_BEGINS: "the making begins",
    Intent.APPROVAL_ASKED: "something is to be signed off",
    Intent.APPROVAL_REMINDER: "something still waits to be signed off",
    Intent.PIECE_DELAYED: "the piece takes longer",
    Intent.BALANCE_DUE: "the piece is made, and how to pay the balance",
    Intent.BALANCE_REMINDER: "the balance is awaited",
    Intent.PARCEL_SENT: "the parcel is on its way",
    Intent.CERTIFICATE_READY: "the certificate can be read",
    Intent.MESSAGE_RECEIVED: "a message waits",
    Intent.SIGN_IN_ASKED: "a link to sign in by",
    Intent.MAKER_REMINDER: "a piece waits for the maker",
    Intent.CANCELLATION_REFUSED: "the cancellation was overtaken",
    Intent.COMMISSION_CANCELLED: "it is cancelled, and what goes back",
    Intent.COMMISSION_ENDED: "the commission has ended",
}
COMMANDS: Final[Mapping[str, str]] = {
    "intake.AskApproval": "Ask the customer to sign off",
    "intake.CloseCommission": "Close the customer's page",
    "intake.RefuseCancellation": "Tell the customer that the cancellation was overtaken",
    "lifecycle.RecordEnd": "Write down the end",
    "lifecycle.RecordEscalation": "Write down that ops should look",
    "lifecycle.RecordPhase": "Write down the stage",
    "notify.SendNow": "Send a mail",
    "production.BookPromise": "Book the maker's hours",
    "production.ExtendHold": "Hold the hours for longer",
    "production.HoldPromise": "Hold a maker's hours",
    "production.IssueCertificate": "Issue the certificate",
    "production.OpenGate": "Open a gate",
    "production.PauseMaking": "Have the bench leave the piece alone",
    "production.ReleaseParcel": "Let the piece be packed",
    "production.ReleasePromise": "Give the held hours back",
    "production.ResumeMaking": "Have the bench go on",
    "production.StopMaking": "Stop the making",
    "quotes.DraftQuote": "Draft the quote",
    "quotes.ExpireQuote": "Let the quote expire",
    "quotes.ExtendQuote": "Let the quote be accepted for longer",
    "quotes.IssueBalance": "Ask for the balance",
    "quotes.SettleCancellation": "Settle the cancellation",
}
PASSED: Final[Mapping[DeliveryOutcome, str]] = {
    DeliveryOutcome.AFTER_THE_END: "Came after the end",
    DeliveryOutcome.NO_WORKFLOW: "Nobody was there to hear it",
}
GATES: Final[Mapping[GateState, tuple[str, str]]] = {
    GateState.AHEAD: ("Ahead", ""),
    GateState.ASKED: ("The customer is asked", "attention"),
    GateState.REFUSED: ("The customer wants it otherwise", "wrong"),
    GateState.SIGNED: ("Signed off", "good"),
    GateState.REACHED: ("The piece waits here", "attention"),
    GateState.OPEN: ("Open", "good"),
    GateState.PASSED: ("Passed", "good"),
}
INVOICES: Final[Mapping[InvoiceKind, str]] = {
    InvoiceKind.DEPOSIT: "Deposit",
    InvoiceKind.BALANCE: "Balance",
    InvoiceKind.CANCELLATION: "Cancellation",
}
REFUNDS: Final[Mapping[RefundReason, str]] = {
    RefundReason.OVERPAID: "more came in than was asked for",
    RefundReason.CANCELLED: "it was cancelled",
    RefundReason.NOT_OWED: "it came in after the end",
}
REPLANNED: Final[Mapping[Replanned, str]] = {
    Replanned.LATE_START: "it began late",
    Replanned.MISHAP: "something went wrong",
    Replanned.REWORK: "part of it is made again",
    Replanned.PAUSE: "it was paused",
    Replanned.ANOTHER_MAKER: "another maker makes it",
}
MISHAPS: Final[Mapping[Mishap, str]] = {
    Mishap.PIECE_DAMAGED: "the piece was damaged",
    Mishap.MATERIAL_SPOILT: "material was spoilt",
    Mishap.MATERIAL_LATE: "material is late",
    Mishap.TOOL_BROKEN: "a tool broke",
    Mishap.MAKER_AWAY: "the maker is away",
}
OPERATIONS: Final[Mapping[Operation, str]] = {
    Operation.NUDGE: "Send a reminder",
    Operation.EXTEND: "Give more time",
    Operation.PAUSE: "Pause",
    Operation.RESUME: "Go on",
    Operation.CANCEL: "Cancel",
    Operation.TRY_AGAIN: "Try again",
}
DID: Final[Mapping[AuditAction, str]] = {
    AuditAction.NUDGE: "Sent a reminder",
    AuditAction.EXTEND: "Gave more time",
    AuditAction.PAUSE: "Paused it",
    AuditAction.RESUME: "Let it go on",
    AuditAction.CANCEL: "Cancelled it",
    AuditAction.TRY_AGAIN: "Had it tried again",
    AuditAction.REPLAY_PARKED: "Had a parked record tried again",
    AuditAction.DROP_PARKED: "Dropped a parked record",
}
AUDIT_OUTCOMES: Final[Mapping[AuditOutcome, tuple[str, str]]] = {
    AuditOutcome.ASKED: ("Not known yet", "attention"),
    AuditOutcome.DONE: ("Done", "good"),
    AuditOutcome.REFUSED: ("Refused", "wrong"),
}
HOLDER_TIMES: Final[Mapping[ClockHolder, str]] = {
    ClockHolder.CUSTOMER: "The customer",
    ClockHolder.MAKER: "The maker",
    ClockHolder.STUDIO: "The studio",
    ClockHolder.PROCESS: "By itself",
    ClockHolder.PAUSED: "Paused",
}
