"""What pages show of prompts, contexts, completions and references."""

from typing import Any

import pytest
from django.test import Client

from annotate.campaigns import add_member, annotator_of, change_state
from annotate.models import User
from annotate.rendering import Look, turns
from tests.annotate.rendering.reading import checked
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import import_rows, make_campaign

PAGE = "/campaigns/pairs/annotate/"


def test_a_chat_names_its_speakers_and_shows_tool_calls() -> None:
    calls = [{"function": {"name": "look_up"}}]
    chat: list[dict[str, Any]] = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "See"}, {"type": "image_url"}]},
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "content": '{"found": 1}'},
    ]
    system, user, assistant, tool = turns(chat, "user")
    assert (system.speaker, system.part) == ("Instructions", 0)
    assert 'data-s="4" data-e="15" class="picture"' in user.html
    assert (assistant.html, assistant.part) == ("", 2)
    assert "tool calls" in assistant.calls
    assert "look_up" in assistant.calls
    assert "data-s" not in assistant.calls, "the calls of tools stand in no source"
    assert (tool.speaker, tool.part) == ("Tool result", 3)
    assert '<pre dir="ltr"' in tool.html


def test_a_single_message_needs_no_speaker() -> None:
    (turn,) = turns([{"role": "assistant", "content": "Hello"}], "assistant")
    assert turn.speaker == ""


def test_passages_number_their_sentences_and_titles() -> None:
    first, second = turns([{"title": "One", "sentences": ["A b.", "C <d>."]}, {"sentences": ["E."]}])
    assert (first.speaker, first.ref, first.part) == ("One", "1.0", 0)
    assert (second.speaker, second.ref, second.part) == ("", "", 1)
    assert 'data-ref="1.2"' in first.html
    assert 'data-ref="2.1"' in second.html
    checked(first.html, "A b. C <d>.")


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ({"type": "image_url", "image_url": {"url": "https://ok.example/a.png"}}, "https://ok.example/a.png"),
        ({"type": "image_url", "image_url": "https://ok.example/a.png"}, "https://ok.example/a.png"),
        ({"type": "input_image", "image_url": "https://ok.example/a.png"}, "https://ok.example/a.png"),
        ({"type": "image", "image": "https://ok.example/a.png"}, "https://ok.example/a.png"),
        ({"type": "image", "image": "upload:a b.png"}, "/images/7/a%20b.png"),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
            "data:image/png;base64,iVBORw0KGgo=",
        ),
        ({"type": "image", "source": {"type": "url", "url": "https://ok.example/a.png"}}, "https://ok.example/a.png"),
    ],
)
def test_pictures_in_every_common_shape(content: dict[str, Any], address: str) -> None:
    look = Look(uploads="/images/7/", hosts=("https://ok.example",))
    (turn,) = turns([{"role": "user", "content": [content]}], "user", look)
    assert f'<img src="{address}" alt="Picture 1"' in turn.html


@pytest.mark.parametrize("content", [{"type": "image"}, {"type": "image", "image": 5}, {"type": "image", "source": []}])
def test_a_picture_without_an_address_is_said_to_be_missing(content: dict[str, Any]) -> None:
    (turn,) = turns([{"role": "user", "content": [content]}], "user")
    assert "not shown" in turn.html


def page_of(researcher: User, annotator: User, row: dict[str, Any], **spec: Any) -> Client:
    campaign = make_campaign(researcher, **spec)
    import_rows(campaign, [{"completions": [{"text": "one"}, {"text": "two"}], **row}])
    add_member(campaign, annotator_of(annotator))
    change_state(campaign, "launch")
    return signed_in(annotator)


@pytest.mark.django_db
def test_every_text_says_which_source_it_is(researcher: User, annotator: User) -> None:
    chat = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": "?"},
    ]
    client = page_of(researcher, annotator, {"prompt": chat, "context": [{"sentences": ["One."]}]})
    page = text_of(client.get(PAGE))
    for source, parts in (("@prompt", 3), ("@context", 1), ("a", 1), ("b", 1)):
        for part in range(parts):
            assert page.count(f'data-source="{source}" data-part="{part}"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "shown"),
    [(None, None), ("hidden", None), ("folded", '<details class="context reference">'), ("open", 'reference" open>')],
)
def test_the_reference_is_shown_as_the_campaign_says(
    researcher: User, annotator: User, option: str | None, shown: str | None
) -> None:
    spec = {"reference": option} if option else {}
    client = page_of(researcher, annotator, {"prompt": "p", "reference": "The **answer**"}, **spec)
    page = text_of(client.get(PAGE))
    assert ("answer</span></strong>" in page) is (shown is not None)
    assert shown is None or shown in page


@pytest.mark.django_db
def test_plain_campaigns_show_what_is_written(researcher: User, annotator: User) -> None:
    client = page_of(researcher, annotator, {"prompt": "**bold**"}, text_format="plain", guidelines="Be **fair**.")
    page = text_of(client.get(PAGE))
    assert "**bold**" in page
    assert "Be </span><strong>" in page
