"""The studio's own pages: where the foot leads, and how a file becomes a page."""

from pathlib import Path

import pytest

from shared.web.studio_pages import StudioPage, foot_links, missing, read_text, unreadable
from tests.support.web import Settings

SUPPORT = Path(__file__).parents[2] / "support" / "studio_pages"


def of(text: str, folder: Path) -> str:
    """What this text becomes."""
    file = folder / "terms.txt"
    file.write_text(text)
    found = read_text(Settings(terms=str(file)), StudioPage.TERMS, "en")
    assert found is not None
    return f"{found.title}|{found.body}"


def test_the_foot_leads_to_an_address_or_to_the_page_of_the_file() -> None:
    settings = Settings(
        imprint="https://kiln.example/imprint", contact="mailto:ida@example.org", privacy="/srv/privacy.md"
    )

    assert [(link.page, link.href) for link in foot_links(settings)] == [
        ("imprint", "https://kiln.example/imprint"),
        ("privacy", "/privacy"),
        ("contact", "mailto:ida@example.org"),
    ]
    assert missing(settings) == [StudioPage.TERMS]
    assert unreadable(settings) == [StudioPage.PRIVACY]


def test_what_no_setting_names_is_missing() -> None:
    assert missing(Settings()) == list(StudioPage)
    assert foot_links(Settings(imprint="  ")) == []


@pytest.mark.parametrize(("language", "title"), [("en", "Imprint"), ("de", "Impressum"), ("fr", "Impressum")])
def test_a_file_is_read_in_the_readers_language_or_in_what_there_is(language: str, title: str) -> None:
    found = read_text(Settings(imprint=str(SUPPORT / "imprint.txt")), StudioPage.IMPRINT, language)

    assert found is not None
    assert found.title == title


def test_the_lines_of_an_address_stay_lines_and_a_list_is_one(tmp_path: Path) -> None:
    assert of("# Terms\n\nKiln & Anvil\nWay 1\n\n- one\n- **two**", tmp_path) == (
        "Terms|<p>Kiln &amp; Anvil<br>\nWay 1</p>\n<ul><li>one</li><li><strong>two</strong></li></ul>"
    )


def test_links_are_links_where_their_addresses_are_harmless(tmp_path: Path) -> None:
    text = "[we](https://k.example/a) or https://k.example/b. [no](javascript:alert(1)) [here](/contact)"

    assert of(text, tmp_path) == (
        '|<p><a href="https://k.example/a">we</a> or <a href="https://k.example/b">https://k.example/b</a>. '
        '[no](javascript:alert(1)) <a href="/contact">here</a></p>'
    )


def test_what_looks_like_html_is_text(tmp_path: Path) -> None:
    assert of('<script>alert(1)</script> [<b>](https://k.example/"onclick=x)', tmp_path).startswith(
        "|<p>&lt;script&gt;alert(1)&lt;/script&gt; "
    )
    assert "<b>" not in of("[<b>](/x)", tmp_path)
