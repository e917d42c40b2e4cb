"""The words of what ops did."""

from collections.abc import Mapping
from typing import Final

from services.lifecycle.domain.audit import AuditAction
from shared.i18n import N_, Label, c_

AUDIT_ACTIONS: Final[Mapping[AuditAction, Label]] = {
    AuditAction.NUDGE: Label(N_("Sent a reminder")),
    AuditAction.EXTEND: Label(N_("Gave more time")),
    AuditAction.PAUSE: Label(c_("ops did", "Paused")),
    AuditAction.RESUME: Label(N_("Resumed")),
    AuditAction.CANCEL: Label(c_("ops did", "Cancelled")),
    AuditAction.TRY_AGAIN: Label(N_("Tried again")),
    AuditAction.REPLAY_PARKED: Label(N_("Replayed a failed event")),
    AuditAction.DROP_PARKED: Label(N_("Dropped a failed event")),
    AuditAction.RECORD_PAYMENT: Label(N_("Recorded a payment")),
    AuditAction.PAY_REFUND: Label(N_("Recorded a refund as paid")),
    AuditAction.REVERSE_PAYMENT: Label(N_("Reversed a payment")),
    AuditAction.CHANGE_PRICE: Label(N_("Changed a price")),
    AuditAction.RESTORE_PRICE: Label(N_("Restored a price")),
    AuditAction.CHANGE_LINES: Label(N_("Changed the lines of the quote")),
    AuditAction.GIVE_DISCOUNT: Label(N_("Gave a discount")),
    AuditAction.SET_CONDITIONS: Label(N_("Set deposit and validity of the quote")),
    AuditAction.REVISE_QUOTE: Label(N_("Drafted a new version of the quote")),
    AuditAction.SEND_QUOTE: Label(N_("Sent the quote")),
    AuditAction.ANSWER_QUESTION: Label(N_("Answered a question")),
    AuditAction.ANOTHER_MAKER: Label(N_("Gave the piece to another maker")),
    AuditAction.GO_THROUGH_GATE: Label(N_("Passed a gate, cannot be undone")),
    AuditAction.REPORT_MISHAP: Label(N_("Reported a mishap")),
    AuditAction.UNDO_MISHAP: Label(N_("Undid a mishap that was reported by mistake")),
    AuditAction.CHOOSE_DELIVERY: Label(N_("Entered where the piece goes")),
    AuditAction.ASK_FOR_ADDRESS: Label(N_("Asked the customer where the piece goes")),
    AuditAction.REPORT_MISSING: Label(N_("Recorded that the parcel has not come")),
    AuditAction.CLAIM_PARCEL: Label(N_("Noted the claim with the carrier")),
    AuditAction.PACK: Label(N_("Packed the piece")),
    AuditAction.HAND_OVER: Label(N_("Handed the parcel to the carrier")),
    AuditAction.RECORD_DELIVERY: Label(N_("Recorded that the parcel was delivered")),
    AuditAction.ENTER_REQUEST: Label(N_("Entered a request")),
    AuditAction.CHANGE_REQUEST: Label(N_("Changed a request")),
    AuditAction.ACCEPT_AT_COUNTER: Label(N_("The customer accepted the quote on our tablet")),
    AuditAction.DECLINE_AT_COUNTER: Label(N_("The customer declined the quote on our tablet")),
    AuditAction.SIGN_AT_COUNTER: Label(N_("The customer signed off on our tablet")),
    AuditAction.REFUSE_AT_COUNTER: Label(N_("The customer asked for a change on our tablet")),
    AuditAction.WITHDRAW_AT_COUNTER: Label(N_("The customer withdrew the request on our tablet")),
    AuditAction.CANCEL_AT_COUNTER: Label(N_("The customer asked to cancel on our tablet")),
    AuditAction.RECEIVE_AT_COUNTER: Label(N_("The customer confirmed on our tablet that it arrived")),
    AuditAction.INVITE: Label(N_("Sent an invitation")),
    AuditAction.END_ACCESS: Label(N_("Ended access")),
    AuditAction.TAKE_MESSAGES: Label(N_("Took a conversation")),
    AuditAction.GIVE_BACK_MESSAGES: Label(N_("Gave a conversation back")),
    AuditAction.FINISH_MESSAGES: Label(N_("Said that no answer is needed")),
}
