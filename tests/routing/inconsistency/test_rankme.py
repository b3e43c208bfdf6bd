"""The known answer of RankME's first setup, informativeness: 300 pairs of texts, mean Likert rating against the
majority of the relative ratings, as docs/inconsistency.md derives it: in plain Python, and through a campaign."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from annotate.models import User
from annotate.stats.consistency import consistency
from tests.factories import import_rows, make_campaign
from tests.routing.compared import group
from tests.routing.inconsistency.rankme import items, likert, relative, signs

QUESTIONS = (
    {"name": "informativeness", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 6}},
    {"name": "order", "kind": "ranking", "shows": "all"},
)
TABLE = {
    "A": {"A": 61, "B": 0, "equal": 48},
    "B": {"A": 1, "B": 73, "equal": 42},
    "equal": {"A": 0, "B": 1, "equal": 74},
}


def test_the_files_hold_what_the_derivation_says(shared_data: Path) -> None:
    folder = shared_data / "rankme"
    assert (len(likert(folder)), len(relative(folder))) == (914, 300)
    assert Counter(Counter((row["mr_id"], row["team"]) for row in likert(folder)).values()) == {3: 292, 4: 2, 5: 6}
    assert Counter(Counter(row["mr_id"] for row in relative(folder)).values()) == {3: 100}


def test_the_figures_in_plain_python(shared_data: Path) -> None:
    groups, rated, ranked = (np.array(column) for column in zip(*signs(shared_data / "rankme"), strict=True))
    found = consistency(rated, ranked, groups)
    assert (found.n, found.clusters) == (300, 100)
    assert found.table == tuple(tuple(row.values()) for row in TABLE.values())
    assert found.consistent == pytest.approx(0.6933, abs=5e-5)
    assert found.chance == pytest.approx(0.3071, abs=5e-5)
    assert found.kappa == pytest.approx(0.5574, abs=5e-5)


@pytest.mark.django_db
def test_a_campaign_with_the_same_answers_reports_the_same(researcher: User, shared_data: Path) -> None:
    campaign = make_campaign(researcher, "rankme", QUESTIONS, overlap=3)
    job = import_rows(campaign, items(shared_data / "rankme"))
    assert (job.done, job.rejected) == (100, 0)
    found = group(campaign, "human", "consensus")
    assert found is not None
    assert (found["n"], found["clusters"], found["table"]) == (300, 100, TABLE)
    shares = {name: round(100 * share, 1) for name, share in found["shares"].items()}
    assert shares == {"agree": 44.7, "contradict": 0.3, "rating_only": 30.0, "ranking_only": 0.3, "both_equal": 24.7}
    low, high = found["interval"]
    assert (low, high) == pytest.approx((0.63, 0.757), abs=0.01)
    assert found["figures"]["decisive"]["value"] == pytest.approx(134 / 135)
    longer = found["cues"]["longer"]
    assert longer["ratings"]["value"] == pytest.approx(0.793, abs=5e-4)
    assert longer["rankings"]["value"] == pytest.approx(0.723, abs=5e-4)
    assert longer["difference"]["interval"][0] > 0
