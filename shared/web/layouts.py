"""Words on a piece as a drawing to scale, in millimetres: for papers, and for pages that explain nothing beside it."""

from decimal import Decimal
from html import escape

from markupsafe import Markup

from shared.offerings.layouts import DrawnWords, Layout, PlacedLetter

_INK, _LINE, _METAL, _FREE, _CLAY = "#3a2806", "#6a4a12", "#ecd9a6", "#d8bd78", "#e7d8c6"
_CUT_SIZE = Decimal("2.6")


def layout_drawing(drawn: DrawnWords) -> str:
    """An SVG file of these words on their piece. It says itself, in its title, what the words are."""
    layout = drawn.layout
    body = _disc(layout) if drawn.drawing == "disc" else _strip(layout)
    title = escape("".join(each.character for each in layout.letters))
    half = Decimal("0.5")
    box = f"-{half} -{half} {layout.length + 1} {layout.width + 1}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn-words {drawn.drawing}" viewBox="{box}"'
        f' role="img"><title>{title}</title>{body}</svg>'
    )


def layout_picture(drawn: DrawnWords) -> Markup:
    """The same for a page: as wide as there is room."""
    return Markup(layout_drawing(drawn))  # noqa: S704 (our own drawing; the words in it are escaped)


def _strip(layout: Layout) -> str:
    """A strip cut open and laid flat; what stays free at its ends is darker."""
    ends = "".join(
        f'<rect x="{x}" width="{layout.at_each_end}" height="{layout.width}" fill="{_FREE}"/>'
        for x in (Decimal(0), layout.length - layout.at_each_end)
    )
    cut = "".join(_letter(each, layout.baseline, _CUT_SIZE) for each in layout.letters)
    return (
        f'<rect width="{layout.length}" height="{layout.width}" rx="0.15" fill="{_METAL}"/>{ends}'
        f'<path d="M0 0v{layout.width}M{layout.length} 0v{layout.width}" stroke="{_LINE}" stroke-width="0.16"/>{cut}'
    )


def _disc(layout: Layout) -> str:
    """A round bottom seen from below; nothing is written outside the inner circle."""
    half = layout.length / 2
    baseline, size = half + layout.letter * Decimal("0.4"), layout.letter * Decimal("1.4")
    cut = "".join(_letter(each, baseline, size) for each in layout.letters)
    inner = half - layout.at_each_end
    return (
        f'<circle cx="{half}" cy="{half}" r="{half}" fill="{_CLAY}"/>'
        f'<circle cx="{half}" cy="{half}" r="{inner}" fill="none" stroke="{_LINE}" stroke-width="0.16"'
        f' stroke-dasharray="0.5 0.3"/>{cut}'
    )


def _letter(placed: PlacedLetter, baseline: Decimal, size: Decimal) -> str:
    return (
        f'<text x="{placed.x}" y="{baseline}" font-size="{size}" text-anchor="middle" fill="{_INK}"'
        f' font-family="Libertinus Serif, serif">{escape(placed.character)}</text>'
    )
