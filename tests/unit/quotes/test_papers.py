"""Papers as they are set: in every script that a name may be written in, and nothing over what is beside it."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from services.quotes.documents.pdf import render_pdf

SELLER = {
    "name": "Kiln & Anvil",
    "address": "Gasse 1, 10115 Berlin",
    "tax_number": "12/345/67890",
    "bank_holder": "Kiln & Anvil",
    "bank_iban": "DE02 1203 0000 0000 2020 51",
    "bank_name": "A bank",
}


def said(**more: object) -> dict[str, object]:
    return {
        "language": "en",
        "region": "GB",
        "seller": SELLER,
        "warning": "",
        "title": "Invoice",
        "number": "2026-0001",
        "to": ["Ada Lovelace"],
        "facts": [("Invoice date", "29 Nov 2026"), ("Due by", "13 Dec 2026")],
        "intro": "Your commission: Engraved ring",
        "labels": {"item": "Item", "amount": "Without VAT", "tax_number": "Tax number 12", "page": "Page"},
        "lines": [{"title": "Engraving", "detail": ["Six letters"], "amount": "€120.00"}],
        "sums": [("Total", "€120.00", True)],
        "pay": None,
        "notes": [{"title": "", "words": "Thank you."}],
        **more,
    }


async def page_of(**more: object) -> PageObject:
    paper = await render_pdf("paper", said(**more))
    return PdfReader(BytesIO(paper.content)).pages[0]


def fonts_of(page: PageObject) -> set[str]:
    resources: Any = page["/Resources"]
    return {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in resources["/Font"].values()}


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("山田太郎", "NotoSansCJK"),
        ("김철수", "NotoSansCJK"),
        ("李小龍", "NotoSansCJK"),
        ("สมชาย ใจดี", "NotoSansThai"),
        ("Ada 🙂", "NotoEmoji"),
        ("محمد علي", "NotoSansArabic"),
        ("आशा भोसले", "NotoSansDevanagari"),
        ("ნინო", "NotoSansGeorgian"),
        ("Արամ", "NotoSansArmenian"),
        ("தமிழ்", "NotoSansTamil"),
        ("አበበ", "NotoSansEthiopic"),
    ],
)
async def test_a_name_in_any_script_has_its_letters(name: str, font: str) -> None:
    page = await page_of(to=[name])

    assert any(each.startswith(font) for each in fonts_of(page)), fonts_of(page)


@pytest.mark.parametrize("name", ["Łukasz Đorđević", "Zoë O\u2019Brien", "Αθηνά Παπαδοπούλου", "Кирилл"])
async def test_europes_letters_are_those_of_the_paper(name: str) -> None:
    fonts = fonts_of(await page_of(to=[name]))

    assert all(each.startswith("Libertinus") for each in fonts), fonts


@pytest.mark.parametrize("letter", ["W", "山"])
async def test_a_name_of_120_letters_without_a_space_stays_in_its_column(letter: str) -> None:
    page = await page_of(to=[letter * 120, "Long Lane 1"])

    lines = [line.replace("\u200b", "") for line in page.extract_text().splitlines()]
    of_name = [line for line in lines if line.startswith(letter)]
    assert "".join(of_name) == letter * 120
    assert max(map(len, of_name)) <= 24, of_name
    assert not any("13 Dec 2026" in line for line in of_name)


async def test_a_name_that_fits_is_not_broken() -> None:
    page = await page_of(to=["Donaudampfschifffahrtsgesellschaftskapitän"])

    assert "Donaudampfschifffahrtsgesellschaftskapitän" in page.extract_text()
