"""Settings of quotes, without engines."""

from services.quotes.settings import QuotesSettings
from tests.support import web
from tests.support.service import NOBODY


def settings_of(**changes: object) -> QuotesSettings:
    """Settings without engines."""
    usual = {
        "database": "unused",
        "kafka": NOBODY,
        "temporal": NOBODY,
        "port": 0,
        "public_url": web.ORIGIN,
        "token_keys": web.Settings().token_keys,
    }
    return QuotesSettings.model_validate({**usual, **changes})
