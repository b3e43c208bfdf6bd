"""A campaign that people have begun, and a judge that is certified on what they said."""

import pytest

from annotate.campaigns import add_member
from annotate.models import Campaign, User
from routing.models import Judge
from routing.trust.certifying import certify
from tests.factories import person
from tests.routing.trust.labelled import PILOT, QUESTION, labelled_campaign, say, sure_judge


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    """Sixty items that a person has labelled; `annotator` takes part."""
    campaign = labelled_campaign(researcher, PILOT, lambda n: "a")
    add_member(campaign, person(annotator))
    return campaign


@pytest.fixture
def judge(campaign: Campaign) -> Judge:
    """Certified from a confidence of 0.9 on."""
    judge = sure_judge(campaign)
    say(judge, lambda n: ("a", 0.9))
    assert certify(judge, QUESTION, 0.85, 0.1).threshold is not None
    return judge
