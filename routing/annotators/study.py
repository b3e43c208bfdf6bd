"""Everybody's signals with their flags, and the details of each annotator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotate.frames import Frames
from annotate.frames.columns import Flags, Ids
from annotate.stats.intervals import Figure
from annotate.stats.signals.base import RATE, Signal, adjusted_together
from routing.annotators.answers import Answers, Group, Question, answers_of, groups_of, together
from routing.annotators.beside import beside
from routing.annotators.confusions import confusions
from routing.annotators.deviant import deviant
from routing.annotators.signals import Asked, Told, all_signals, dated, retest
from routing.annotators.times import over_time
from routing.annotators.work import pace_of, texts_of, texts_told

MOST = 500
PLACES = 5
Row = dict[str, Any]


@dataclass(slots=True)
class Study:
    """The rows and details of the reports (see `report`), how many annotators are left out, and how many tests there
    were."""

    rows: list[Row] = field(default_factory=list)
    details: dict[str, Row] = field(default_factory=dict)
    left_out: int = 0
    tests: int = 0


def study(frames: Frames) -> Study:
    """People and judges apart; of more than 500 in a group those with most answers."""
    found = Study()
    for group in groups_of(frames):
        _add(found, group)
    found.rows.sort(key=lambda row: (row["is_judge"], row["name"], row["id"]))
    return found


def _add(found: Study, group: Group) -> None:
    questions, texts = answers_of(group), texts_of(group)
    ids = np.unique(np.concatenate([*(q.answers.annotator for q in questions), *(t[0] for t in texts.values()), []]))
    ids = ids.astype(np.int64)
    if not len(ids):
        return
    whole = _asked(together(questions), ids, questions) if questions else None
    told = {**(_signals(group, questions, whole, ids) if whole else {}), **texts_told(texts, ids)}
    work = _work(questions, ids)
    shown = _shown(group, ids, work)
    found.left_out += int(len(ids) - len(shown)) if not group.excluded else 0
    chosen = np.isin(np.arange(len(ids)), shown)
    signals = {name: Signal(t.signal.figures, np.where(chosen, t.signal.p, np.nan)) for name, t in told.items()}
    p = adjusted_together(signals)
    found.tests += sum(int(np.isfinite(each).sum()) for each in p.values())
    for n in shown.tolist():
        found.rows.append(_row(group, ids, n, told, p, int(work[n])))
    if whole:
        found.details.update(_details(questions, whole, ids, chosen))


def _work(questions: Sequence[Question], ids: Ids) -> Ids:
    """How many annotations each gave."""
    work = np.zeros(len(ids), np.int64)
    if questions:
        first = np.unique(np.concatenate([q.answers.annotation for q in questions]), return_index=True)[1]
        annotator = np.concatenate([q.answers.annotator for q in questions])[first]
        work += np.bincount(np.searchsorted(ids, annotator), minlength=len(ids))
    return work


def _shown(group: Group, ids: Ids, work: Ids) -> Ids:
    able = np.isin(ids, group.excluded) if group.excluded else np.ones(len(ids), bool)
    order = np.argsort(-work, kind="stable")
    return np.sort(order[able[order]][:MOST])


def _signals(group: Group, questions: Sequence[Question], whole: Asked, ids: Ids) -> dict[str, Told]:
    found = all_signals(whole)
    again = [q.again for q in questions]
    who = np.concatenate([each.annotator for each in again])
    mine = np.isin(who, ids)
    same, cluster = (np.concatenate([getattr(each, name) for each in again])[mine] for name in ("same", "cluster"))
    extra = {
        "retest": retest(np.searchsorted(ids, who[mine]), len(ids), same, cluster),
        "pace": pace_of(group, questions, ids),
    }
    return found | {name: told for name, told in extra.items() if told is not None}


def _asked(answers: Answers, ids: Ids, questions: Iterable[Question]) -> Asked:
    who = np.searchsorted(ids, answers.annotator).astype(np.int64)
    named = [(each.asks.kind, each.asks.title) for each in questions]
    held = beside(answers.thing, answers.value)
    return Asked(answers, who, len(ids), held, dated(answers, who, len(ids)), named)


def _row(group: Group, ids: Ids, n: int, told: Mapping[str, Told], p: Mapping[str, Any], work: int) -> Row:
    pk = int(ids[n])
    signals = {name: _signal(group, ids, n, each, float(p[name][n])) for name, each in told.items()}
    kept = {name: each for name, each in signals.items() if each["value"] is not None}
    who = group.frames.annotators.get(pk)
    return {
        "id": pk,
        "name": who.name if who else str(pk),
        "is_judge": group.judges,
        "excluded": bool(group.excluded),
        "n": work,
        "signals": kept,
        "flags": [name for name, each in kept.items() if each["flagged"]],
    }


def _signal(group: Group, ids: Ids, n: int, told: Told, p: float) -> Row:
    found = {
        **rounded(told.signal.figures[n]),
        "p": round(p, 6) if np.isfinite(p) else None,
        "flagged": bool(p <= RATE),
        "of": told.of[n] if told.of else "",
    }
    if told.copied is not None and found["flagged"] and (whom := int(told.copied[n])) >= 0:
        found["whom"] = group.frames.annotators[int(ids[whom])].name
    return found


def rounded(figure: Figure) -> Row:
    """A figure as stored, with five places."""
    limits = figure.interval and [round(limit, PLACES) if np.isfinite(limit) else None for limit in figure.interval]
    return {
        "value": None if figure.value is None else round(figure.value, PLACES),
        "interval": limits if limits and None not in limits else None,
        "n": figure.n,
        "clusters": figure.clusters,
        "method": figure.method,
    }


def _details(questions: Sequence[Question], whole: Asked, ids: Ids, shown: Flags) -> dict[str, Row]:
    """By id: each question's figures where there are several, agreement over time, confusions, deviant answers."""
    people = np.flatnonzero(shown).tolist()
    found: dict[str, Row] = {
        str(ids[n]): {"questions": [], "over_time": [], "confusions": [], "deviant": []} for n in people
    }
    for each in questions:
        asked = _asked(each.answers, ids, questions) if len(questions) > 1 else whole
        if len(questions) > 1:
            alone = all_signals(asked)
            for n in people:
                figures = {name: rounded(told.signal.figures[n]) for name, told in alone.items()}
                kept = {name: figure for name, figure in figures.items() if figure["value"] is not None}
                if kept:
                    found[str(ids[n])]["questions"].append({"title": each.asks.title, "signals": kept})
        _extend(found, ids, "confusions", confusions(each, asked, shown))
        _extend(found, ids, "deviant", deviant(each, asked, shown))
    for n, points in over_time(whole, shown).items():
        found[str(ids[n])]["over_time"] = [{"at": at, **rounded(figure)} for at, figure in points]
    return found


def _extend(found: dict[str, Row], ids: Ids, name: str, more: Mapping[int, list[Row]]) -> None:
    for n, rows in more.items():
        found[str(ids[n])][name] += rows
