"""What happened to people's access, and how they came in."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.sessions import SecurityKind, SignInWay
from shared.i18n import N_, Label

KINDS: Final[Mapping[SecurityKind, Label]] = {
    SecurityKind.SIGNED_IN: Label(N_("Signed in")),
    SecurityKind.REFUSED: Label(N_("Not let in")),
    SecurityKind.SESSION_ENDED: Label(N_("Signed out")),
    SecurityKind.ROLE_GIVEN: Label(N_("Role given")),
    SecurityKind.ROLE_TAKEN: Label(N_("Access removed")),
    SecurityKind.LINK_GIVEN: Label(N_("New link given")),
    SecurityKind.FACTOR_ADDED: Label(N_("Second step added")),
    SecurityKind.FACTOR_REMOVED: Label(N_("Second step removed")),
    SecurityKind.FIRST_STEP: Label(N_("First of two steps given")),
    SecurityKind.CODES_MADE: Label(N_("Recovery codes made")),
    SecurityKind.ACCOUNT_TIED: Label(N_("Account at the provider tied")),
    SecurityKind.ACCOUNT_UNTIED: Label(N_("Account at the provider untied")),
}

WAYS: Final[Mapping[SignInWay, Label]] = {
    SignInWay.SIGN_UP: Label(N_("by signing up")),
    SignInWay.MAILED_LINK: Label(N_("by a link in a mail")),
    SignInWay.CODE: Label(N_("by a code in a mail")),
    SignInWay.TABLET: Label(N_("on the studio's tablet")),
    SignInWay.CONFIRMATION: Label(N_("by confirming the address")),
    SignInWay.INVITATION: Label(N_("by an invitation")),
    SignInWay.LOCAL_LINK: Label(N_("by a link of this computer")),
    SignInWay.PASSKEY: Label(N_("by a passkey")),
    SignInWay.AUTHENTICATOR: Label(N_("by an authenticator app")),
    SignInWay.RECOVERY_CODE: Label(N_("by a recovery code")),
    SignInWay.PROVIDER: Label(N_("by the studio's own sign-in")),
}
