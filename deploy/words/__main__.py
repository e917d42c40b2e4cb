"""`python -m deploy.words update` brings all catalogues up to date, `python -m deploy.words check` judges them.

A new language begins with an empty file `shared/locales/<language>.po` and `update`.
"""

import sys

from deploy.words import catalogs, sentences
from deploy.words.extraction import languages, packages


def main(arguments: list[str]) -> int:
    """Returns 0 if all is well, 1 where something is wrong, 2 if it was not called right."""
    if arguments not in (["update"], ["check"]):
        print(__doc__)
        return 2
    if arguments == ["update"]:
        for package in packages():
            for language in languages():
                catalogs.update(package, language)
    found = [
        each for package in packages() for language in languages() for each in catalogs.findings(package, language)
    ]
    if arguments == ["check"]:
        found += sentences.findings()
    print("\n".join([*found, f"{len(found)} findings in {', '.join(languages()) or 'no language'}"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
