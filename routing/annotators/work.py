"""What annotators spent and wrote: seconds by the length of the text, and free texts."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from annotate.frames import Frames
from annotate.frames.columns import Ids, Numbers
from annotate.frames.reading import column, read
from annotate.frames.things import numbered
from annotate.models import View
from annotate.stats.signals.pace import pace
from annotate.stats.signals.texts import repeated_texts, shared_texts
from routing.annotators.answers import Group, Question
from routing.annotators.signals import Told, strongest

SHORTEST = 20
"""Characters below which a free text may well be given twice ("same as above")."""
CHARACTERS = """
    SELECT u.id, sum(c.characters) FROM annotate_unit u
    JOIN annotate_completion c ON c.item_id = u.item_id AND c.key = ANY (u.keys)
    WHERE u.campaign_id = {campaign} GROUP BY u.id ORDER BY u.id
"""


def pace_of(group: Group, questions: Iterable[Question], ids: Ids) -> Told | None:
    """Seconds of each annotation, view by view: what is asked at once takes its own time."""
    by_view: dict[int, list[Question]] = {}
    for each in questions:
        by_view.setdefault(each.asks.view, []).append(each)
    parts = []
    for view, held in by_view.items():
        annotation, first = np.unique(np.concatenate([q.answers.annotation for q in held]), return_index=True)
        seconds = group.frames.seconds_of(annotation)
        timed = np.isfinite(seconds)
        if timed.any():
            columns = (np.concatenate([getattr(q.answers, n) for q in held]) for n in ("annotator", "unit", "cluster"))
            annotator, unit, cluster = (each[first][timed] for each in columns)
            who = np.searchsorted(ids, annotator)
            told = pace(who, len(ids), seconds[timed], _characters(group.frames, unit), cluster)
            parts.append((told, view))
    if not parts:
        return None
    names = dict(View.objects.filter(pk__in=by_view).values_list("pk", "name"))
    return strongest([(signal, names[view]) for signal, view in parts])


def _characters(frames: Frames, units: Ids) -> Numbers:
    """The characters of the completions shown in each of these units."""
    known, characters = frames.kept("unit characters", lambda: _read(frames))
    place = np.minimum(np.searchsorted(known, units), len(known) - 1)
    return np.where(known[place] == units, characters[place], 0).astype(float)


def _read(frames: Frames) -> tuple[Any, Any]:
    table = read(CHARACTERS, {"campaign": frames.campaign.pk}, {"id": "int64", "characters": "int64"})
    return column(table, "id"), column(table, "characters")


def texts_of(group: Group) -> dict[str, tuple[Ids, Ids, Ids]]:
    """Annotators, texts (equal ones alike) and what they are about, shape (n,), of each question for texts. Left out
    are short texts, and corrections, which begin alike."""
    found = {}
    for asks in group.frames.questions.values():
        if asks.kind == "text" and not asks.config.get("prefill"):
            rows = group.frames.texts(asks.name)
            chosen = group.chosen(rows) & (rows.characters >= SHORTEST)
            if chosen.any():
                kept = rows.where(chosen)
                found[asks.title] = (kept.annotator, kept.text, numbered(kept.unit, kept.target))
    return found


def texts_told(texts: dict[str, tuple[Ids, Ids, Ids]], ids: Ids) -> dict[str, Told]:
    """Whose texts were given before, by himself or by others."""
    found = {}
    for name, test in (("texts", repeated_texts), ("shared_texts", shared_texts)):
        parts = [(test(np.searchsorted(ids, w), len(ids), text, thing), t) for t, (w, text, thing) in texts.items()]
        if parts:
            found[name] = strongest(parts)
    return found
