import pytest

from annotate.campaigns import change_state
from annotate.errors import Invalid, NotAllowed, NotFound
from annotate.frames import Frames
from annotate.models import Assignment, Campaign, User
from routing.inconsistency import inconsistency
from routing.inconsistency.asking import ask_to_settle
from tests.factories import make_user
from tests.routing.compared import Said, compared, pair_item

pytestmark = pytest.mark.django_db


def human(a: float, b: float, ranking: str, name: str = "ann") -> Said:
    return name, "human", a, b, ranking


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    three = ("ann", "bob", "cat")
    items = [
        pair_item("consistent", human(5, 3, "a")),
        pair_item("unanimous", *(human(7, 1, "b", name) for name in three)),
        pair_item("one-vote", human(7, 1, "b")),
        pair_item("mild", human(5, 4, "b")),
        pair_item("split", human(7, 1, "a"), human(7, 1, "b", "bob")),
        pair_item("equal", human(4, 4, "a")),
    ]
    return compared(researcher, items)


def test_contradictions_that_few_votes_settle_come_first_and_ties_after_them(campaign: Campaign) -> None:
    rows = inconsistency(Frames(campaign))["settle"]
    assert [(row["item"], row["why"], row["needed"]) for row in rows] == [
        ("one-vote", "contradict", 2),
        ("mild", "contradict", 2),
        ("unanimous", "contradict", 4),
        ("split", "rating_only", 1),
        ("equal", "ranking_only", 1),
    ]
    first = rows[0]
    assert first["priority"] == pytest.approx((1 + 1) / 2 / 2)
    assert (first["ratings"], first["votes"], first["a"], first["b"]) == ([7.0, 1.0], [0, 0, 1], "a", "b")


def test_asking_again_asks_for_the_units_of_the_first_pairs(campaign: Campaign, researcher: User) -> None:
    change_state(campaign, "launch")
    rows = inconsistency(Frames(campaign))["settle"]
    done = ask_to_settle(researcher, rows, 2, "ranking", "others")
    assert (done.made, done.pairs, done.left_out) == (2, 2, {})
    again = Assignment.objects.filter(campaign=campaign, purpose=Assignment.Purpose.AGAIN)
    assert {row.unit.item.key for row in again} == {"one-vote", "mild"}
    assert {row.unit.view.shows for row in again} == {"pair"}
    assert ask_to_settle(researcher, rows, 1, "rating", "others").made == 2
    assert ask_to_settle(researcher, rows, 2, "ranking", "others").made == 0


def test_where_one_of_two_campaigns_is_not_the_researchers_nothing_is_asked_in_either(
    campaign: Campaign, researcher: User
) -> None:
    change_state(campaign, "launch")
    other = compared(make_user("stranger", role="researcher"), [pair_item("theirs", human(7, 1, "b"))], slug="theirs")
    rows = [{**row, "campaign_rating": other.slug} for row in inconsistency(Frames(campaign))["settle"]]
    with pytest.raises((NotAllowed, NotFound)):
        ask_to_settle(researcher, rows, 1, "both", "others")
    assert not Assignment.objects.filter(purpose=Assignment.Purpose.AGAIN).exists()


def test_what_is_wanted_is_checked(campaign: Campaign, researcher: User) -> None:
    rows = inconsistency(Frames(campaign))["settle"]
    with pytest.raises(Invalid, match="what must be"):
        ask_to_settle(researcher, rows, 1, "nothing", "others")
    with pytest.raises(Invalid, match="1 to 200"):
        ask_to_settle(researcher, rows, 0, "both", "others")
    with pytest.raises(Invalid, match="no inconsistent pair"):
        ask_to_settle(researcher, [], 1, "both", "others")
    with pytest.raises(Invalid, match="who"):
        ask_to_settle(researcher, rows, 1, "both", "everybody")
    with pytest.raises((NotAllowed, NotFound)):
        ask_to_settle(make_user("stranger"), rows, 1, "both", "others")
