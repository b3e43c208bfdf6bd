"""The records of a campaign, read once for a refresh of its reports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from annotate.frames.columns import ARMS, Ids, Labels, Numbers, Preferences, Scores, Texts
from annotate.frames.reading import codes, column, read
from annotate.kinds import kind
from annotate.kinds.base import Scale
from annotate.models import Annotator, Campaign, Item, Question, Standing

T = TypeVar("T")

COMMON = """
    r.annotation_id, r.unit_id, r.item_id, r.prompt_group_id, r.annotator_id, r.annotator_kind = 'judge',
    r.round, s.slot IS NOT NULL AND s.purpose = '' AND r.round = 0 AND r.annotator_kind = 'human',
    s.purpose = 'again', array_position({arms}::text[], s.arm::text) - 1, extract(epoch from r.created_at)
"""
COMMON_TYPES = {
    **dict.fromkeys(("annotation", "unit", "item", "group", "annotator"), "int64"),
    "judge": "bool_",
    "round": "int64",
    "base": "bool_",
    "again": "bool_",
    "arm": "int64",
    "at": "float64",
}
FROM = """
    FROM annotate_{table} r
    JOIN annotate_annotation n ON n.id = r.annotation_id JOIN annotate_assignment s ON s.id = n.assignment_id
    WHERE r.campaign_id = {{campaign}} AND r.question = {{question}}
      AND r.annotator_id <> ALL ({{excluded}}::bigint[]) AND r.item_id <> ALL ({{withdrawn}}::bigint[])
"""
COMPLETIONS = """
    SELECT c.id, c.item_id, i.prompt_group_id, c.position, coalesce(c.model, ''),
           c.characters, c.words, c.distinct_words
    FROM annotate_completion c JOIN annotate_item i ON i.id = c.item_id WHERE i.campaign_id = {campaign} ORDER BY c.id
"""
COMPLETION_TYPES = {
    **dict.fromkeys(("id", "item", "group", "position"), "int64"),
    "model": "string",
    **dict.fromkeys(("characters", "words", "distinct_words"), "int64"),
}
SECONDS = """
    SELECT id, active_seconds FROM annotate_annotation
    WHERE campaign_id = {campaign} AND active_seconds IS NOT NULL ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Who:
    """An annotator; `weight` is what his answers weigh in consensus and leaderboard."""

    id: int
    name: str
    is_judge: bool
    weight: float = 1.0
    paused: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """A question that the campaign asks now. `scale` says which distance its answers have."""

    name: str
    title: str
    kind: str
    config: Mapping[str, Any]
    view: int
    shows: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class Completions:
    """The campaign's completions in the order of their ids; `model` are codes into `models`, "" being no model."""

    id: Ids
    item: Ids
    group: Ids
    position: Ids
    model: Ids
    models: tuple[str, ...]
    characters: Ids
    words: Ids
    distinct_words: Ids

    def at(self, ids: Ids) -> Ids:
        """The places of these completions in the columns."""
        return np.searchsorted(self.id, ids).astype(np.int64)

    @property
    def density(self) -> Numbers:
        """Different words by words, 0 without words."""
        return np.asarray(self.distinct_words / np.maximum(self.words, 1), float)


class Frames:
    """What a campaign's records say, question by question, read when first asked for and kept.

    Left out are the records of excluded annotators, unless `with_excluded`, and of items that were taken out of the
    campaign.
    """

    def __init__(self, campaign: Campaign, with_excluded: bool = False) -> None:
        self.campaign, self.with_excluded = campaign, with_excluded
        self._kept: dict[tuple[str, str], Any] = {}

    @cached_property
    def questions(self) -> dict[str, Asks]:
        """The questions that the campaign asks now, by name, in their order."""
        rows = Question.objects.filter(version=self.campaign.current).select_related("view")
        return {
            q.name: Asks(q.name, str(q), q.kind, q.config, q.view_id, q.view.shows, kind(q.kind).scale(q.config))
            for q in rows
        }

    @cached_property
    def annotators(self) -> dict[int, Who]:
        """Everybody who annotated or may: by id, the excluded too."""
        standings = {each.annotator_id: each for each in Standing.objects.filter(campaign=self.campaign)}
        found = {}
        for pk, name, kind_name in self._everybody():
            standing = standings.get(pk) or Standing()
            found[pk] = Who(
                pk,
                name,
                kind_name == Annotator.Kind.JUDGE,
                standing.weight,
                standing.paused_at is not None,
                standing.excluded_at is not None,
            )
        return found

    def _everybody(self) -> Any:
        ids = {
            *self.campaign.members.values_list("annotator", flat=True),
            *self.campaign.imported_annotators.values_list("pk", flat=True),
            *Standing.objects.filter(campaign=self.campaign).values_list("annotator", flat=True),
        }
        return Annotator.objects.filter(pk__in=ids).order_by("name", "pk").values_list("pk", "name", "kind")

    def preferences(self, question: str) -> Preferences:
        return self._keep("preference", question, self._preferences)

    def scores(self, question: str) -> Scores:
        return self._keep("score", question, self._scores)

    def labels(self, question: str) -> Labels:
        return self._keep("label", question, self._labels)

    def texts(self, question: str) -> Texts:
        return self._keep("text", question, self._texts)

    @cached_property
    def completions(self) -> Completions:
        table = read(COMPLETIONS, {"campaign": self.campaign.pk}, COMPLETION_TYPES)
        found = {name: column(table, name) for name in COMPLETION_TYPES if name != "model"}
        model, models = codes(table, "model")
        return Completions(**found, model=model, models=models)

    def seconds_of(self, annotations: Ids) -> Numbers:
        """The active seconds of these annotations, NaN where none were told."""
        ids, seconds = self._seconds
        if not len(ids):
            return np.full(len(annotations), np.nan)
        place = np.minimum(np.searchsorted(ids, annotations), len(ids) - 1)
        return np.where(ids[place] == annotations, seconds[place], np.nan)

    @cached_property
    def _seconds(self) -> tuple[Ids, Numbers]:
        table = read(SECONDS, {"campaign": self.campaign.pk}, {"id": "int64", "seconds": "float64"})
        return column(table, "id"), column(table, "seconds")

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` finds, found once for all reports: `name` is its own."""
        return self._keep(name, "", lambda _: make())

    def forget(self, question: str) -> None:
        """Lets go of a question's columns, so that a refresh holds one question's at a time."""
        self._kept = {key: value for key, value in self._kept.items() if key[1] != question}

    def _keep(self, table: str, question: str, make: Callable[[str], T]) -> T:
        if (table, question) not in self._kept:
            self._kept[table, question] = make(question)
        kept: T = self._kept[table, question]
        return kept

    def _read(self, table: str, question: str, columns: str, types: Mapping[str, str]) -> Any:
        query = f"SELECT {COMMON}, {columns}" + FROM.format(table=table).replace("{{", "{").replace("}}", "}")
        return read(query, self.values_of(question), {**COMMON_TYPES, **types})

    def values_of(self, question: str) -> dict[str, Any]:
        """What a query of a question's records is asked with: campaign, question, and who and what is left out."""
        return {
            "campaign": self.campaign.pk,
            "question": question,
            "arms": list(ARMS),
            "excluded": [who.id for who in self.annotators.values() if who.excluded and not self.with_excluded],
            "withdrawn": self._withdrawn,
        }

    @cached_property
    def _withdrawn(self) -> list[int]:
        rows = Item.objects.filter(campaign=self.campaign, withdrawn_at__isnull=False)
        return list(rows.values_list("pk", flat=True))

    def _preferences(self, question: str) -> Preferences:
        types = {
            **dict.fromkeys(("a", "b", "sign", "strength"), "int64"),
            "probability": "float64",
            **dict.fromkeys(("both_bad", "a_first"), "bool_"),
        }
        columns = "r.a_id, r.b_id, r.sign, coalesce(r.strength, 0), r.probability, r.both_bad, r.a_shown_first"
        table = self._read("preference", question, columns, types)
        return Preferences(**{name: column(table, name) for name in table.column_names})

    def _scores(self, question: str) -> Scores:
        types = {"completion": "int64", "value": "float64", "position": "int64"}
        table = self._read("score", question, "r.completion_id, r.value, r.position_shown", types)
        return Scores(**{name: column(table, name) for name in table.column_names})

    def _labels(self, question: str) -> Labels:
        types = dict.fromkeys(("target", "point", "value"), "string")
        table = self._read("label", question, "r.target, r.point, r.value", types)
        coded = {name: codes(table, name) for name in types}
        return Labels(
            **{name: column(table, name) for name in COMMON_TYPES},
            **{name: found for name, (found, _) in coded.items()},
            **{f"{name}s": texts for name, (_, texts) in coded.items()},  # type: ignore[arg-type]
        )

    def _texts(self, question: str) -> Texts:
        types = {"target": "string", "text": "int64", "characters": "int64"}
        table = self._read("label", question, "r.target, hashtextextended(r.value, 0), length(r.value)", types)
        target, targets = codes(table, "target")
        plain = {name: column(table, name) for name in (*COMMON_TYPES, "text", "characters")}
        return Texts(**plain, target=target, targets=targets)
