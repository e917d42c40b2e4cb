"""What a band of metal weighs. Lengths are in millimetres, densities in g/cm³, weights in grams."""

from decimal import Decimal
from enum import StrEnum

PI = Decimal("3.14159265358979323846")


class BandSection(StrEnum):
    """The shape of a band when it is cut through: a flat strip, or a D (flat inside, half an ellipse outside)."""

    FLAT = "flat"
    D = "d"


_SHAPES = {
    # area as a share of width x thickness, and the centroid's height over the inside as a share of the thickness;
    # for half an ellipse pi/4 and 4/(3 pi) (any table of centroids).
    BandSection.FLAT: (Decimal(1), Decimal("0.5")),
    BandSection.D: (PI / 4, Decimal(4) / (3 * PI)),
}


def band_weight(
    section: BandSection, circumference: Decimal, width: Decimal, thickness: Decimal, density: Decimal
) -> Decimal:
    """The weight of a finished band.

    Pappus's second theorem: the volume is the section's area times the way of its centroid, which runs at
    circumference + 2 pi x its height over the inside.
    """
    share, height = _SHAPES[section]
    area = share * width * thickness
    way = circumference + 2 * PI * height * thickness
    return area * way / 1000 * density


def flat_band_weight(circumference: Decimal, width: Decimal, thickness: Decimal, density: Decimal) -> Decimal:
    return band_weight(BandSection.FLAT, circumference, width, thickness, density)


def domed_band_weight(circumference: Decimal, width: Decimal, thickness: Decimal, density: Decimal) -> Decimal:
    return band_weight(BandSection.D, circumference, width, thickness, density)
