"""The words of what every service shows: problems, what is wrong with an input, and the codes of the contracts."""

from collections.abc import Mapping
from typing import Final

from shared.contracts.carriers import CarrierCode
from shared.contracts.notifications import INTENTS
from shared.contracts.people import Role
from shared.contracts.production import Mishap, MishapCause
from shared.i18n.labels import N_, Label, Labels, n_
from shared.inbox.store import Reason
from shared.kernel.problems import ProblemType
from shared.kernel.text import TextReason
from shared.web.reasons import PictureReason, RequestReason
from shared.web.studio_pages import StudioPage

STUDIO_PAGES: Final[Mapping[StudioPage, Label]] = {
    StudioPage.IMPRINT: Label(N_("Imprint")),
    StudioPage.PRIVACY: Label(N_("Privacy")),
    StudioPage.TERMS: Label(N_("Terms")),
    StudioPage.CONTACT: Label(N_("Contact")),
}

ERASED: Final = Label(N_("erased"))
"""What stands where somebody's name was."""
NO_NAME: Final = Label(N_("no name"))
"""Of whom nothing is here: still to come, or erased so long ago that nothing says so any more."""

PROBLEMS: Final[Mapping[ProblemType, Label]] = {
    ProblemType.MALFORMED_REQUEST: Label(
        N_("The request could not be read"), N_("Check that it is complete and well formed.")
    ),
    ProblemType.IDEMPOTENCY_KEY_MISSING: Label(
        N_("An Idempotency-Key is missing"),
        N_("Send an Idempotency-Key header with a unique value, such as a UUID. Use the same value when you retry."),
    ),
    ProblemType.NOT_SIGNED_IN: Label(N_("You are not signed in"), N_("Sign in and try again.")),
    ProblemType.NOT_ALLOWED: Label(
        N_("You are not allowed to do this"), N_("Sign in with an account that is allowed to, or ask the studio.")
    ),
    ProblemType.CROSS_SITE_REFUSED: Label(
        N_("This request came from another site"), N_("Open the page on this site and send it from there.")
    ),
    ProblemType.NOT_FOUND: Label(N_("Page not found"), N_("Check the address, or go to the home page.")),
    ProblemType.METHOD_NOT_ALLOWED: Label(
        N_("This address does not support that method"), N_("Use one of the methods in the Allow header.")
    ),
    ProblemType.NOT_ACCEPTABLE: Label(
        N_("This is not available in the format you asked for"),
        N_("Accept application/json from the API, or text/html from pages."),
    ),
    ProblemType.TOO_SLOW: Label(
        N_("The request came too slowly"), N_("Send it again where your connection is better, with a smaller picture.")
    ),
    ProblemType.WRONG_HOST: Label(
        N_("This site has another address"), N_("Open it by the address that the studio gave you.")
    ),
    ProblemType.CONFLICT: Label(
        N_("Something has changed in the meantime"),
        N_("Load the page again, check what has changed, and decide again."),
    ),
    ProblemType.AMOUNT_DIFFERS: Label(
        N_("This amount differs from what is due"), N_("Check it. If it is right, confirm it.")
    ),
    ProblemType.TOO_LARGE: Label(N_("That is too large"), N_("Send less: shorter text, or a smaller picture.")),
    ProblemType.UNSUPPORTED_MEDIA: Label(
        N_("We cannot read this request's format"),
        N_("Send application/json to the API. Send forms as the page does."),
    ),
    ProblemType.VALIDATION_FAILED: Label(
        N_("Please check some of your answers"), N_("Correct the fields named below and send the form again.")
    ),
    ProblemType.IMAGE_REFUSED: Label(
        N_("This picture cannot be used"), N_("Choose a photo saved as JPEG, PNG or WebP.")
    ),
    ProblemType.IDEMPOTENCY_KEY_REUSED: Label(
        N_("This Idempotency-Key was used for another request"),
        N_("Use a new key for a new request. Repeat a request unchanged to get its answer again."),
    ),
    ProblemType.TOO_MANY_REQUESTS: Label(
        N_("Too many requests at once"), N_("Wait for the number of seconds in Retry-After, then try again.")
    ),
    ProblemType.INTERNAL: Label(
        N_("Something went wrong on our side"),
        N_("Try again. If it happens again, tell the studio the number of this request."),
    ),
    ProblemType.NOT_YET: Label(N_("This is on its way"), N_("Try again in a moment.")),
    ProblemType.UNAVAILABLE: Label(
        N_("This is not available right now"), N_("Nothing was changed. Try again in a minute.")
    ),
    ProblemType.TIMED_OUT: Label(
        N_("This took too long"), N_("Try again with the same Idempotency-Key, so that nothing happens twice.")
    ),
}

TEXTS: Final[Mapping[TextReason, Label]] = {
    TextReason.CHARACTER: Label(
        N_("This contains a character that cannot be saved (%(character)s)."),
        N_("Type it here again instead of pasting it."),
    ),
    TextReason.TOO_LONG: Label(
        n_("This has one character.", "This has %(count)s characters."), N_("Shorten it to %(longest)s characters.")
    ),
    TextReason.EMPTY: Label(N_("This is empty."), N_("Fill it in.")),
    TextReason.TOO_SHORT: Label(N_("This is too short."), N_("Write at least %(shortest)s characters.")),
    TextReason.NOT_A_NAME: Label(
        N_("A name cannot contain a web or mail address."),
        N_("Leave it out. If it is none, write a space after the full stop."),
    ),
}

REQUESTS: Final[Mapping[RequestReason, Label]] = {
    RequestReason.NO_DECISION: Label(N_("The form did not say what to do."), N_("Load the page again.")),
    RequestReason.NOT_WAITING: Label(N_("No such event waits here."), N_("Somebody may have decided on it already.")),
    RequestReason.NOT_FIRST: Label(N_("Event %(first)s of the same key comes first."), N_("Decide on that one first.")),
    RequestReason.NOT_JSON: Label(N_("The body is not valid JSON.")),
    RequestReason.ON_THE_TABLET: Label(
        N_("On this tablet there is one commission alone."),
        N_("Go back to it, or hand the tablet back to the studio."),
    ),
    RequestReason.NOT_A_FORM: Label(N_("We cannot read this form."), N_("Send the form as multipart/form-data.")),
    RequestReason.BODY_TOO_LARGE: Label(
        N_("A request of this kind can have at most %(size)s."),
        N_("Send less: shorter text, or a smaller picture. In a browser, go back: what you typed is kept."),
    ),
    RequestReason.TOO_MANY_PARTS: Label(N_("The body has more than %(most)s parts."), N_("Send less at once.")),
    RequestReason.TOO_DEEP: Label(
        N_("The body has more than %(deepest)s lists and objects inside each other."), N_("Send what the route takes.")
    ),
    RequestReason.TOO_MANY_UPLOADS: Label(
        N_("Too many pictures are being sent right now."), N_("Wait a few seconds, then send this again.")
    ),
    RequestReason.TOO_MANY_BODIES: Label(
        N_("Too much is being sent from your network right now."), N_("Wait a few seconds, then send this again.")
    ),
    RequestReason.TOO_OFTEN: Label(
        N_("This was done too often from your network within an hour."), N_("Try again later, or ask the studio.")
    ),
    RequestReason.MORE_PROBLEMS: Label(
        n_("One more field is wrong.", "%(count)s more fields are wrong."), N_("Correct these first.")
    ),
    RequestReason.NOT_A_CURSOR: Label(
        N_("This is not a cursor of this list."), N_("Send the `next` value of the previous page.")
    ),
    RequestReason.SECOND_STEP: Label(
        N_("A second step is needed for this."),
        N_("Give it at /second-step, or set one up at /authenticators, and use the session that you get there."),
    ),
    RequestReason.KEY_MALFORMED: Label(
        N_("An Idempotency-Key has 1 to 200 visible ASCII characters."), N_("Send a UUID, for example.")
    ),
    RequestReason.STOPPING: Label(N_("The service is about to stop.")),
    RequestReason.INVALID: Label(N_("This is not valid."), N_("Correct it and send it again.")),
    RequestReason.MISSING: Label(N_("This is missing."), N_("Fill it in.")),
    RequestReason.UNKNOWN_FIELD: Label(N_("This field is unknown."), N_("Leave it out.")),
    RequestReason.NOT_EMPTY: Label(N_("This must be empty."), N_("Leave it out.")),
    RequestReason.TOO_LONG: Label(N_("This is too long."), N_("Shorten it to %(max_length)s characters.")),
    RequestReason.TOO_SHORT: Label(N_("This is too short."), N_("Write at least %(min_length)s characters.")),
    RequestReason.PATTERN: Label(N_("This does not have the expected format."), N_("Follow the pattern %(pattern)s.")),
    RequestReason.NOT_TEXT: Label(N_("This is not text."), N_("Send text.")),
    RequestReason.NOT_UNICODE: Label(N_("This is not valid Unicode text."), N_("Send it as UTF-8.")),
    RequestReason.NOT_WHOLE: Label(N_("This is not a whole number."), N_("Write it in digits, such as 12.")),
    RequestReason.NUMBER_TOO_LARGE: Label(N_("This number is too large."), N_("Send a smaller one.")),
    RequestReason.NOT_A_NUMBER: Label(N_("This is not a number."), N_("Write it in digits, such as 12.5.")),
    RequestReason.NOT_YES_OR_NO: Label(N_("This is neither yes nor no."), N_("Send true or false.")),
    RequestReason.NOT_MORE_THAN: Label(N_("This is too small."), N_("Choose more than %(gt)s.")),
    RequestReason.LESS_THAN: Label(N_("This is too small."), N_("Choose %(ge)s or more.")),
    RequestReason.NOT_LESS_THAN: Label(N_("This is too large."), N_("Choose less than %(lt)s.")),
    RequestReason.MORE_THAN: Label(N_("This is too large."), N_("Choose %(le)s or less.")),
    RequestReason.NOT_A_CHOICE: Label(N_("This is not one of the choices."), N_("Choose %(expected)s.")),
    RequestReason.NOT_A_DATE: Label(N_("This is not a date."), N_("Write it as year-month-day, such as 2027-05-31.")),
    RequestReason.NOT_AN_ID: Label(N_("This is not an id."), N_("Send a UUID as you received it.")),
    RequestReason.NOT_AN_OBJECT: Label(N_("This is not an object."), N_("Send a JSON object.")),
    RequestReason.NOT_A_LIST: Label(N_("This is not a list."), N_("Send a JSON array.")),
    RequestReason.TOO_MANY: Label(N_("There are too many of these."), N_("Send at most %(max_length)s.")),
    RequestReason.TOO_FEW: Label(N_("There are too few of these."), N_("Send at least %(min_length)s.")),
}

_SAVE_AS: Final = N_("Save or export it as JPEG, PNG or WebP, then choose that file.")

PICTURES: Final[Mapping[PictureReason, Label]] = {
    PictureReason.HEIC: Label(
        N_("This is an HEIC picture, as iPhones save them. It cannot be used here."),
        N_("On the iPhone, set Settings, Camera, Formats to Most Compatible, or export it as JPEG on a Mac."),
    ),
    PictureReason.AVIF: Label(N_("This is an AVIF picture. It cannot be used here."), _SAVE_AS),
    PictureReason.SVG: Label(
        N_("This is an SVG drawing. It cannot be used here, because it can contain programs."), _SAVE_AS
    ),
    PictureReason.PDF: Label(
        N_("This is a PDF document, not a picture."), N_("Take a photo or a screenshot of the page that matters.")
    ),
    PictureReason.GIF: Label(N_("This is a GIF. It cannot be used here."), _SAVE_AS),
    PictureReason.BMP: Label(N_("This is a bitmap (BMP). It cannot be used here."), _SAVE_AS),
    PictureReason.TIFF: Label(N_("This is a TIFF picture. It cannot be used here."), _SAVE_AS),
    PictureReason.PIXELS: Label(
        N_("This picture has more than 60 million pixels."), N_("Make it smaller, then choose it again.")
    ),
    PictureReason.EFFORT: Label(
        N_("This picture takes too long or too much memory to read."),
        N_("Save it again as an ordinary JPEG, smaller if you can, then choose it again."),
    ),
    PictureReason.DAMAGED: Label(
        N_("This picture is damaged or incomplete."), N_("Open it to check, save it again, then choose it again.")
    ),
    PictureReason.EMPTY: Label(N_("This file is empty."), N_("Choose it again, or choose another one.")),
    PictureReason.BYTES: Label(
        N_("This file is larger than %(megabytes)s MB."), N_("Make the picture smaller, then choose it again.")
    ),
    PictureReason.UNKNOWN: Label(N_("This is not a picture, even if its name says so."), _SAVE_AS),
}

MISHAPS: Final[Mapping[Mishap, Label]] = {
    Mishap.PIECE_DAMAGED: Label(N_("Piece damaged")),
    Mishap.MATERIAL_SPOILT: Label(N_("Material spoilt")),
    Mishap.MATERIAL_LATE: Label(N_("Material late")),
    Mishap.TOOL_BROKEN: Label(N_("Tool broken")),
    Mishap.MAKER_AWAY: Label(N_("Maker cannot work")),
}

MISHAP_CAUSES: Final[Mapping[MishapCause, Label]] = {
    MishapCause.SLIP: Label(N_("A slip of the hand")),
    MishapCause.MATERIAL: Label(N_("A fault in the material")),
    MishapCause.TOOL: Label(N_("A tool or a machine")),
    MishapCause.UNCLEAR: Label(N_("Something was unclear")),
    MishapCause.OUTSIDE: Label(N_("A partner, supplier or carrier")),
    MishapCause.UNKNOWN: Label(N_("Not known")),
}

CARRIERS: Final[Mapping[CarrierCode, Label]] = {
    CarrierCode.POST: Label(N_("Registered post")),
    CarrierCode.DHL: Label("DHL"),
    CarrierCode.DPD: Label("DPD"),
    CarrierCode.GLS: Label("GLS"),
    CarrierCode.UPS: Label("UPS"),
    CarrierCode.FEDEX: Label("FedEx"),
    CarrierCode.OTHER: Label(N_("Another carrier, or by hand")),
}

ROLES: Final[Mapping[Role, Label]] = {
    Role.CUSTOMER: Label(N_("Customer")),
    Role.MAKER: Label(N_("Maker")),
    Role.OPS: Label(N_("Studio")),
}

PARKED: Final[Mapping[Reason, Label]] = {
    Reason.UNREADABLE: Label(N_("The event cannot be read.")),
    Reason.GAP: Label(N_("An earlier event of the same key is missing.")),
    Reason.FAILED: Label(N_("Processing it failed.")),
    Reason.BEHIND: Label(N_("It waits behind an earlier failed event of the same key.")),
}

LABELS: Final = Labels(
    PARKED, PROBLEMS, TEXTS, REQUESTS, PICTURES, INTENTS, MISHAPS, MISHAP_CAUSES, CARRIERS, STUDIO_PAGES, ROLES
)
"""What every service's readers know."""
