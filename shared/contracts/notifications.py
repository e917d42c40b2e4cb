"""`touchmark.notifications`, owned by notify: every delivery and its outcome, without addresses."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import Outcome
from shared.i18n.labels import N_, Label


class Intent(StrEnum):
    """Why a mail is sent. There is one mail per commission, intent, and what it is about.

    Each has a title in `INTENTS`, and a rule in notify's catalogue: of which fact it comes, who reads it, and when it
    is no longer true. The lines below name what the mail says: a day, an amount, a code.
    """

    CONFIRMATION_ASKED = "confirmation_asked"
    """A link and a code by which whoever reads the mailbox confirms a request. about: the right."""
    CONFIRMATION_REMINDER = "confirmation_reminder"
    """The same link and code once more."""
    REQUEST_RECEIVED = "request_received"
    REQUEST_CHANGED = "request_changed"
    """What is wished changed before the quote was sent. about: the version of the brief."""
    QUOTE_DRAFTED = "quote_drafted"
    QUOTE_READY = "quote_ready"
    """day: the last to accept; amount: the total; reason: whether another version was sent before."""
    QUOTE_REMINDER = "quote_reminder"
    """day: the last to accept; amount: the total."""
    QUESTION_ANSWERED = "question_answered"
    CHANGE_REFUSED = "change_refused"
    """The studio refused a change of what is offered: the quote stands. about: the proposal."""
    QUOTE_ACCEPTED = "quote_accepted"
    """Thanks, and how the deposit is paid. day: the last to pay; amount: what is left of it; code: the invoice."""
    DEPOSIT_REMINDER = "deposit_reminder"
    """day: the last to pay; amount: what is left of the deposit; code: the invoice."""
    MAKING_BEGINS = "making_begins"
    """The deposit is settled and the hours are booked. day: ready by."""
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_REMINDER = "approval_reminder"
    PIECE_DELAYED = "piece_delayed"
    """day: ready by, as planned now."""
    BALANCE_DUE = "balance_due"
    """The piece is made; how the balance is paid. amount: what is left of it; code: the transfer's reference."""
    BALANCE_REMINDER = "balance_reminder"
    """amount: what is left of the balance; code: the transfer's reference."""
    PAYMENT_RECEIVED = "payment_received"
    """amount: what came in; left: what is still to be paid of all that was asked for. about: the payment."""
    PAYMENT_REVERSED = "payment_reversed"
    """A payment does not count any more. amount: the payment; left: what is to be paid now; reason: why."""
    ADDRESS_ASKED = "address_asked"
    """The piece is to be packed, and nobody has said where it goes. about: the ask."""
    READY_FOR_PICKUP = "ready_for_pickup"
    """The piece can be collected at the studio."""
    DELIVERY_REMINDER = "delivery_reminder"
    """Where it goes is not said yet, or it is not collected yet. reason: which of these."""
    PARCEL_SENT = "parcel_sent"
    """code: the tracking number."""
    PARCEL_MISSED = "parcel_missed"
    """What the studio does about a parcel that has not come."""
    PARCEL_CLAIMED = "parcel_claimed"
    """The parcel is claimed from its carrier. about: the reference."""
    CERTIFICATE_READY = "certificate_ready"
    """The piece has arrived: the last mail of a commission that was completed. code: the certificate's serial."""
    MESSAGE_RECEIVED = "message_received"
    """There is a message on the commission's page: to the customer, or to the maker."""
    SIGN_IN_LINK = "sign_in_link"
    """To a person, about no commission: a link and a code by which they sign in. about: the right."""
    INVITATION = "invitation"
    """Likewise, to somebody whom ops invited."""
    NEW_ACCESS = "new_access"
    """Likewise, to somebody who lost their way in."""
    RECOVERY_CODE_USED = "recovery_code_used"
    """To a person, about no commission, so the others below: how they sign in has changed, in case it was not they."""
    RECOVERY_CODES_MADE = "recovery_codes_made"
    AUTHENTICATOR_ADDED = "authenticator_added"
    AUTHENTICATOR_REMOVED = "authenticator_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    ACCOUNT_TIED = "account_tied"
    ACCOUNT_UNTIED = "account_untied"
    SIGN_IN_RESET = "sign_in_reset"
    MAKER_REMINDER = "maker_reminder"
    """To the maker: a piece is waiting for them."""
    CANCELLATION_REFUSED = "cancellation_refused"
    """A gate was passed, or the parcel was handed over, before the cancellation arrived."""
    COMMISSION_CANCELLED = "commission_cancelled"
    """amount: the refund."""
    COMMISSION_ENDED = "commission_ended"
    CHANGE_ORDER_OFFERED = "change_order_offered"
    CHANGE_ORDER_APPLIED = "change_order_applied"
    CHANGE_ORDER_ENDED = "change_order_ended"
    CLAIM_RECEIVED = "claim_received"
    """Something is wrong with a piece: the studio has it. day: the last for its answer. about: the claim."""
    CLAIM_ANSWERED = "claim_answered"
    """reason: the remedy; amount: what the price falls by. about: the claim."""
    CONTRACT_WITHDRAWN = "contract_withdrawn"
    """The receipt of a withdrawal from the contract, at once."""
    STUDIO_REQUEST = "studio_request"
    """To the people of the studio, as each of them wishes; so the others below. A new request."""
    STUDIO_QUESTION = "studio_question"
    STUDIO_PROPOSAL = "studio_proposal"
    """A customer proposes a change of what is offered. about: the proposal."""
    STUDIO_MESSAGE = "studio_message"
    STUDIO_CLAIM = "studio_claim"
    """Something is wrong with a piece. day: the last for an answer."""
    STUDIO_CLAIM_WAITS = "studio_claim_waits"
    """Nobody has answered it yet. day: likewise."""
    STUDIO_CLAIM_LATE = "studio_claim_late"
    """The last day has passed. day: likewise."""
    STUDIO_WITHDRAWN = "studio_withdrawn"
    """A customer withdrew from the contract."""
    STUDIO_LAPSING = "studio_lapsing"
    """Something lapses unless the studio acts. day: the last to act."""
    STUDIO_ESCALATION = "studio_escalation"
    STUDIO_MAIL_FAILED = "studio_mail_failed"
    STUDIO_EVENT_FAILED = "studio_event_failed"
    """About no commission: a service could not process an event."""
    STUDIO_PIECES_LEFT = "studio_pieces_left"
    """About no commission: a maker's access has ended while pieces are with them."""
    STUDIO_UNMATCHED = "studio_unmatched"
    """About no commission: money came in that matches none."""


INTENTS: Final[Mapping[Intent, Label]] = {
    Intent.CONFIRMATION_ASKED: Label(N_("Address to be confirmed")),
    Intent.CONFIRMATION_REMINDER: Label(N_("Reminder: address")),
    Intent.REQUEST_RECEIVED: Label(N_("Request received")),
    Intent.REQUEST_CHANGED: Label(N_("Request changed")),
    Intent.QUOTE_DRAFTED: Label(N_("Quote being checked")),
    Intent.QUOTE_READY: Label(N_("Quote ready")),
    Intent.QUOTE_REMINDER: Label(N_("Reminder: quote")),
    Intent.QUESTION_ANSWERED: Label(N_("Question answered")),
    Intent.CHANGE_REFUSED: Label(N_("Change refused")),
    Intent.QUOTE_ACCEPTED: Label(N_("Order received")),
    Intent.DEPOSIT_REMINDER: Label(N_("Reminder: deposit")),
    Intent.MAKING_BEGINS: Label(N_("Work begins")),
    Intent.APPROVAL_ASKED: Label(N_("Sign-off requested")),
    Intent.APPROVAL_REMINDER: Label(N_("Reminder: sign-off")),
    Intent.PIECE_DELAYED: Label(N_("Piece delayed")),
    Intent.BALANCE_DUE: Label(N_("Piece finished")),
    Intent.BALANCE_REMINDER: Label(N_("Reminder: balance")),
    Intent.PAYMENT_RECEIVED: Label(N_("Payment received")),
    Intent.PAYMENT_REVERSED: Label(N_("Payment reversed")),
    Intent.ADDRESS_ASKED: Label(N_("Asked where the piece goes")),
    Intent.READY_FOR_PICKUP: Label(N_("Ready to be collected")),
    Intent.DELIVERY_REMINDER: Label(N_("Reminder to say where it goes, or to collect it")),
    Intent.PARCEL_SENT: Label(N_("Parcel sent")),
    Intent.PARCEL_MISSED: Label(N_("The parcel is being looked for")),
    Intent.PARCEL_CLAIMED: Label(N_("Parcel claimed from the carrier")),
    Intent.CERTIFICATE_READY: Label(N_("Certificate ready")),
    Intent.MESSAGE_RECEIVED: Label(N_("New message")),
    Intent.SIGN_IN_LINK: Label(N_("Link to sign in")),
    Intent.INVITATION: Label(N_("Invitation")),
    Intent.NEW_ACCESS: Label(N_("New way in")),
    Intent.RECOVERY_CODE_USED: Label(N_("Recovery code used")),
    Intent.RECOVERY_CODES_MADE: Label(N_("New recovery codes")),
    Intent.AUTHENTICATOR_ADDED: Label(N_("Authenticator app added")),
    Intent.AUTHENTICATOR_REMOVED: Label(N_("Authenticator app removed")),
    Intent.PASSKEY_ADDED: Label(N_("Passkey added")),
    Intent.PASSKEY_REMOVED: Label(N_("Passkey removed")),
    Intent.ACCOUNT_TIED: Label(N_("Account at the provider tied")),
    Intent.ACCOUNT_UNTIED: Label(N_("Account at the provider untied")),
    Intent.SIGN_IN_RESET: Label(N_("Signing in reset")),
    Intent.MAKER_REMINDER: Label(N_("Reminder: piece at the bench")),
    Intent.CANCELLATION_REFUSED: Label(N_("Cancellation not possible")),
    Intent.COMMISSION_CANCELLED: Label(N_("Commission cancelled")),
    Intent.COMMISSION_ENDED: Label(N_("Commission ended")),
    Intent.CHANGE_ORDER_OFFERED: Label(N_("Change order offered")),
    Intent.CHANGE_ORDER_APPLIED: Label(N_("Change order in force")),
    Intent.CHANGE_ORDER_ENDED: Label(N_("Change order came to nothing")),
    Intent.CLAIM_RECEIVED: Label(N_("Claim received")),
    Intent.CLAIM_ANSWERED: Label(N_("Claim answered")),
    Intent.CONTRACT_WITHDRAWN: Label(N_("Withdrawal received")),
    Intent.STUDIO_REQUEST: Label(N_("New request")),
    Intent.STUDIO_QUESTION: Label(N_("Question on a quote")),
    Intent.STUDIO_PROPOSAL: Label(N_("Change proposed")),
    Intent.STUDIO_MESSAGE: Label(N_("Message to the studio")),
    Intent.STUDIO_CLAIM: Label(N_("Something is wrong with a piece")),
    Intent.STUDIO_CLAIM_WAITS: Label(N_("Reminder: claim")),
    Intent.STUDIO_CLAIM_LATE: Label(N_("Claim answered too late")),
    Intent.STUDIO_WITHDRAWN: Label(N_("Withdrawal from a contract")),
    Intent.STUDIO_LAPSING: Label(N_("Something is about to lapse")),
    Intent.STUDIO_ESCALATION: Label(N_("Commission needs attention")),
    Intent.STUDIO_MAIL_FAILED: Label(N_("Mail could not be delivered")),
    Intent.STUDIO_EVENT_FAILED: Label(N_("Event could not be processed")),
    Intent.STUDIO_PIECES_LEFT: Label(N_("Pieces are left with somebody without access")),
    Intent.STUDIO_UNMATCHED: Label(N_("A payment matches no commission")),
}
"""What logs and timelines call a mail. Its own words are in notify's templates."""


LAST_MAILS: Final[Mapping[Outcome, Intent]] = {
    **dict.fromkeys(Outcome, Intent.COMMISSION_ENDED),
    Outcome.CANCELLED: Intent.COMMISSION_CANCELLED,
    Outcome.COMPLETED: Intent.CERTIFICATE_READY,
}
"""The mail to the customer with which a commission ends; it needs their name, their address and the brief."""


class MailSent(CommissionFact):
    """The mail server took a mail. It may be received twice under one Message-ID: SMTP has no exactly-once."""

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent
    about: UUID | None = None


class MailOmitted(CommissionFact):
    """A mail was not written: the studio tells its reader in another way.

    They have no e-mail address; or it is a last mail, of what happened before notify began to mail.
    """

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent
    about: UUID | None = None


class MailFailed(CommissionFact):
    """A mail will not be sent: refused for good, tried for too long, or its person was erased."""

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent
    smtp_code: int | None = None
    about: UUID | None = None
