"""Texts that give away which model wrote them, and texts that only look so."""

import pytest

from annotate.leaks import names_model
from annotate.models import Completion, Item, User
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import import_rows, make_campaign, make_user


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("I am GPT-4, how can I help?", "gpt-4o-mini"),
        ("As ChatGPT, I cannot do that.", None),
        ("I am Claude, made by Anthropic.", None),
        ("I was developed by OpenAI.", None),
        ("As an AI language model developed by OpenAI, I cannot.", "my-model"),
        ("I'm a large language model trained by Google.", None),
        ("Well, Llama 3 would say so.", "meta-llama/Llama-3-8B"),
        ("I, Claude, think otherwise.", "claude-3-opus"),
        ("SmolLM2 wrote this.", "smollm2"),
        ("Yours, gpt 4o mini", "gpt-4o-mini"),
        ("As a Qwen model I know.", "Qwen/Qwen2.5-7B-Instruct"),
        ("An answer by text-davinci-003.", "text-davinci-003"),
        ("I am Llama 2.", "llama2-7b-chat"),
    ],
)
def test_a_text_that_names_its_model_is_noticed(text: str, model: str | None) -> None:
    assert names_model(text, model)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("A large house of text.", "large"),
        ("The text is a model answer.", "text"),
        ("A llama walks among llamas.", "meta-llama/Llama-3-8B"),
        ("The falcon flew over the palm trees.", "falcon-40b"),
        ("As an AI language model, I cannot.", "gpt-4"),
        ("Claude Monet painted ponds, as Claude Lorrain painted ports.", "gpt-4"),
        ("OpenAI made ChatGPT, and Meta made Llama.", None),
        ("Model 1 is better than model 2.", "model-1"),
        ("A human answer by a person.", "human_answer"),
        ("My name is Claudette, from Geminiville.", None),
        ("I was built by my mother. Google it.", None),
        ("The command was given.", "command-r"),
        ("", "gpt-4"),
    ],
)
def test_common_words_and_other_models_are_not(text: str, model: str | None) -> None:
    assert not names_model(text, model)


LEAKS = {"key": "leaks", "prompt": "Who are you?", "completions": [{"text": "I am ChatGPT."}, {"text": "Guess."}]}
SAYS = [{"role": "user", "content": "Are you Claude?"}, {"role": "assistant", "content": "No."}]
KEEPS = {
    "key": "keeps",
    "prompt": "I am ChatGPT.",
    "completions": [{"messages": SAYS, "model": "claude-3"}, {"text": ""}],
}


@pytest.mark.django_db
def test_an_import_notes_it_and_counts_only_what_the_model_said(researcher: User) -> None:
    import_rows(make_campaign(researcher), [LEAKS, KEEPS])
    assert [(c.item.key, c.key) for c in Completion.objects.filter(names_model=True)] == [("leaks", "a")]


@pytest.mark.django_db
def test_researchers_are_warned_and_led_to_the_items(researcher: User) -> None:
    campaign = make_campaign(researcher)
    job = import_rows(campaign, [LEAKS, KEEPS])
    client = signed_in(researcher)
    for address in (f"/campaigns/{campaign.slug}/", f"/imports/{job.pk}/"):
        page = text_of(client.get(address))
        assert "In 1 item a completion seems to name its own model" in page
        assert f'href="/campaigns/{campaign.slug}/items/?names_model=1"' in page
    items = text_of(client.get(f"/campaigns/{campaign.slug}/items/?names_model=1"))
    assert "1 item in which a completion seems to name its own model" in items
    assert "leaks" in items
    assert "keeps" not in items
    Item.objects.filter(key="leaks").delete()
    assert "No completion names its own model" in text_of(
        client.get(f"/campaigns/{campaign.slug}/items/?names_model=1")
    )
    assert "name its own model" not in text_of(client.get(f"/campaigns/{campaign.slug}/"))


@pytest.mark.django_db
def test_annotators_are_not_told(researcher: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, [LEAKS])
    client = signed_in(researcher)
    client.post(f"/campaigns/{campaign.slug}/state/", {"change": "launch"})
    page = text_of(client.get(f"/campaigns/{campaign.slug}/annotate/"))
    assert "I am ChatGPT." in page
    assert "own model" not in page
    assert signed_in(make_user("sam")).get(f"/campaigns/{campaign.slug}/items/?names_model=1").status_code == 404
