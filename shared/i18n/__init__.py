"""Words for people, in their language: gettext catalogues by Babel, English as the source text.

Logic holds codes (enums) and phrases (`shared.kernel.phrases`). At the edge, a service's `labels.py` says what each
code is in English:

    REASONS = {Reason.TOO_LONG: Label(N_("This has more than %(longest)s characters."), N_("Shorten it."))}
    LABELS = Labels(REASONS, …)

and a `Reader` says it in the language of the person who reads: `reader.label(Phrase(Reason.TOO_LONG, longest=36))`.
Templates use Jinja's i18n extension and the filter `label`. Catalogues are `locales/<language>.po` beside the code that
they belong to; `make words` brings them up to date, `make check` refuses what is missing, unused, or has other
placeholders.
"""

from shared.i18n.catalogs import SOURCE, Catalogs
from shared.i18n.labels import N_, Label, Labels, c_, n_
from shared.i18n.reader import Reader, Readers

__all__ = ["N_", "SOURCE", "Catalogs", "Label", "Labels", "Reader", "Readers", "c_", "n_"]
