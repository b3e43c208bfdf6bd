"""What the figures of the inconsistency page mean, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from routing.inconsistency.headlines import ceiling_of, inconsistent, is_beyond_noise

Figure = Mapping[str, Any]
SUBJECTS = {
    "longer": "The longer completion",
    "denser": "The denser completion (more different words among its words)",
    "first": "The completion shown first in the ranking",
}
WHY = {
    "contradict": "opposite sides",
    "rating_only": "the ratings differ, the votes are split or tie",
    "ranking_only": "the ratings are equal, the votes name a side",
}


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def limits(figure: Figure, sign: str = "") -> str:
    if figure["interval"] is None:
        return "no interval"
    low, high = (f"{100 * limit:{sign}.1f}".replace("-", "\u2212") for limit in figure["interval"])
    return f"{low} to {high}"


def cue_sentences(group: Mapping[str, Any]) -> list[str]:
    """For each cue, what it wins where, and whether that is told apart from nothing."""
    found = [(name, group["cues"][name]) for name in SUBJECTS if name in group["cues"]]
    return [_cue(SUBJECTS[name], figures) for name, figures in found if figures["difference"]["value"] is not None]


def _cue(name: str, found: Mapping[str, Any]) -> str:
    rated, ranked, apart = found["ratings"], found["rankings"], found["difference"]
    said = f"{name} wins {percent(rated['value'])} of the ratings and {percent(ranked['value'])} of the rankings"
    difference = f"{100 * apart['value']:+.1f} points ({limits(apart, '+')}, n {apart['n']})".replace("-", "\u2212")
    if apart["n"] < 10 or apart["interval"] is None:
        return f"{said}: {difference}; fewer than 10 pairs." if apart["n"] < 10 else f"{said}: {difference}."
    if apart["interval"][0] <= 0 <= apart["interval"][1]:
        return f"{said}: {difference}, which may be chance."
    side = "ratings" if apart["value"] > 0 else "rankings"
    reversal = rated["value"] > 0.5 > ranked["value"] or ranked["value"] > 0.5 > rated["value"]
    more = ", and it wins one while it loses the other" if reversal else ""
    return f"{said}: {difference}, more in the {side}{more}."


def tie_sentences(group: Mapping[str, Any]) -> list[str]:
    """Ties apart from contradictions."""
    figures = group["figures"]
    decisive, tied, apart = figures["decisive"], figures["one_tie"], figures["contradict"]
    lines = [
        f"In {percent(apart['value'])} of the pairs the two name opposite sides ({limits(apart)}); in "
        f"{percent(tied['value'])} exactly one of them ties ({limits(tied)}), which may be indifference."
    ]
    if decisive["value"] is not None:
        few = "; fewer than 10" if decisive["n"] < 10 else ""
        lines.append(
            f"Where neither ties, they agree in {percent(decisive['value'])} of {decisive['n']} pairs "
            f"({limits(decisive)}{few})."
        )
    return lines


def flip_sentences(flips: Mapping[str, Any] | None) -> list[str]:
    """A judge's flips apart from its ties."""
    if flips is None:
        return []
    lines = [
        f"Asked in both orders, judges named the same slot twice in {percent(flips['flipped']['value'])} of "
        f"{flips['flipped']['n']} pairs ({limits(flips['flipped'])}): no preference, but no tie that they named "
        f"either. Of {flips['ties']} ties in the ranking {flips['ties_flipped']} are such flips."
    ]
    turned, steady = flips["consistent_flipped"], flips["consistent_steady"]
    if turned["value"] is not None and steady["value"] is not None:
        lines.append(
            f"Consistent are {percent(turned['value'])} of the flipped pairs ({limits(turned)}) and "
            f"{percent(steady['value'])} of the others ({limits(steady)})."
        )
    return lines


def baseline_sentence(group: Mapping[str, Any], expected: Sequence[Mapping[str, Any]]) -> str:
    """What noise alone would explain of the chosen group; empty where that is not known."""
    found = ceiling_of(group, expected)
    if found is None:
        return ""
    noise = 1 - found["value"]
    low, high = (1 - limit for limit in reversed(found["interval"])) if found["interval"] else (0.0, 1.0)
    observed = 1 - group["consistent"]
    beyond = is_beyond_noise(inconsistent(group["figures"]["consistent"]), found)
    verdict = "more than noise explains" if beyond else "no more than noise may explain"
    few = " Fewer than 10 repeats: an impression, not a figure." if found["n"] < 10 else ""
    return (
        f"Given how often the same annotator repeats himself (n {found['n']}), noise alone would make "
        f"{percent(noise)} of the pairs inconsistent ({100 * low:.1f} to {100 * high:.1f}), even if ratings and "
        f"rankings asked for the same thing. Seen are {percent(observed)}: {verdict}.{few}"
    )


def interplay_sentence(interaction: Figure) -> str:
    """Whether each protocol favours the model trained on its own feedback."""
    if interaction["value"] is None:
        return "The interaction needs all four cells."
    found = f"{100 * interaction['value']:+.1f} points ({limits(interaction, '+')}, n {interaction['n']})"
    found = found.replace("-", "\u2212")
    low, high = interaction["interval"]
    if low > 0:
        return f"Each protocol favours the model trained on its own feedback: interaction {found}."
    if high < 0:
        return f"Each protocol favours the model trained on the other feedback: interaction {found}."
    return f"No interaction of feedback and evaluation is shown: {found}."
