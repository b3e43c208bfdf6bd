import pytest

from annotate.models import User
from annotate.views import items
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import import_rows, make_campaign, pair_rows

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/pairs/items/"


def test_no_items_offer_an_import(researcher: User) -> None:
    make_campaign(researcher)
    assert 'href="/campaigns/pairs/import/"' in text_of(signed_in(researcher).get(PAGE))


def test_items_are_listed_a_page_at_a_time(researcher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "PAGE", 2)
    import_rows(make_campaign(researcher, overlap=3), pair_rows(5))
    client = signed_in(researcher)
    address, keys = PAGE, []
    for _ in range(3):
        answer = client.get(address)
        keys += [line.key for line in answer.context["lines"]]
        assert all((line.done, line.wanted, line.completions) == (0, 3, 2) for line in answer.context["lines"])
        address = f"{PAGE}?after={answer.context['next']}"
    assert keys == ["r0", "r1", "r2", "r3", "r4"]
    assert answer.context["next"] is None


def test_chat_prompts_and_imports_are_shown(researcher: User) -> None:
    chat = [{"role": "user", "content": "Hello <b>there</b>"}]
    row = {"key": "chat", "prompt": chat, "completions": [{"text": "x"}, {"text": "y"}]}
    job = import_rows(make_campaign(researcher), [row])
    page = text_of(signed_in(researcher).get(PAGE))
    assert "Hello &lt;b&gt;there" in page
    assert f'href="/imports/{job.pk}/"' in page


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40])
def test_a_broken_page_address_is_the_first_page(researcher: User, after: str) -> None:
    import_rows(make_campaign(researcher), pair_rows(1))
    assert signed_in(researcher).get(f"{PAGE}?after={after}").context["lines"]
