"""The report on models: what every question that compares or scores completions says about them."""

from typing import Any

import numpy as np

from annotate.frames import Asks, Frames
from annotate.frames.columns import Flags
from routing.leaderboard.board import board
from routing.leaderboard.cycles import cycles_of
from routing.leaderboard.rows import Compared, compared
from routing.leaderboard.slices import by_slice
from routing.leaderboard.words import headline

PEOPLE, JUDGES, ALL = "people", "judges", "all"


def leaderboard(frames: Frames) -> dict[str, Any]:
    """{"questions": [{question, title, kind, basis, left_out, boards, slices, cycles}], "headline": …}.

    Comparisons come first; scores, turned into signs, are a basis of their own and never pooled with them. Every
    first answer counts, those that somebody asked for too: a likelihood of who won does not mind how the pairs were
    chosen. Cycles are figures of reliability, so they take the base design alone.
    """
    found = [each for asks in frames.questions.values() if (each := _question(frames, asks)) is not None]
    questions = sorted(found, key=lambda each: each["basis"])
    return {"questions": questions, "headline": headline(questions)}


def _question(frames: Frames, asks: Asks) -> dict[str, Any] | None:
    found = compared(frames, asks)
    if found is None:
        return None
    made: dict[str, Any] = {
        "question": asks.name,
        "title": asks.title,
        "kind": asks.kind,
        "basis": found.basis,
        "n": len(found),
        "left_out": found.left_out,
        "boards": [board(found.where(chosen), name) for name, chosen in _parts(found).items()],
        "slices": _slices(frames, found),
    }
    is_comparison = found.basis == "comparison"
    del found  # a million rows, and cycles read them anew
    return {**made, "cycles": cycles_of(frames, asks, _first(frames, asks) if is_comparison else None)}


def _first(frames: Frames, asks: Asks) -> Any:
    found = frames.preferences(asks.name)
    return found.where(found.round == 0) if found.round.any() else found


def _parts(found: Compared) -> dict[str, Flags]:
    """Which comparisons are people's, which judges', and all where there are both; without any, nothing."""
    judge = found.rows.judge
    if not len(found):
        return {}
    if judge.all() or not judge.any():
        return {JUDGES if judge.all() else PEOPLE: np.ones(len(found), bool)}
    return {PEOPLE: ~judge, JUDGES: judge, ALL: np.ones(len(found), bool)}


def _slices(frames: Frames, found: Compared) -> dict[str, Any] | None:
    """By slice, of people where there are any."""
    parts = _parts(found)
    name = next(iter(parts), None)
    return None if name is None else {"annotators": name, **by_slice(frames, found, parts[name])}
