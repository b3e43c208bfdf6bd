"""The labels' colours: they stay apart for colour-blind readers, and stand out from both surfaces."""

import itertools
import math
import re
from pathlib import Path

import pytest

from annotate.kinds.spans.labels import COLOURS

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
APART, CONTRAST = 20.0, 4.5
Colour = tuple[float, float, float]

# Simulation of full colour-vision deficiency in linear RGB: Machado, Oliveira and Fernandes, 2009.
SIGHTS: dict[str, tuple[Colour, Colour, Colour]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(colour: str) -> Colour:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b))  # type: ignore[return-value]


def luminance(colour: Colour) -> float:
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), colour, strict=True))


def seen(colour: Colour, sight: str) -> Colour:
    """In CIELAB, by somebody with this sight."""
    rgb = [min(1, max(0, sum(a * b for a, b in zip(row, colour, strict=True)))) for row in SIGHTS[sight]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (sum(a * b for a, b in zip(row, rgb, strict=True)) for row in rows)
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.9505, y, z / 1.089))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def themed(file: str, name: str) -> tuple[str, str]:
    """The light and the dark value of a custom property."""
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", (CSS / file).read_text())
    assert found, name
    return found[1], found[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_label_colours_stay_apart_for_every_sight_and_stand_out(theme: int) -> None:
    colours = [linear(themed("spans.css", f"span-{i}")[theme]) for i in range(COLOURS)]
    for sight in SIGHTS:
        for one, other in itertools.combinations(colours, 2):
            assert math.dist(seen(one, sight), seen(other, sight)) >= APART
    for name in ("surface", "surface-2"):
        ground = luminance(linear(themed("crosscheck.css", name)[theme]))
        for colour in colours:
            low, high = sorted((luminance(colour), ground))
            assert (high + 0.05) / (low + 0.05) >= CONTRAST


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stays_readable_where_it_is_selected_or_chosen(theme: int) -> None:
    text = luminance(linear(themed("crosscheck.css", "text")[theme]))
    for name in ("span-pending", "span-chosen"):
        low, high = sorted((luminance(linear(themed("spans.css", name)[theme])), text))
        assert (high + 0.05) / (low + 0.05) >= CONTRAST
