"""What cannot be done, and what to do instead."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.approvals import ApprovalReason
from services.intake.domain.briefs import BriefReason
from services.intake.domain.cancellation_terms import CannotCancel
from services.intake.domain.cancellations import CancellationReason
from services.intake.domain.changing import ChangeReason
from services.intake.domain.commissions import CommissionReason
from services.intake.domain.confirmations import ConfirmationReason
from services.intake.domain.entering import EntryReason
from services.intake.domain.erasure import LeavingReason
from services.intake.domain.messages import MessageReason
from services.intake.domain.people import PeopleReason
from services.intake.domain.pictures import ReferenceReason
from services.intake.domain.signing import SigningReason
from shared.i18n import N_, Label, n_

PEOPLE: Final[Mapping[PeopleReason, Label]] = {
    PeopleReason.OWN_ACCESS: Label(
        N_("This is your own access."),
        N_("To leave this browser, sign out. To end it everywhere, ask a colleague."),
    ),
    PeopleReason.NO_COLLEAGUE: Label(
        N_("This person is neither a maker nor works in the studio."),
        N_("Choose somebody from the list. Customers are not in it."),
    ),
    PeopleReason.ROLE_MISSING: Label(N_("Choose a role."), N_("Maker, or studio.")),
    PeopleReason.INVITATION_USED: Label(
        N_("This invitation is no longer valid."),
        N_("An invitation works once and is valid for seven days. Ask the studio for a new one."),
    ),
    PeopleReason.LOCAL_LINK_USED: Label(
        N_("This sign-in link is no longer valid."),
        N_("A link works once and is valid for five minutes. Make a new one."),
    ),
    PeopleReason.NAME_MISSING: Label(N_("Your name is missing."), N_("Tell us what to call you.")),
    PeopleReason.EMAIL_MISSING: Label(N_("Your email address is missing."), N_("Enter one such as ada@example.org.")),
    PeopleReason.EMAIL_INVALID: Label(
        N_("This is not an email address."), N_("It needs an @ and no spaces, as in ada@example.org.")
    ),
    PeopleReason.LANGUAGE_UNKNOWN: Label(
        N_("This language is not available."), N_("Choose one of the languages at the bottom of the page.")
    ),
    PeopleReason.LINK_WRONG: Label(N_("This is not a link of ours."), N_("Have a new link sent to you.")),
    PeopleReason.LINK_USED: Label(
        N_("This link was used already."), N_("A link works once. Have a new one sent to you.")
    ),
    PeopleReason.LINK_EXPIRED: Label(
        N_("This link is too old."), N_("A link is good for ten minutes. Have a new one sent to you.")
    ),
    PeopleReason.CODE_WRONG: Label(
        N_("This is not the code of our newest mail to you."),
        N_("Compare it with the mail. After five wrong codes, only the link works."),
    ),
    PeopleReason.CODE_USED: Label(
        N_("This code was used already."), N_("A code works once. Have a new one sent to you.")
    ),
    PeopleReason.CODE_EXPIRED: Label(
        N_("This code is too old."), N_("A code is good for ten minutes. Have a new one sent to you.")
    ),
    PeopleReason.CODE_NO_TRIES: Label(
        N_("The code was wrong too often."), N_("Open the link in the mail, or have a new one sent to you.")
    ),
    PeopleReason.CODE_MISSING: Label(N_("The code is missing."), N_("It is in the mail: eight digits.")),
    PeopleReason.NOBODY: Label(
        N_("Nobody is known by this."), N_("Choose somebody from the list, or look for an address.")
    ),
    PeopleReason.NOT_CONFIRMED: Label(
        N_("Nobody has confirmed this address yet."),
        N_("They confirm their request first, by the link or the code in our mail. That lets them in as well."),
    ),
    PeopleReason.STEP_NEEDED: Label(
        N_("Your second step is needed for this."), N_("Sign in again, with the code from your authenticator app.")
    ),
    PeopleReason.STEP_CODE_WRONG: Label(
        N_("This is not the code."),
        N_("Type the code that the app shows now. If the phone's clock is wrong, so are its codes."),
    ),
    PeopleReason.STEP_CODE_USED: Label(
        N_("This code was used already."), N_("A code works once. Wait for the next one, half a minute at most.")
    ),
    PeopleReason.STEP_CODE_MISSING: Label(N_("The code is missing."), N_("It is in your authenticator app.")),
    PeopleReason.STEP_PAUSED: Label(
        N_("There were too many wrong codes."),
        N_("Try again in a quarter of an hour, or later if this happens again. If it was not you, tell the studio."),
    ),
    PeopleReason.AUTHENTICATOR_OFFER_OVER: Label(
        N_("This key for an app is too old."), N_("Open the page again, and tell your app the new one.")
    ),
    PeopleReason.TOO_MANY_AUTHENTICATORS: Label(
        N_("This app cannot be added."), N_("It was added already, or you have five. Remove one that you do not use.")
    ),
    PeopleReason.NO_AUTHENTICATOR: Label(
        N_("There is no such authenticator app of yours."), N_("Choose one from the list.")
    ),
    PeopleReason.NO_SECOND_STEP: Label(
        N_("You have no second step yet."), N_("Set one up: an authenticator app, or a passkey.")
    ),
    PeopleReason.LAST_SECOND_STEP: Label(
        N_("This is your only second step, and the studio asks for one."), N_("Set up another one first.")
    ),
    PeopleReason.RESET_NEEDS_SECOND_STEP: Label(
        N_("You have not signed in with a second step of your own."),
        N_("Set one up under your sessions, or sign in with it. Then you may remove somebody else's."),
    ),
    PeopleReason.NO_PASSKEY: Label(N_("There is no such passkey of yours."), N_("Choose one from the list.")),
    PeopleReason.NO_PROVIDER_ACCOUNT: Label(
        N_("There is no such account that is tied to yours."), N_("Choose one from the list.")
    ),
    PeopleReason.PASSKEY_REFUSED: Label(
        N_("This passkey does not fit."), N_("Try again, or have a link sent to you by mail.")
    ),
    PeopleReason.PROVIDER_AWAY: Label(
        N_("The studio's own sign-in does not answer just now."),
        N_("Try again in a moment, or have a link sent to you by mail."),
    ),
    PeopleReason.PROVIDER_STALE: Label(
        N_("This sign-in is no longer valid."),
        N_("It works once, for ten minutes, in the browser and the tab where it began. Begin again here."),
    ),
    PeopleReason.PROVIDER_DENIED: Label(
        N_("The studio's own sign-in did not let you in."),
        N_("Perhaps it was cancelled there. Try again, or have a link sent to you by mail."),
    ),
    PeopleReason.PROVIDER_REFUSED: Label(
        N_("The answer of the studio's own sign-in was not valid."),
        N_("Try again, or have a link sent to you by mail. If it happens again, tell whoever looks after the sign-in."),
    ),
    PeopleReason.PROVIDER_UNVERIFIED: Label(
        N_("The studio's own sign-in does not confirm your email address."),
        N_("Have your address confirmed there, or have a link sent to you by mail."),
    ),
    PeopleReason.PROVIDER_NOBODY: Label(
        N_("Nobody of the studio is known by your account."),
        N_("Only makers and people of the studio sign in this way. Ask for an invitation, or have a link mailed."),
    ),
    PeopleReason.PROVIDER_OTHER_ACCOUNT: Label(
        N_("You have signed in with another account of the studio's own sign-in before."),
        N_("Use that one, have a link sent to you by mail, or ask somebody of the studio for a new link."),
    ),
    PeopleReason.NO_SESSION: Label(N_("There is no such sign-in of yours."), N_("Choose one from the list.")),
    PeopleReason.SESSION_OVER: Label(N_("You are signed out."), N_("Sign in again.")),
}

LEAVING: Final[Mapping[LeavingReason, Label]] = {
    LeavingReason.UNKNOWN: Label(N_("There is nobody here to erase."), N_("They may have been erased already.")),
    LeavingReason.CONFIRMED_ELSEWHERE: Label(
        N_("Your request was confirmed in another browser, so there is nothing of yours to erase in this one."),
        N_("Sign in first, or enter the code from our mail on the page of your request."),
    ),
    LeavingReason.LAST_OF_THE_STUDIO: Label(
        N_("This is the last person of the studio."),
        N_("Invite somebody else first: otherwise nobody could let anybody in any more."),
    ),
    LeavingReason.NOT_SURE: Label(N_("Please confirm that you are sure."), N_("Tick the box above the button.")),
}

COMMISSIONS: Final[Mapping[CommissionReason, Label]] = {
    CommissionReason.UNKNOWN: Label(N_("There is no such commission here.")),
    CommissionReason.ENDED: Label(N_("This commission has already ended."), N_("There is nothing left to do.")),
    CommissionReason.ACCEPTED: Label(
        N_("You have accepted the quote, so the request can no longer be cancelled free of charge."),
        N_("See what cancelling costs now: %(address)s"),
    ),
    CommissionReason.NOT_SENT: Label(
        N_("The parcel has not been sent yet."),
        N_("This page tells you when it is. If something has arrived already, write to the studio."),
    ),
    CommissionReason.UNSIGNED: Label(
        N_("A piece that is collected is signed for at the studio."),
        N_("Ask for the studio's tablet there: your commission is on it."),
    ),
    CommissionReason.COUNTRY_MISSING: Label(
        N_("The country is missing."), N_("Choose the country that the piece is delivered to.")
    ),
    CommissionReason.COUNTRY_UNKNOWN: Label(
        N_("This is no country."), N_("Use its code of two letters by ISO 3166, such as AT for Austria.")
    ),
    CommissionReason.UNCONFIRMED: Label(
        N_("This request is not confirmed yet."), N_("Confirm it first, by the link or the code in our mail.")
    ),
    CommissionReason.ANSWER_PENDING: Label(N_("The first of these requests is still being answered.")),
}

CHANGES: Final[Mapping[ChangeReason, Label]] = {
    ChangeReason.QUOTED: Label(
        N_("The quote was sent in the meantime: a change is a proposal now, which the studio answers."),
        N_("Propose it here: %(address)s"),
    ),
    ChangeReason.DECIDED: Label(
        N_("The quote is decided, so the request cannot be changed here any more."),
        N_("Write to the studio what should be different: %(address)s"),
    ),
    ChangeReason.STALE: Label(
        N_("Somebody else changed this request in the meantime: version %(version)s applies now."),
        N_("Compare it with what you typed. If you send this again, it applies instead."),
    ),
    ChangeReason.UNCHANGED: Label(
        N_("Nothing differs from version %(version)s."), N_("Change an answer or a picture, or leave it as it is.")
    ),
    ChangeReason.TOO_OFTEN: Label(
        n_("A request can have one version.", "A request can have %(count)s versions."),
        N_("Write to the studio what should be different."),
    ),
    ChangeReason.WAY_MISSING: Label(N_("This does not say how the change came."), N_("Choose counter or phone.")),
    ChangeReason.VERSION_MISSING: Label(
        N_("The form does not say which version you changed."), N_("Load the page again and change it there.")
    ),
}

CONFIRMATIONS: Final[Mapping[ConfirmationReason, Label]] = {
    ConfirmationReason.LINK_WRONG: Label(
        N_("This link is not complete."), N_("Open it from the mail once more, or copy all of it.")
    ),
    ConfirmationReason.LINK_USED: Label(
        N_("This link was used before."),
        N_("It works once. If you confirmed your request, open its page and ask for a sign-in link there."),
    ),
    ConfirmationReason.LINK_EXPIRED: Label(
        N_("This request was deleted, because nobody confirmed it in time."), N_("You can send it again at any time.")
    ),
    ConfirmationReason.CODE_MISSING: Label(N_("The code is missing."), N_("It is in our mail: eight digits.")),
    ConfirmationReason.CODE_WRONG: Label(
        N_("This is not the code from our newest mail."),
        n_("Look again: you can try once more.", "Look again: you can try %(count)s times more."),
    ),
    ConfirmationReason.CODE_USED: Label(
        N_("This code was used before."), N_("It works once. Ask for a sign-in link on the page of your commission.")
    ),
    ConfirmationReason.CODE_EXPIRED: Label(
        N_("This code is too old."), N_("Ask for a sign-in link on the page of your commission.")
    ),
    ConfirmationReason.CODE_NO_TRIES: Label(
        N_("A wrong code was entered too often, so this one no longer works."),
        N_("Open the link in the mail instead, or have a new mail sent."),
    ),
    ConfirmationReason.ALREADY_CONFIRMED: Label(
        N_("This request is confirmed already."), N_("If it is not yours, write to the studio.")
    ),
    ConfirmationReason.CONFIRMED_ELSEWHERE: Label(
        N_("Your request was confirmed in another browser."),
        N_("To send another one from this browser, enter the code from our mail, or sign in."),
    ),
    ConfirmationReason.TOO_MANY_UNCONFIRMED: Label(
        n_(
            "One request with this email address is waiting to be confirmed.",
            "%(count)s requests with this email address are waiting to be confirmed.",
        ),
        N_("Open our mails and confirm or delete them. Then you can send another one."),
    ),
    ConfirmationReason.TOO_MANY_UNPAID: Label(
        n_("You have one open commission without a deposit.", "You have %(count)s open commissions without a deposit."),
        N_("Pay the deposit of one, or cancel one; then you can send another one. Or write to the studio."),
    ),
    ConfirmationReason.TOO_MANY_MAILS: Label(
        N_("We have written to this email address often enough today."),
        N_("Open the newest of our mails, or try again tomorrow."),
    ),
}

CANCELLATIONS: Final[Mapping[CancellationReason, Label]] = {
    CancellationReason.UNKNOWN: Label(N_("There is no such cancellation here.")),
    CancellationReason.TERMS_CHANGED: Label(
        N_("You agreed to pay %(agreed)s percent, but cancelling now costs %(now)s percent."),
        N_("Read the current terms and decide again."),
    ),
    CancellationReason.REASON_MISSING: Label(N_("Please choose a reason."), N_("Choose the closest one.")),
    CancellationReason.NOT_AGREED: Label(
        N_("Please confirm what you owe."), N_("Tick the box if you agree; otherwise keep your commission.")
    ),
    CancellationReason.TERMS_MISSING: Label(
        N_("The form does not say what you agreed to."), N_("Read the current terms and decide again.")
    ),
}

CANNOT_CANCEL: Final[Mapping[CannotCancel, Label]] = {
    CannotCancel.NOT_ACCEPTED: Label(
        N_("You have not accepted a quote yet, so there is nothing to cancel."),
        N_("Cancel your request instead. You owe nothing."),
    ),
    CannotCancel.HANDED_OVER: Label(
        N_("Your piece is made and the parcel has been sent. We can no longer stop it."),
        N_("If something is wrong with your piece, write to the studio."),
    ),
    CannotCancel.ENDED: Label(N_("This commission has already ended."), N_("There is nothing left to cancel.")),
}

APPROVALS: Final[Mapping[ApprovalReason, Label]] = {
    ApprovalReason.GIVEN: Label(
        N_("You have already signed this."),
        N_("What you signed applies. If something is wrong, write to the studio at once."),
    ),
    ApprovalReason.REFUSED: Label(
        N_("You have requested a change."), N_("The studio reads what you wrote and asks you again.")
    ),
    ApprovalReason.WITHDRAWN: Label(
        N_("The commission has ended, so this no longer needs a signature."), N_("There is nothing left to sign.")
    ),
    ApprovalReason.CHANGED: Label(
        N_("This was corrected while you were reading it."), N_("Check the new version and sign that.")
    ),
    ApprovalReason.NO_GATE: Label(N_("The offering has no such gate.")),
    ApprovalReason.OFFERING_MISSING: Label(N_("This version of the offering needs a newer release of Touchmark.")),
}

SIGNING: Final[Mapping[SigningReason, Label]] = {
    SigningReason.NOT_TICKED: Label(N_("Not ticked yet: %(title)s."), N_("Check it, and tick it if it is right.")),
    SigningReason.TOO_MANY_LETTERS: Label(
        n_(
            "Your quote includes %(most)s letters, and this is one.",
            "Your quote includes %(most)s letters, and these are %(count)s.",
        ),
        N_("Shorten it, or write to the studio for a new quote."),
    ),
    SigningReason.NOT_CORRECTABLE: Label(
        N_("This cannot be corrected here."), N_("Tell the studio what you want to change.")
    ),
    SigningReason.VERSION_MISSING: Label(
        N_("The form does not say which version you looked at."), N_("Load the page again and sign there.")
    ),
}

MESSAGES: Final[Mapping[MessageReason, Label]] = {
    MessageReason.EMPTY: Label(N_("You have not written anything yet."), N_("Write a few words.")),
    MessageReason.TOO_MANY: Label(
        n_("You sent one message within an hour.", "You sent %(count)s messages within an hour."),
        N_("Give the others time to read them, and write again in an hour."),
    ),
}

PICTURES: Final[Mapping[ReferenceReason, Label]] = {
    ReferenceReason.TOO_MANY: Label(
        N_("There are too many pictures."), n_("Send at most one.", "Send at most %(count)s.")
    ),
    ReferenceReason.GONE: Label(
        N_("This picture is no longer here."),
        N_("Choose it again. We keep a picture that you have not sent for one day."),
    ),
}

BRIEFS: Final[Mapping[BriefReason, Label]] = {
    BriefReason.UNKNOWN_OFFERING: Label(N_("We do not offer this."), N_("Choose one of these: %(known)s.")),
}

ENTERING: Final[Mapping[EntryReason, Label]] = {
    EntryReason.NO_CUSTOMER: Label(
        N_("We do not know this customer."), N_("Find them again by their name, or enter somebody new.")
    ),
    EntryReason.ADDRESS_TAKEN: Label(
        N_("Another customer has this email address."),
        N_("Find them by it and choose them, or leave the address empty."),
    ),
    EntryReason.ADDRESS_OF_CUSTOMER: Label(
        N_("A customer has this email address."),
        N_("Enter the request for them, correct the address, or leave it empty."),
    ),
    EntryReason.OTHER_ADDRESS: Label(
        N_("This is not the email address of the customer who was chosen."),
        N_("Enter the request as for somebody new, or choose the customer again."),
    ),
    EntryReason.ADDRESS_KNOWN: Label(
        N_("This customer has signed in by a mail to their address."), N_("Only they can change it.")
    ),
    EntryReason.WAY_MISSING: Label(N_("This does not say how the request came."), N_("Choose counter or phone.")),
    EntryReason.NAME_TO_TYPE: Label(N_("The name is missing."), N_("The customer types their own name.")),
    EntryReason.TOO_MANY_UNPAID: Label(
        n_(
            "This customer has one open commission without a deposit.",
            "This customer has %(count)s open commissions without a deposit.",
        ),
        N_("Record the deposit of one, or cancel one. Then you can enter another one."),
    ),
}
