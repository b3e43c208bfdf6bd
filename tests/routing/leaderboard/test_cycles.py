import pytest

from annotate.models import Campaign, User
from tests.routing.leaderboard.played import Said, item, played, report

pytestmark = pytest.mark.django_db
THREE = {"a": "ada", "b": "bob", "c": "cyd"}
RING, LINE = ("a>b", "b>c", "c>a"), ("a>b", "b>c", "a>c")


def said(name: str, pairs: tuple[str, ...], kind: str = "human") -> list[Said]:
    return [(name, kind, pair) for pair in pairs]


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    """Ann goes round in a circle everywhere; ben and cal never do."""
    rows = [item(f"r{n}", THREE, *said("ann", RING), *said("ben", LINE), *said("cal", LINE)) for n in range(12)]
    return played(researcher, rows)


def test_who_goes_round_in_circles_is_found(campaign: Campaign) -> None:
    found = report(campaign)["cycles"]
    ann, *others = found["annotators"]
    assert (ann["name"], ann["possible"], ann["cyclic"], ann["more_than_slips"]) == ("ann", 12, 12, True)
    assert ann["slips"] == pytest.approx(1 / 3)  # c over a, against the order of ben and cal
    assert [each["more_than_slips"] for each in others] == [False, False]
    assert found["people"]["share"]["value"] == pytest.approx(1 / 3)
    assert found["majority"]["share"]["value"] == 0
    assert found["settle"] == {"pairs": 0, "rows": []}


def test_the_weakest_pair_of_a_majoritys_cycle_would_settle_it(researcher: User) -> None:
    rows = [item("r1", THREE, *said("ann", RING), *said("ben", ("a>b", "b>c", "a=c")), *said("cal", ("a>b",)))]
    found = report(played(researcher, rows))["cycles"]
    assert found["majority"]["cyclic"] == 1
    assert found["settle"]["pairs"] == 1
    (row,) = found["settle"]["rows"]
    assert (row["key"], row["a"]["key"], row["b"]["key"]) == ("r1", "a", "c")
    assert row["votes"] == [0, 1, 1]
    assert row["a"]["model"] == "ada"


def test_judges_are_told_apart(researcher: User) -> None:
    rows = [item(f"r{n}", THREE, *said("gpt", RING, "judge"), *said("ben", LINE)) for n in range(3)]
    found = report(played(researcher, rows))["cycles"]
    assert (found["judges"]["cyclic"], found["people"]["cyclic"]) == (3, 0)
    assert found["majority"]["of"] == "people"


def test_a_ranking_cannot_contain_a_cycle(researcher: User) -> None:
    ranking = {"name": "order", "kind": "ranking", "shows": "all"}
    row = item("r0", THREE)
    row["annotations"] = [{"annotator": "ann", "kind": "human", "answers": {"order": {"a": 1, "b": 2, "c": 3}}}]
    found = report(played(researcher, [row], more=[ranking]), "order")
    assert "cannot contain a cycle" in found["cycles"]["why"]
    assert found["boards"][0]["n"] == 3


def test_models_in_a_ring_are_named(researcher: User) -> None:
    rows = [item(f"r{n}", THREE, *said("ann", RING)) for n in range(20)]
    (board,) = report(played(researcher, rows))["boards"]
    (ring,) = board["rings"]["found"]
    assert ring["models"] == ["ada", "bob", "cyd"]
    assert ring["real"]
