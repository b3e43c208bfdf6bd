"""How far ratings and rankings of the same pairs disagree in a campaign (*Peering Through Preferences*).

Two bases, never pooled (`pairs.py`); people and judges apart and together; in one campaign, or in two over the same
items that are linked (`sources.py`). Only the base design counts: not what was repeated silently (that is the baseline,
`baseline.py`), asked again, or given to people by a route.
"""

from collections.abc import Mapping
from typing import Any

from annotate.frames import Frames
from routing.inconsistency.baseline import baseline_of
from routing.inconsistency.groups import groups_of
from routing.inconsistency.headlines import headline
from routing.inconsistency.settling import to_settle
from routing.inconsistency.sources import compared, linked_with, sources_of

__all__ = ["NOTHING", "inconsistency", "linked_with"]

NOTHING: Mapping[str, Any] = {
    "computed_at": None,
    "groups": [],
    "repeats": [],
    "expected": [],
    "settle": [],
    "linked": [],
    "headline": headline([], []),
}
"""What stands for a report that was not made yet."""


def inconsistency(frames: Frames) -> dict[str, Any]:
    """The report: `groups` in the shape of the public contract with their explanations, the test–retest baseline
    (`repeats`, and what noise would explain: `expected`), and the pairs to `settle` first."""
    found = sources_of(frames)
    comparisons = list(compared(found))
    who = {pk: each for source in found for pk, each in source.frames.annotators.items()}
    made = [group for each in comparisons for group in groups_of(each, frames.completions, who)]
    base = baseline_of(comparisons)
    return {
        "groups": made,
        **base,
        "settle": to_settle(comparisons, frames.completions),
        "linked": [
            {"campaign": s.campaign.slug, "completions": len(s.shared.ours), "different": s.shared.different}
            for s in found
            if s.shared is not None
        ],
        "headline": headline(made, base["expected"]),
    }
