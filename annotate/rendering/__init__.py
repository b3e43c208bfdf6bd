"""Item texts as safe HTML whose visible text stays anchored to the source, code point by code point.

Every element with `data-s` holds the source from that code point on; one with `data-e` too stands for the source up to
there, whatever it shows. Other text is decoration. Elements rise through the source and never overlap.
"""

from annotate.rendering.content import render_content, render_passage, render_result
from annotate.rendering.look import Look
from annotate.rendering.texts import render, render_aside
from annotate.rendering.turns import Turn, look_of, reference_turns, turns

__all__ = [
    "Look",
    "Turn",
    "look_of",
    "reference_turns",
    "render",
    "render_aside",
    "render_content",
    "render_passage",
    "render_result",
    "turns",
]
