"""The known answer: the sparse feedback data (arXiv 2308.15812), from the two files to the report."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotate.importing.run import keep_file
from annotate.models import Campaign, User
from routing.tasks import refresh_campaign
from tests.factories import import_file, make_campaign

pytestmark = pytest.mark.django_db

QUESTIONS = (
    {"name": "rating", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}},
    {"name": "preference", "kind": "pairwise", "shows": "pair"},
)


@pytest.fixture
def sparse(researcher: User, shared_data: Path) -> Campaign:
    campaign = make_campaign(researcher, "sparse", QUESTIONS)
    folder = shared_data / "sparse_feedback"
    job = import_file(
        campaign,
        keep_file(folder / "rankings.csv"),
        file_type="csv",
        mapping_name="sparse_feedback",
        companions={"ratings": keep_file(folder / "ratings.csv")},
    )
    assert (job.state, job.done, job.rejected) == ("done", 118, 0)
    return campaign


def known(found: dict[str, Any]) -> None:
    assert (found["n"], found["clusters"]) == (117, 20)
    assert found["consistent"] == pytest.approx(0.5641, abs=5e-5)
    assert found["kappa"] == pytest.approx(0.345, abs=5e-4)
    assert found["chance"] == pytest.approx(0.334, abs=5e-4)
    shares = {name: round(100 * share, 1) for name, share in found["shares"].items()}
    assert shares == {
        "agree": 38.5,
        "contradict": 13.7,
        "rating_only": 14.5,
        "ranking_only": 15.4,
        "both_equal": 17.9,
    }


def test_the_celery_task_and_the_api_give_the_published_figures(
    sparse: Campaign, researcher: User, api: APIClient
) -> None:
    refresh_campaign(sparse.pk)
    api.force_authenticate(researcher)
    report = api.get("/api/v1/campaigns/sparse/inconsistency/").json()
    assert report["computed_at"]
    assert [(g["annotators"], g["basis"]) for g in report["groups"]] == [
        ("all", "same_annotator"),
        ("judge", "same_annotator"),
    ]
    for found in report["groups"]:
        known(found)


def test_both_decisive_pairs_agree_in_73_8_percent(sparse: Campaign, researcher: User, api: APIClient) -> None:
    refresh_campaign(sparse.pk)
    api.force_authenticate(researcher)
    table = api.get("/api/v1/campaigns/sparse/inconsistency/").json()["groups"][0]["table"]
    agree = table["A"]["A"] + table["B"]["B"]
    decisive = agree + table["A"]["B"] + table["B"]["A"]
    assert decisive == 61
    assert agree / decisive == pytest.approx(0.738, abs=5e-4)


def test_twenty_prompts_give_a_t_interval_wider_than_pairs_would(
    sparse: Campaign, researcher: User, api: APIClient
) -> None:
    refresh_campaign(sparse.pk)
    api.force_authenticate(researcher)
    found = api.get("/api/v1/campaigns/sparse/inconsistency/").json()["groups"][0]
    low, high = found["interval"]
    assert found["interval_method"] == "cluster t"
    assert 0.42 < low < 0.45  # resampling the 20 prompts gives 44 to 68 %
    assert 0.67 < high < 0.71
