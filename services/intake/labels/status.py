"""The words of a commission's status, of what its customer is to do, and of its documents."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.intake.domain.documents import DocumentCode
from services.intake.domain.next_action import CustomerAction
from services.intake.domain.timeline import StatusCode
from shared.contracts.commissions import EntryWay, WithdrawalReason
from shared.contracts.lifecycle import Holder
from shared.i18n import N_, Label

_REFUSED: Final = N_("We cannot take your request")
_BOUND: Final = N_("Everything that happened stays readable here.")

HEADLINES: Final[Mapping[StatusCode, Label]] = {
    StatusCode.UNCONFIRMED: Label(N_("Please confirm your email address")),
    StatusCode.RECEIVED: Label(N_("We have received your request")),
    StatusCode.REQUESTED: Label(N_("Your request is with the workshop")),
    StatusCode.PROMISING: Label(N_("We are looking for time at the bench")),
    StatusCode.QUOTING: Label(N_("We are working out your quote")),
    StatusCode.CHECKING: Label(N_("The studio is checking your quote")),
    StatusCode.OFFERED: Label(N_("Your quote is ready")),
    StatusCode.ANSWERING: Label(N_("The studio is answering your question")),
    StatusCode.CHANGE_CONSIDERED: Label(N_("The studio is looking at the change that you proposed")),
    StatusCode.REVISING: Label(N_("The studio is revising your quote")),
    StatusCode.DEPOSIT: Label(N_("Order placed; the deposit comes next")),
    StatusCode.MAKING: Label(N_("Your piece is at the bench")),
    StatusCode.STAGE_RUNNING: Label(N_("Your piece is being made")),
    StatusCode.STAGE_NEXT: Label(N_("Your piece is at the bench")),
    StatusCode.RESTING: Label(N_("Your piece is resting")),
    StatusCode.CHANGE_TO_DECIDE: Label(N_("A change of your order: agree or not")),
    StatusCode.WAITING_FOR_SIGN_OFF: Label(N_("The maker is waiting for your sign-off")),
    StatusCode.STUDIO_DECIDES: Label(N_("The studio is deciding what comes next")),
    StatusCode.BALANCE: Label(N_("Your piece is made")),
    StatusCode.PACKING: Label(N_("Your piece is being packed")),
    StatusCode.SAYING_WHERE: Label(N_("We do not know yet where it goes")),
    StatusCode.COLLECTABLE: Label(N_("Your piece is ready to be collected")),
    StatusCode.MISSED: Label(N_("The studio is looking for your parcel")),
    StatusCode.CLAIMED: Label(N_("The carrier is looking for your parcel")),
    StatusCode.SHIPPED: Label(N_("Your parcel is on its way")),
    StatusCode.SHIPPED_WITHOUT_NUMBER: Label(N_("Your parcel is on its way")),
    StatusCode.CERTIFYING: Label(N_("Your piece has arrived")),
    StatusCode.PAUSED: Label(N_("Your commission is paused")),
    StatusCode.CANCELLING: Label(N_("You cancelled your request")),
    StatusCode.STOPPED: Label(N_("Work on your piece has stopped")),
    StatusCode.ENDED: Label(N_("This commission has ended")),
    StatusCode.ENDED_WITHDRAWN: Label(N_("Your request is cancelled")),
    StatusCode.ENDED_LAPSED: Label(N_("This request has lapsed")),
    StatusCode.ENDED_UNSENT: Label(N_("We did not send you a quote in time")),
    StatusCode.REFUSED: Label(_REFUSED),
    StatusCode.ENDED_REFUSED: Label(_REFUSED),
    StatusCode.ENDED_DECLINED: Label(N_("You declined the quote")),
    StatusCode.ENDED_EXPIRED: Label(N_("The quote has expired")),
    StatusCode.ENDED_CANCELLED: Label(N_("This commission is cancelled")),
    StatusCode.ENDED_COMPLETED: Label(N_("Your piece is with you")),
}

TEXTS: Final[Mapping[StatusCode, Label]] = MappingProxyType(
    {
        StatusCode.UNCONFIRMED: Label(
            N_("We have sent you a mail. Nothing happens with your request until you confirm it.")
        ),
        StatusCode.RECEIVED: Label(
            N_("It is on its way to the workshop. This page updates by itself as soon as there is news.")
        ),
        StatusCode.REQUESTED: Label(N_("Next we look for time at the bench.")),
        StatusCode.PROMISING: Label(
            N_("We check a maker's real calendar before we name a day, so that we can keep it.")
        ),
        StatusCode.QUOTING: Label(N_("We list materials and hours line by line, so that you see what you pay for.")),
        StatusCode.CHECKING: Label(
            N_("Somebody from the studio reads it before you get it. There is nothing you need to do.")
        ),
        StatusCode.OFFERED: Label(N_("While it is valid, we hold your time at the bench for you.")),
        StatusCode.ANSWERING: Label(N_("Your quote stays valid in the meantime.")),
        StatusCode.CHANGE_CONSIDERED: Label(
            N_("It answers with a revised quote, or says why not. Until then your quote cannot be accepted.")
        ),
        StatusCode.REVISING: Label(N_("What you wish for has changed. The quote for it comes here and by mail.")),
        StatusCode.DEPOSIT: Label(
            N_("Once we receive the deposit, your time at the bench is booked and the material is ordered.")
        ),
        StatusCode.MAKING: Label(N_("Each finished stage appears below, with the maker's photos.")),
        StatusCode.STAGE_RUNNING: Label(N_("The maker is working on this stage: %(stage)s.")),
        StatusCode.STAGE_NEXT: Label(N_("Next stage: %(stage)s.")),
        StatusCode.RESTING: Label(N_("This part takes time.")),
        StatusCode.CHANGE_TO_DECIDE: Label(
            N_("Its page says what changes in the piece, its price and its day. What it touches rests until then.")
        ),
        StatusCode.WAITING_FOR_SIGN_OFF: Label(
            N_("The next step cannot be undone, so it only begins once you have signed it off.")
        ),
        StatusCode.STUDIO_DECIDES: Label(
            N_("Somebody from the studio has to check something before work continues. You will hear from us here.")
        ),
        StatusCode.BALANCE: Label(N_("It passed every quality check. We send it once the balance is paid.")),
        StatusCode.PACKING: Label(N_("The parcel is insured for the full price.")),
        StatusCode.SAYING_WHERE: Label(N_("We pack your piece as soon as you have said where it goes.")),
        StatusCode.COLLECTABLE: Label(N_("It waits for you at the studio, packed and paid.")),
        StatusCode.MISSED: Label(
            N_("Until it is with you, the risk is the studio's. If it stays lost, you get all your money back.")
        ),
        StatusCode.CLAIMED: Label(
            N_("%(carrier)s has to find it, or to pay us. If it stays lost, you get all your money back.")
        ),
        StatusCode.SHIPPED: Label(N_("%(carrier)s has your parcel. Tracking number: %(tracking)s.")),
        StatusCode.SHIPPED_WITHOUT_NUMBER: Label(N_("The carrier has your parcel.")),
        StatusCode.CERTIFYING: Label(N_("We are writing its certificate from what was recorded at the bench.")),
        StatusCode.PAUSED: Label(N_("The studio has paused it. All deadlines are on hold.")),
        StatusCode.CANCELLING: Label(N_("We release the time at the bench and close this page. You owe nothing.")),
        StatusCode.STOPPED: Label(N_("We work out what you owe and what you get back, and show it on this page.")),
        StatusCode.ENDED: Label(_BOUND),
        StatusCode.ENDED_WITHDRAWN: Label(
            N_("The time at the bench is free again, and you owe nothing. What you wrote stays readable here.")
        ),
        StatusCode.ENDED_LAPSED: Label(
            N_(
                "The time that we held at the bench for you has expired. You owe nothing, and you can send a new "
                "request at any time."
            )
        ),
        StatusCode.ENDED_UNSENT: Label(
            N_("That was our turn, and we are sorry. You owe nothing, and you can send a new request at any time.")
        ),
        StatusCode.REFUSED: Label(N_("We close this page. You owe nothing. Why, is in the timeline below.")),
        StatusCode.ENDED_REFUSED: Label(
            N_(
                "Why, is in the timeline below. You owe nothing. If you wish for something else, or want to begin with "
                "what you like about it, send a new request at any time."
            )
        ),
        StatusCode.ENDED_DECLINED: Label(
            N_("Thank you for telling us. You owe nothing, and you can send a new request at any time.")
        ),
        StatusCode.ENDED_EXPIRED: Label(
            N_("It expired without an answer. You owe nothing, and you can send a new request at any time.")
        ),
        StatusCode.ENDED_CANCELLED: Label(
            N_("Work has stopped. What you owe and what you get back is listed under your documents.")
        ),
        StatusCode.ENDED_COMPLETED: Label(
            N_("We hope it serves you for a long time. Its timeline, documents and certificate stay here.")
        ),
    }
)

HOLDERS: Final[Mapping[Holder, Label]] = MappingProxyType(
    {
        Holder.CUSTOMER: Label(N_("You")),
        Holder.MAKER: Label(N_("The maker")),
        Holder.STUDIO: Label(N_("The studio")),
        Holder.PROCESS: Label(N_("Automatic")),
        Holder.NOBODY: Label(N_("Nobody")),
    }
)
"""Whom the commission waits for, said to its customer."""

ACTIONS: Final[Mapping[CustomerAction, Label]] = {
    CustomerAction.DECIDE: Label(N_("Read your quote and decide")),
    CustomerAction.READ_ANSWER: Label(N_("Your question is answered")),
    CustomerAction.DECIDE_CHANGE: Label(N_("A change of your order: agree or not")),
    CustomerAction.PAY_DEPOSIT: Label(N_("Pay the deposit")),
    CustomerAction.PAY_TOP_UP: Label(N_("Pay for the change")),
    CustomerAction.SAY_WHERE: Label(N_("Where does your piece go?")),
    CustomerAction.PAY_BALANCE: Label(N_("Pay the balance")),
    CustomerAction.PAY_CANCELLATION: Label(N_("Pay what you owe")),
    CustomerAction.SIGN: Label(N_("Sign off: %(gate)s")),
    CustomerAction.COLLECT: Label(N_("Collect your piece")),
    CustomerAction.CONFIRM_RECEIPT: Label(N_("Has it arrived?")),
}

_DECIDE: Final = N_(
    "Every line says what it pays for. You can accept, decline or ask. Nothing is made, and you owe nothing, until you "
    "accept."
)

ACTION_TEXTS: Final[Mapping[CustomerAction, Label]] = MappingProxyType(
    {
        CustomerAction.DECIDE: Label(_DECIDE),
        CustomerAction.READ_ANSWER: Label(_DECIDE),
        CustomerAction.DECIDE_CHANGE: Label(
            N_("Its page says what changes in the piece, its price and its day. What it touches rests until then.")
        ),
        CustomerAction.PAY_DEPOSIT: Label(N_("Once we receive it, your time at the bench is booked.")),
        CustomerAction.PAY_TOP_UP: Label(N_("We go on meanwhile, and send the piece once all is paid.")),
        CustomerAction.SAY_WHERE: Label(
            N_("Give us the address for the parcel, or tell us that you collect it. Then we can pack it.")
        ),
        CustomerAction.PAY_BALANCE: Label(N_("Your piece is made. We send it once we receive the balance.")),
        CustomerAction.PAY_CANCELLATION: Label(
            N_("The commission is cancelled. This pays for the work that was done until then.")
        ),
        CustomerAction.SIGN: Label(N_("The next step cannot be undone.")),
        CustomerAction.COLLECT: Label(
            N_("Come to the studio. You sign for the piece there, on the studio's tablet, under your own name.")
        ),
        CustomerAction.CONFIRM_RECEIPT: Label(
            N_("Tell us as soon as you have the parcel. Until then, we keep an eye on it.")
        ),
    }
)

BUTTONS: Final[Mapping[CustomerAction, Label]] = MappingProxyType(
    {
        CustomerAction.DECIDE: Label(N_("Open the quote")),
        CustomerAction.READ_ANSWER: Label(N_("Open the quote")),
        CustomerAction.DECIDE_CHANGE: Label(N_("Look at the change")),
        CustomerAction.PAY_DEPOSIT: Label(N_("How to pay")),
        CustomerAction.PAY_TOP_UP: Label(N_("How to pay")),
        CustomerAction.SAY_WHERE: Label(N_("Say where it goes")),
        CustomerAction.PAY_BALANCE: Label(N_("How to pay")),
        CustomerAction.PAY_CANCELLATION: Label(N_("How to pay")),
        CustomerAction.SIGN: Label(N_("Check and sign")),
        CustomerAction.COLLECT: Label(N_("I have received my piece")),
        CustomerAction.CONFIRM_RECEIPT: Label(N_("It has arrived")),
    }
)

DOCUMENTS: Final[Mapping[DocumentCode, Label]] = {
    DocumentCode.QUOTE: Label(N_("Quote")),
    DocumentCode.ACCEPTED_QUOTE: Label(N_("Accepted quote")),
    DocumentCode.DEPOSIT_INVOICE: Label(N_("Invoice for the deposit")),
    DocumentCode.TOP_UP_INVOICE: Label(N_("Invoice for the change")),
    DocumentCode.BALANCE_INVOICE: Label(N_("Final invoice")),
    DocumentCode.CANCELLATION_INVOICE: Label(N_("Invoice after the cancellation")),
    DocumentCode.RECEIPT: Label(N_("Receipt for your payment")),
    DocumentCode.CERTIFICATE: Label(N_("Certificate")),
}

WITHDRAWAL_REASONS: Final[Mapping[WithdrawalReason, Label]] = {
    WithdrawalReason.CHANGED_MIND: Label(N_("I changed my mind")),
    WithdrawalReason.TOO_SLOW: Label(N_("It takes too long")),
    WithdrawalReason.FOUND_ELSEWHERE: Label(N_("I found it elsewhere")),
    WithdrawalReason.OTHER: Label(N_("Another reason")),
}

ENTRY_WAYS: Final[Mapping[EntryWay, Label]] = {
    EntryWay.COUNTER: Label(N_("At the counter")),
    EntryWay.PHONE: Label(N_("On the phone")),
}

FOLLOW_IT: Final = N_("Follow the parcel at %(carrier)s")
ANY_CARRIER: Final = Label(N_("The carrier"))
