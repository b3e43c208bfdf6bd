"""The inconsistency report as a page that keeps itself fresh."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from annotate.access import campaign_run, campaigns_run_by
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow, ScoreRow
from annotate.models import Campaign, Preference, Question, Score, User
from annotate.options import option
from annotate.stats.intervals import FEW_CLUSTERS
from annotate.views.request import SignedIn
from routing.inconsistency import NOTHING
from routing.inconsistency.headlines import inconsistent
from routing.linking import links_of, other_of
from routing.views import inconsistency_charts as charts
from routing.views import inconsistency_words as words
from routing.views.ages import answer, report_and_age
from routing.views.charts import SHARES, three_by_three
from routing.win_rates import win_rates

FEW_PAIRS = 10
SHOWN_PAIRS = 10
SWITCH = ("question_rating", "question_ranking", "campaign_rating", "campaign_ranking", "annotators", "basis")
BASES = {
    "same_annotator": ("Same annotator", "one annotator's ratings against the same annotator's ranking"),
    "consensus": ("Consensus", "the mean rating against the majority ranking, where several annotated"),
}


@login_required
@require_safe
def inconsistency(request: SignedIn, slug: str) -> HttpResponse:
    """The page. To htmx: the line that says how old the report is, with the report where it is a newer one."""
    campaign = campaign_run(request.user, slug)
    found, age = report_and_age(request, campaign, "inconsistency")
    report = found if found is not None and "settle" in found else NOTHING  # one of before has another shape
    context = {**age, **report_context(campaign, report, request.GET)}
    if not request.htmx:
        context |= beside(request.user, campaign)
    return answer(request, "routing/inconsistency/inconsistency.html", "routing/inconsistency/_report.html", context)


def report_context(campaign: Campaign, report: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """The part that a newer report replaces."""
    groups = [_group(group) for group in report["groups"]]
    shown = distinct(groups, None)
    group = next((each for each in groups if _is_asked_for(each, query)), shown[0] if shown else None)
    settle = report["settle"]
    context: dict[str, Any] = {
        "groups": distinct(groups, group),
        "group": group,
        "missing": None if groups else missing(campaign),
        "repeats": charts.repeats(report),
        "repeats_on": option("repeats", campaign.current.config) is not None,
        "settle": [{**row, "why_words": words.WHY[row["why"]]} for row in settle[:SHOWN_PAIRS]],
        "settle_count": len(settle),
    }
    return context | (_charts(groups, group, report) if group else {})


def _charts(groups: list[dict[str, Any]], group: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "shares": charts.shares(groups, group),
        "share_rows": [(title, meaning, group["figures"][name]) for name, title, meaning in SHARES],
        "aspects": charts.aspects(groups, group),
        "explanations": charts.explanations(group),
        "ties": [*words.tie_sentences(group), *words.flip_sentences(group["flips"])],
        "cue_sentences": words.cue_sentences(group),
        "baseline": words.baseline_sentence(group, report["expected"]),
    }


def distinct(groups: Sequence[dict[str, Any]], chosen: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Without those of people and judges together that are people's alone, or judges'; the chosen one stays. What one
    annotator said stands before consensus."""
    alone = {_same_questions(group) for group in groups if group["annotators"] != "all"}
    kept = [g for g in groups if g == chosen or g["annotators"] != "all" or _same_questions(g) not in alone]
    return sorted(kept, key=lambda group: list(BASES).index(group["basis"]))


def _same_questions(group: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*(group[key] for key in SWITCH if key != "annotators"), group["n"], group["inconsistent"])


def beside(user: User, campaign: Campaign) -> dict[str, Any]:
    """What stands beside the report and holds what is being typed: links and win rates."""
    table = win_rates(campaign)
    links = [(link, other_of(link, campaign)) for link in links_of(campaign).order_by("pk")]
    mine = campaigns_run_by(user).exclude(pk__in=[campaign.pk, *(other.pk for _, other in links)])
    return {
        "links": links,
        "linkable": mine.order_by("name", "pk")[:200],
        "interplay": charts.interplay(table),
        "interplay_sentence": words.interplay_sentence(table["interaction"]),
        "has_win_rates": any(cell["win_rate"]["n"] for cell in table["cells"]),
    }


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    """A group of the report with what the template needs beside it."""
    figure = inconsistent(group["figures"]["consistent"])
    basis, meaning = BASES[group["basis"]]
    return {
        **group,
        "query": urlencode({key: group[key] for key in SWITCH}),
        "annotators_title": charts.ANNOTATORS[group["annotators"]],
        "basis_title": basis,
        "basis_meaning": meaning,
        "rating_name": charts.name_of(group, "rating"),
        "ranking_name": charts.name_of(group, "ranking"),
        "inconsistent": figure["value"],
        "inconsistent_interval": figure["interval"],
        "sides": three_by_three(group["table"]),
        "few_pairs": group["n"] < FEW_PAIRS,
        "few_clusters": group["clusters"] < FEW_CLUSTERS,
    }


def _is_asked_for(group: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    """A link of before two campaigns could be compared names none."""
    return all(query.get(key, group[key] if key.startswith("campaign") else None) == group[key] for key in SWITCH)


def missing(campaign: Campaign) -> dict[str, Any]:
    """What a campaign without a report lacks: a question of either kind, or pairs that have both."""
    kinds = set(Question.objects.filter(version=campaign.current).values_list("kind", flat=True))
    return {
        "rating": kinds.isdisjoint(kinds_that_yield(ScoreRow)),
        "pairwise": kinds.isdisjoint(kinds_that_yield(PreferenceRow)),
        "rated": Score.objects.filter(campaign=campaign).values("completion").distinct().count(),
        "compared": Preference.objects.filter(campaign=campaign).values("a", "b").distinct().count(),
    }
