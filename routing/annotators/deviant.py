"""The answers with which an annotator stands most alone."""

from typing import Any

import numpy as np

from annotate.frames.columns import Flags
from annotate.models import Item
from routing.annotators.answers import Question
from routing.annotators.signals import Asked

MOST = 5
FEWEST = 2
LONGEST = 60


def deviant(question: Question, asked: Asked, shown: Flags) -> dict[int, list[dict[str, Any]]]:
    """By annotator at most five answers that two others or more contradict, those first that the most others contradict
    with one voice: {"title", "unit", "item", "key", "said", "others_said", "others", "of"}."""
    beside = asked.beside
    lone = (beside.most > beside.same) & (beside.most >= FEWEST) & shown[asked.who]
    rows = np.flatnonzero(lone)
    if not len(rows):
        return {}
    against = (beside.most[rows] - beside.same[rows]) / beside.others[rows]
    order = rows[np.lexsort((-beside.others[rows], -against, asked.who[rows]))]
    place = np.arange(len(order)) - np.searchsorted(asked.who[order], asked.who[order])
    chosen = order[place < MOST]
    answers, held = asked.answers, question.coded
    keys = dict(Item.objects.filter(pk__in=np.unique(answers.item[chosen]).tolist()).values_list("pk", "key"))
    found: dict[int, list[dict[str, Any]]] = {}
    for row in chosen.tolist():
        told = {
            "title": held.asks.title,
            "unit": int(answers.unit[row]),
            "item": int(answers.item[row]),
            "key": keys.get(int(answers.item[row]), ""),
            "said": held.say(int(held.value[row]))[:LONGEST],
            "others_said": held.say(int(beside.said[row]))[:LONGEST],
            "others": int(beside.most[row]),
            "of": int(beside.others[row]),
        }
        found.setdefault(int(asked.who[row]), []).append(told)
    return found
