from typing import Any

import pytest

from annotate.campaigns import add_member
from annotate.errors import Exists, Invalid
from annotate.frames import Frames
from annotate.frames.linked import shared
from annotate.models import Campaign, User
from routing.inconsistency import inconsistency
from routing.linking import link, links_of, unlink
from routing.models import Report
from routing.reports import MARK, refresh, report_of, stale_campaigns, touch
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, person
from tests.routing.compared import pair_item

pytestmark = pytest.mark.django_db
RATED = [("ann", "human", 5, 3, None), ("bob", "human", 6, 2, None)]


@pytest.fixture
def rating(researcher: User) -> Campaign:
    campaign = make_campaign(researcher, "rates", [RATING_EACH], overlap=3)
    import_rows(campaign, [pair_item(f"r{n}", *RATED) for n in range(4)])
    return campaign


@pytest.fixture
def ranking(researcher: User) -> Campaign:
    campaign = make_campaign(researcher, "ranks", [PAIRWISE_PAIR], overlap=3)
    rows = [pair_item(f"r{n}", ("cat", "human", None, None, "b" if n == 2 else "a")) for n in range(3)]
    rows[0]["completions"].reverse()  # their first is our second
    rows[1]["completions"][0]["text"] = "Another text under the same key"
    import_rows(campaign, rows)
    return campaign


def groups(campaign: Campaign) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = inconsistency(Frames(campaign))["groups"]
    return found


def test_completions_are_matched_by_item_key_key_and_text(rating: Campaign, ranking: Campaign) -> None:
    found = shared(rating, ranking)
    assert (len(found.ours), found.different) == (5, 1)
    assert shared(ranking, rating).theirs.tolist() == sorted(found.ours.tolist())


def test_two_campaigns_are_compared_under_both(rating: Campaign, ranking: Campaign) -> None:
    assert groups(rating) == []
    link(rating, ranking)
    for campaign in (rating, ranking):
        found = groups(campaign)
        assert {(g["annotators"], g["basis"]) for g in found} == {("all", "consensus"), ("human", "consensus")}
        one = found[0]
        assert (one["campaign_rating"], one["campaign_ranking"]) == ("rates", "ranks")
        assert (one["n"], one["consistent"], one["clusters"]) == (2, 0.5, 2)  # r1 has another text
        assert one["shares"]["contradict"] == 0.5


def test_a_person_of_the_organisation_is_the_same_annotator_in_both(
    rating: Campaign, ranking: Campaign, annotator: User
) -> None:
    from annotate.models import Annotation, Preference, Score

    somebody = person(annotator)
    for campaign, name in ((rating, "ann"), (ranking, "cat")):
        add_member(campaign, somebody)
        for model in (Annotation, Score, Preference):
            model.objects.filter(campaign=campaign, annotator__name=name).update(annotator=somebody)
    link(ranking, rating)
    found = {(g["annotators"], g["basis"]): g["n"] for g in groups(rating)}
    assert found["human", "same_annotator"] == 2


def test_either_changes_both_reports(rating: Campaign, ranking: Campaign) -> None:
    link(rating, ranking)
    refresh(rating)
    refresh(ranking)
    Report.objects.filter(name=MARK).update(seen_until=None)
    refresh(rating)
    refresh(ranking)
    import_rows(ranking, [pair_item("r3", ("cat", "human", None, None, "a"))])
    assert set(stale_campaigns().values_list("slug", flat=True)) >= {"ranks"}
    refresh(ranking)
    assert "rates" in stale_campaigns().values_list("slug", flat=True)
    refresh(rating)
    assert report_of(rating, "inconsistency")["groups"][0]["n"] == 3  # type: ignore[index]


def test_a_decision_in_one_touches_both(rating: Campaign, ranking: Campaign) -> None:
    link(rating, ranking)
    refresh(rating)
    refresh(ranking)
    touch(ranking)
    assert list(
        Report.objects.filter(name=MARK, seen_until=None)
        .values_list("campaign__slug", flat=True)
        .order_by("campaign__slug")
    ) == ["ranks", "rates"]


def test_what_cannot_be_linked_is_refused(rating: Campaign, ranking: Campaign, researcher: User) -> None:
    with pytest.raises(Invalid, match="itself"):
        link(rating, rating)
    other = make_campaign(researcher, "elsewhere", [PAIRWISE_PAIR])
    import_rows(other, [pair_item("q1")])
    with pytest.raises(Invalid, match="no completion in common"):
        link(rating, other)
    link(rating, ranking)
    with pytest.raises(Exists, match="already"):
        link(ranking, rating)


def test_a_link_is_taken_back(rating: Campaign, ranking: Campaign) -> None:
    unlink(link(rating, ranking))
    assert not links_of(rating).exists()
    assert groups(ranking) == []
