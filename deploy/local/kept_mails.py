"""The mails that the sink keeps: the newest ones, for some days, and none of somebody who was erased."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

from shared.erasure.keys_file import KeysFile

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class KeptMails:
    """One `.eml` file a mail in `folder`: at most so many, and none for longer than `days`.

    `erased_keys` is the folder of the lists of what was erased. A mail names its reader by id in a header, and its
    commission in its links: if one of these was erased it is deleted.
    """

    folder: Path
    most: int
    days: float
    erased_keys: Path | None = None
    _about: dict[str, frozenset[UUID]] = field(default_factory=dict)

    def keep(self, content: bytes) -> None:
        """Write one down; it is there as a whole, or not at all."""
        part = self.folder / f"{uuid4().hex}.part"
        part.write_bytes(content)
        part.rename(part.with_suffix(".eml"))

    def newest(self, at_most: int) -> list[tuple[str, EmailMessage]]:
        """The newest mails first, each with its file's name."""
        return [(file.stem, read(file)) for _, file in self._newest_first()[:at_most]]

    def sweep(self, now: float) -> None:
        """Delete what is too much, too old (`now` as of `time.time()`), or about somebody who was erased. Blocks."""
        oldest, erased = now - timedelta(days=self.days).total_seconds(), self._erased()
        for number, (at, file) in enumerate(self._newest_first()):
            if number >= self.most or at < oldest or (erased and not erased.isdisjoint(self._ids(file))):
                file.unlink(missing_ok=True)
                self._about.pop(file.name, None)

    def _newest_first(self) -> list[tuple[float, Path]]:
        return sorted(((file.stat().st_mtime, file) for file in self.folder.glob("*.eml")), reverse=True)

    def _erased(self) -> frozenset[UUID]:
        if self.erased_keys is None:
            return frozenset()
        files = self.erased_keys.glob("*.jsonl")
        return frozenset(each.key for file in files for each in KeysFile(self.erased_keys, file.stem).read())

    def _ids(self, file: Path) -> frozenset[UUID]:
        if file.name not in self._about:
            text = "\n".join(_said(read(file)))
            self._about[file.name] = frozenset(UUID(found) for found in _ID.findall(text))
        return self._about[file.name]


def read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def _said(mail: EmailMessage) -> Iterator[str]:
    yield from map(str, mail.values())
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())
