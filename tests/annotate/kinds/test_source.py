"""What kinds hold answers against."""

from typing import Any

from annotate.importing.rows import parse_row
from annotate.kinds.source import Source
from annotate.rendering.turns import turns
from annotate.texts import context_text
from tests.factories import import_rows, make_campaign, make_user

SAID = {"role": "assistant", "content": "hi"}
PASSAGES: list[dict[str, Any]] = [{"title": "Bloom", "sentences": ["One.", "Two."]}, {"sentences": ["Three."]}]


def test_a_text_has_one_part_and_chat_messages_have_one_each() -> None:
    source = Source("Ask", None, None, lambda: [("a", "Say"), ("b", [{"content": "x"}, {"content": None}])])
    assert source.parts("@prompt") == ("Ask",)
    assert source.parts("a") == ("Say",)
    assert source.parts("b") == ("x", "")
    assert source.parts("@context") == source.parts("zzz") == ()


def test_a_message_is_no_passage_whatever_fields_it_has() -> None:
    message = {**SAID, "sentences": 5}
    assert Source([message]).parts("@prompt") == ("hi",)
    assert [str(turn.html) for turn in turns([message])] == [str(turn.html) for turn in turns([SAID])]


def test_passages_are_parts_and_their_titles_and_sentences_have_ids() -> None:
    source = Source(context=PASSAGES)
    assert source.parts("@context") == ("One. Two.", "Three.")
    assert source.sentences == {"1.0": "Bloom", "1.1": "One.", "1.2": "Two.", "2.1": "Three."}
    assert Source(context="plain").sentences == {}
    assert context_text(PASSAGES) == "Bloom\nOne. Two.\n\nThree."


def test_a_passage_given_as_text_is_split_into_sentences_once() -> None:
    row = {"prompt": "p", "completions": [{"text": "x"}], "context": [{"text": "Dr. Smith left. He ran.\n\nGone."}]}
    assert parse_row(row).context == [{"sentences": ["Dr. Smith left.", "He ran.", "Gone."]}]


def test_an_imported_item_and_its_row_have_the_same_source(db: None) -> None:
    row = {"prompt": "p", "completions": [{"text": "x"}], "context": PASSAGES, "points": [{"key": "k", "text": "t"}]}
    campaign = make_campaign(make_user("rita", "researcher"), questions=[{"name": "s", "kind": "rating"}])
    import_rows(campaign, [row])
    stored, read = campaign.items.get().source, parse_row(row).source
    for target in ("a", "@prompt", "@context"):
        assert stored.parts(target) == read.parts(target) != ()
    assert stored.points == read.points == [{"key": "k", "text": "t"}]
