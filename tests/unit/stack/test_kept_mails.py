"""What the mail sink keeps, and for how long."""

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from deploy.local.kept_mails import KeptMails
from shared.contracts.fact import Topic
from shared.erasure.keys_file import ErasedKey, KeysFile

NOW = 1_800_000_000.0
DAY = 86_400.0
ADA, BEN, RING, MUG = uuid4(), uuid4(), uuid4(), uuid4()


@pytest.fixture
def kept(tmp_path: Path) -> KeptMails:
    mails = tmp_path / "mail"
    mails.mkdir()
    return KeptMails(mails, most=3, days=7, erased_keys=tmp_path / "erased-keys")


def send(kept: KeptMails, subject: str, *, to: UUID = ADA, about: UUID = RING, age: float = 0) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"], mail["Touchmark-Reader"] = subject, str(to)
    mail.set_content(
        f"A line that is wrapped in its link: http://localhost/commissions/{about}", cte="quoted-printable"
    )
    assert str(about).encode() not in mail.as_bytes()
    before = set(kept.folder.iterdir())
    kept.keep(
        mail.as_bytes().replace(str(about).encode(), b"=\r\n".join([str(about)[:9].encode(), str(about)[9:].encode()]))
    )
    (file,) = set(kept.folder.iterdir()) - before
    os.utime(file, (NOW - age, NOW - age))


def erase(kept: KeptMails, topic: Topic, key: UUID, service: str = "intake") -> None:
    assert kept.erased_keys
    KeysFile(kept.erased_keys, service).add([ErasedKey(topic, key, own=True, erased_at=datetime.now(UTC))])


def subjects(kept: KeptMails) -> list[str]:
    return [str(mail["Subject"]) for _, mail in kept.newest(100)]


def test_the_newest_are_kept_and_none_for_longer_than_its_days(kept: KeptMails) -> None:
    for number, age in enumerate((8 * DAY, 6.9 * DAY, 3, 2, 1)):
        send(kept, f"mail {number}", age=age)

    kept.sweep(NOW)

    assert subjects(kept) == ["mail 4", "mail 3", "mail 2"]
    kept.sweep(NOW + 7 * DAY)
    assert subjects(kept) == []


def test_whoever_was_erased_is_in_none_of_them_whether_they_read_it_or_it_is_about_them(kept: KeptMails) -> None:
    send(kept, "to her", to=ADA, about=uuid4())
    send(kept, "about hers", to=uuid4(), about=RING)
    send(kept, "another's", to=BEN, about=MUG)
    kept.sweep(NOW)
    before = subjects(kept)

    erase(kept, Topic.PEOPLE, ADA)
    erase(kept, Topic.BRIEFS, RING, "quotes")
    kept.sweep(NOW)

    assert set(before) == {"to her", "about hers", "another's"}
    assert subjects(kept) == ["another's"]


def test_a_mail_that_comes_after_its_reader_was_erased_is_not_kept_either(kept: KeptMails) -> None:
    erase(kept, Topic.PEOPLE, ADA)
    kept.sweep(NOW)

    send(kept, "late")
    kept.sweep(NOW)

    assert subjects(kept) == []
