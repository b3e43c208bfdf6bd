import pytest

from annotate.assigning import claim
from annotate.models import Annotation, Preference, User
from annotate.submitting import submit
from tests.factories import person, running_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def test_claim_and_submit(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 3, [annotator])
    me = person(annotator)
    a = claim(campaign, me)
    while a:
        a = submit(a, me, {"overall": {"preferred": "a"}}).next
    assert Annotation.objects.count() == 3
    assert Preference.objects.filter(sign=1).count() == 3
