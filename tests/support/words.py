"""What codes say to people, for tests that read it: by the shared labels, and a service's own where given."""

from shared.i18n import Labels, Reader, Readers
from shared.kernel.problems import FieldProblem
from shared.offerings.labels import LABELS as OFFERINGS
from shared.web.labels import LABELS

ZONE = "Europe/Berlin"


def reader(labels: Labels | None = None, language: str = "en") -> Reader:
    """A reader of this language, with the shared catalogues."""
    return Readers(zone=ZONE, labels=LABELS | OFFERINGS | (labels or Labels())).of(language)


ENGLISH = reader()


def sentence(found: FieldProblem, says: Reader = ENGLISH) -> str:
    """What is wrong with a field, and what to do about it."""
    remedy = says.label(found.remedy) or says.remedy(found.message)
    return f"{says.label(found.message)} {remedy}".strip()


def helps(found: FieldProblem, says: Reader = ENGLISH) -> bool:
    """Whether it says both what is wrong and what to do."""
    return bool(says.label(found.message) and (says.label(found.remedy) or says.remedy(found.message)))
