"""All that intake keeps of somebody, as one archive: the data as JSON, the pictures beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from services.intake.domain.people import Person
from services.intake.domain.pictures import StoredPicture
from services.intake.domain.provider import ProviderAccount
from services.intake.domain.record import CommissionRecord
from services.intake.domain.tablet import Handover
from services.intake.domain.texts import Text
from shared.contracts.briefs import BriefAnswer

MEDIA_TYPE = "application/zip"


@dataclass(frozen=True)
class ExportedBrief:
    version: int
    written_at: datetime
    answers: tuple[BriefAnswer, ...]


@dataclass(frozen=True)
class ExportedCommission:
    """A commission with every version of its brief, and when its customer was handed the studio's tablet."""

    record: CommissionRecord
    briefs: tuple[ExportedBrief, ...]
    handovers: tuple[Handover, ...] = ()


@dataclass(frozen=True)
class PersonExport:
    """What is exported of somebody. `written` is by them, also about the commissions of others."""

    person: Person
    commissions: Sequence[ExportedCommission]
    written: Sequence[Text]
    pictures: Sequence[StoredPicture]
    accounts: Sequence[ProviderAccount] = ()
    """At the studio's own provider."""

    def archive(self, at: datetime) -> bytes:
        """The archive, a ZIP file. The names in it are ids, so that nothing is written twice."""
        archive = BytesIO()
        with ZipFile(archive, "w") as file:
            data = json.dumps(self.data(at), ensure_ascii=False, indent=2, default=str)
            file.writestr(_entry("data.json", at), data.encode(), ZIP_DEFLATED)
            for picture in self.pictures:
                file.writestr(_entry(f"pictures/{picture.image}.jpg", at), picture.content, ZIP_STORED)
        return archive.getvalue()

    def data(self, at: datetime) -> Mapping[str, Any]:
        """The data as JSON has it, in the contracts' own names."""
        return {
            "exported_at": at.isoformat(),
            "person": {
                "person": self.person.person,
                "role": self.person.role,
                "name": self.person.name,
                "email": self.person.email,
                "language": self.person.language,
            },
            "provider_accounts": [vars(each) for each in self.accounts],
            "commissions": [_commission(each) for each in self.commissions],
            "written": [
                {
                    "commission": text.commission,
                    "subject": text.subject,
                    "written_at": text.written_at,
                    "body": text.body,
                    "pictures": list(text.images),
                }
                for text in self.written
            ],
        }


def _commission(exported: ExportedCommission) -> Mapping[str, Any]:
    record = exported.record
    found = record.commission
    return {
        **{name: value for name, value in vars(found).items() if value is not None},
        "delivery": _delivery(record),
        "briefs": [
            {
                "version": each.version,
                "written_at": each.written_at,
                "answers": [answer.model_dump(mode="json") for answer in each.answers],
            }
            for each in exported.briefs
        ],
        "texts": [
            {
                "subject": text.subject,
                "author": text.author_role,
                "author_name": text.author_name,
                "written_at": text.written_at,
                "body": text.body,
                "pictures": list(text.images),
            }
            for text in record.texts.values()
        ],
        "approvals": [vars(each) for each in record.approvals],
        "cancellations": [vars(each) for each in record.cancellations],
        "contract_withdrawal": vars(record.contract_withdrawal) if record.contract_withdrawal else None,
        "refusal": vars(record.refusal) if record.refusal else None,
        "proposals": [
            {**vars(each), "answers": [answer.model_dump(mode="json") for answer in each.answers]}
            for each in record.proposals
        ],
        "claims": [vars(each) for each in record.claims],
        "on_the_tablet": [{"name": each.name, "at": each.at} for each in exported.handovers],
        "events": [
            {"type": fact.type(), **fact.model_dump(mode="json", exclude={"commission"}, exclude_none=True)}
            for fact in record.facts
        ],
    }


def _entry(name: str, at: datetime) -> ZipInfo:
    return ZipInfo(name, (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second))


def _delivery(record: CommissionRecord) -> Mapping[str, Any] | None:
    """Where the piece goes, as chosen last."""
    chosen = record.delivery
    if chosen is None:
        return None
    return {"way": chosen.way, "chosen_at": chosen.chosen_at, **(vars(chosen.address) if chosen.address else {})}
