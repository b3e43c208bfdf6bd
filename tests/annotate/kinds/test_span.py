"""Marks in texts: every rule of a mark, its place, and the records it yields."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.base import MarkRow
from annotate.kinds.source import Source
from annotate.kinds.spans.labels import OWN_KEYS, shortcuts

span = kind("span")

TEXT = "Cafe\u0301 🙂 says\r\nשלום and hello, hello."
PASSAGES = [{"title": "One", "sentences": ["First.", "Second."]}, {"sentences": ["Third."]}]


def source(text: Any = TEXT, prompt: Any = "Why?", context: Any = None) -> Source:
    return Source(prompt, context, None, lambda: [("a", text), ("b", "")])


def asked(told: Source | None = None, keys: tuple[str, ...] = ("a",), **config: Any) -> Asked:
    clean = span.clean_config({"labels": ["x", "y"], **config})
    return Asked("q", "span", clean, shows="each", keys=keys, source=told or source())


def cleaned(*marks: Any, told: Source | None = None, **config: Any) -> list[dict[str, Any]]:
    return span.clean(asked(told, **config), {"a": list(marks)})["a"]  # type: ignore[no-any-return]


def problem(*marks: Any, told: Source | None = None, **config: Any) -> str:
    with pytest.raises(Invalid) as refused:
        cleaned(*marks, told=told, **config)
    assert list(refused.value.fields) == ["q"]
    return refused.value.message


def test_offsets_count_code_points_and_the_quote_is_filled_in() -> None:
    assert cleaned({"label": "x", "start": 0, "end": 5}) == [
        {"label": "x", "start": 0, "end": 5, "quote": "Cafe\u0301"}
    ]
    assert cleaned({"label": "x", "start": 6, "end": 7})[0]["quote"] == "🙂"
    assert cleaned({"label": "x", "start": 8, "end": 18})[0]["quote"] == "says\r\nשלום"


def test_a_quote_that_does_not_stand_there_is_refused_with_what_does() -> None:
    assert problem({"label": "x", "start": 6, "end": 7, "quote": "?"}) == (
        "q: completion a: mark 1: the quote is not what stands at 6 to 7, which is '🙂'"
    )


@pytest.mark.parametrize(
    ("start", "end"), [(3, 3), (4, 3), (-1, 2), (0, 99), (0, None), (None, 3), (0.0, 3), ("0", 3), (True, 3)]
)
def test_offsets_outside_the_text_are_refused(start: Any, end: Any) -> None:
    assert f"0 ≤ start < end ≤ {len(TEXT)}" in problem({"label": "x", "start": start, "end": end})


def test_a_quote_alone_is_anchored_where_it_occurs_once() -> None:
    assert cleaned({"label": "x", "quote": "🙂 says"}) == [{"label": "x", "start": 6, "end": 12, "quote": "🙂 says"}]
    assert "'hello' occurs 2 times" in problem({"label": "x", "quote": "hello"})
    assert "'helo' occurs 0 times" in problem({"label": "x", "quote": "helo"})
    assert "'aa' occurs 2 times" in problem({"label": "x", "quote": "aa"}, told=source("aaa"))
    assert "must be a text" in problem({"label": "x", "quote": 3})


def test_a_quote_that_does_not_occur_is_kept_only_when_it_is_said_so() -> None:
    lost = {"label": "x", "quote": "helo", "attributes": {"anchor": "none"}}
    assert cleaned(lost) == [lost]
    assert "no offsets" in problem({**lost, "start": 0, "end": 1})
    assert "give a quote" in problem({"label": "x", "attributes": {"anchor": "none"}})
    fuzzy = {"label": "x", "start": 0, "end": 4, "attributes": {"anchor": "fuzzy", "original": "Kafe"}}
    assert cleaned(fuzzy) == [{**fuzzy, "quote": "Cafe"}]


def test_a_text_in_several_parts_needs_the_part() -> None:
    chat = source([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi there"}])
    assert "give part, 0 to 1" in problem({"label": "x", "start": 0, "end": 2}, told=chat)
    assert "from 0 to 1" in problem({"label": "x", "part": 2, "start": 0, "end": 2}, told=chat)
    assert cleaned({"label": "x", "part": 1, "start": 3, "end": 8}, told=chat)[0]["quote"] == "there"
    assert cleaned({"label": "x", "quote": "there"}, told=chat)[0]["part"] == 1
    assert cleaned({"label": "x", "part": 0, "quote": "Hi"}, told=chat)[0]["end"] == 2
    assert "occurs 2 times" in problem({"label": "x", "quote": "Hi"}, told=chat)


def test_a_part_is_not_kept_where_there_is_one_text() -> None:
    assert "part" not in cleaned({"label": "x", "part": 0, "start": 0, "end": 1})[0]
    assert "part" in problem({"label": "x", "part": 1, "start": 0, "end": 1})


def test_marks_about_the_whole_have_no_offsets() -> None:
    labels = [{"key": "x"}, {"key": "y", "whole": True}, {"key": "z", "whole": "required"}]
    assert cleaned({"label": "y"}, {"label": "z"}, labels=labels) == [{"label": "y"}, {"label": "z"}]
    assert "x needs its place" in problem({"label": "x"}, labels=labels)
    assert "z is about the whole" in problem({"label": "z", "start": 0, "end": 1}, labels=labels)


def test_severity_is_required_where_the_label_has_it() -> None:
    config: Any = {"labels": ["x", {"key": "y", "severities": False}], "severities": ["minor", "major"]}
    at = {"start": 0, "end": 4}
    assert cleaned({"label": "x", **at, "severity": "major"}, **config)[0]["severity"] == "major"
    for severity in (None, "huge", 1, ["minor"]):
        assert "one of minor, major" in problem({"label": "x", **at, "severity": severity}, **config)
    assert "not asked" in problem({"label": "y", **at, "severity": "minor"}, **config)
    assert "not asked" in problem({"label": "x", **at, "severity": "minor"})


def test_notes_are_required_by_label_or_for_all() -> None:
    at = {"start": 0, "end": 4}
    labels = [{"key": "x", "note": True}, "y"]
    assert "needs a note" in problem({"label": "x", **at, "note": "  "}, labels=labels)
    assert "needs a note" in problem({"label": "y", **at}, required_note=True)
    assert cleaned({"label": "y", **at, "note": ""}, labels=labels) == [{"label": "y", **at, "quote": "Cafe"}]
    assert cleaned({"label": "x", **at, "note": " so "}, labels=labels)[0]["note"] == " so "
    assert "must be a text" in problem({"label": "x", **at, "note": 3}, labels=labels)


def test_refs_name_sentences_of_the_context_each_once_in_order() -> None:
    told = source(context=PASSAGES)
    labels = [{"key": "x", "refs": "required"}, "y"]
    at = {"start": 0, "end": 4}
    given = {"label": "x", **at, "refs": ["2.1", "1.2", "2.1"]}
    assert cleaned(given, told=told, labels=labels)[0]["refs"] == ["1.2", "2.1"]
    assert "needs refs" in problem({"label": "x", **at, "refs": []}, told=told, labels=labels)
    assert "'1.3' is no sentence" in problem({"label": "x", **at, "refs": ["1.3"]}, told=told, labels=labels)
    assert "not asked" in problem({"label": "y", **at, "refs": ["1.1"]}, told=told, labels=labels)
    assert "no numbered sentences" in problem({"label": "x", **at, "refs": ["1.1"]}, labels=labels)
    for junk in ("1.1", [1.1], {"1.1": 1}):
        assert "refs must be" in problem({"label": "x", **at, "refs": junk}, told=told, labels=labels)


def test_marks_come_back_in_order_and_a_repeated_one_once() -> None:
    late, early = {"label": "x", "start": 8, "end": 12}, {"label": "y", "start": 0, "end": 4}
    here = {"label": "x", "start": 0, "end": 4}
    found = cleaned(late, early, here, early)
    assert [(m["start"], m["label"]) for m in found] == [(0, "x"), (0, "y"), (8, "x")]


def test_overlap_is_refused_where_it_is_not_allowed() -> None:
    one, two = {"label": "x", "start": 0, "end": 7}, {"label": "y", "start": 6, "end": 12}
    assert len(cleaned(one, two)) == 2
    assert (
        problem(one, two, overlap=False)
        == "q: completion a: marks must not overlap here, but 'Cafe\u0301 🙂' and '🙂 says' do"
    )
    assert len(cleaned(one, {**two, "start": 7}, overlap=False)) == 2


@pytest.mark.parametrize("mark", [None, "x", 3, [], {"label": "q"}, {"label": ["x"]}, {"start": 0, "end": 1}])
def test_what_is_no_mark_is_refused(mark: Any) -> None:
    assert "mark 1:" in problem(mark)


def test_an_unknown_part_of_a_mark_is_named() -> None:
    assert "'begin' is not part of a mark" in problem({"label": "x", "begin": 0})


@pytest.mark.parametrize("attributes", ["none", ["a"], 3, {"a": "x" * 20_000}])
def test_attributes_are_an_object_that_is_not_huge(attributes: Any) -> None:
    assert "attributes must be" in problem({"label": "x", "start": 0, "end": 1, "attributes": attributes})


def test_every_text_of_the_unit_is_answered_and_no_other() -> None:
    both = asked(keys=("a", "b"), targets=["completions", "@prompt", "@context"])
    assert span.clean(both, {"@prompt": [], "b": [], "a": []}) == {"a": [], "b": [], "@prompt": []}
    for answer, message in (
        ({"a": [], "b": []}, "no marks for @prompt; an empty list says that there are none"),
        ({"a": [], "b": [], "@prompt": [], "@context": []}, "nothing to be marked here; there are a, b, @prompt"),
        ({"a": [], "b": {}, "@prompt": []}, "completion b: give a list of marks"),
        ([], "give an object with a list of marks per text"),
    ):
        with pytest.raises(Invalid, match=message):
            span.clean(both, answer)


def test_a_text_that_is_not_there_cannot_be_marked() -> None:
    nothing = Asked("q", "span", span.clean_config({"labels": ["x"]}), keys=("a",))
    with pytest.raises(Invalid, match="there is no text here in which something could be marked"):
        span.clean(nothing, {"a": [{"label": "x", "start": 0, "end": 1}]})


def test_items_that_lack_what_is_asked_are_refused() -> None:
    def found(told: Source, **config: Any) -> str | None:
        return span.item_problem(span.clean_config({"labels": ["x"], **config}), "all", 2, told)

    assert found(source(), targets=["@context"]) == "spans of the context are asked, but the item has no context"
    assert found(source(context="Text."), targets=["@context"]) is None
    assert found(source(), targets=["completions", "@context"]) is None
    pointing = {"labels": [{"key": "x", "refs": "required"}]}
    assert found(source(context="Text."), **pointing) == (
        "marks of x point at sentences, but the item's context has no passages"
    )
    assert found(source(context=PASSAGES), **pointing) is None


def test_a_mark_is_a_record_with_all_it_says() -> None:
    labels = [{"key": "x", "refs": "optional"}, {"key": "z", "whole": True}]
    told = source(context=PASSAGES)
    marks = cleaned(
        {"label": "x", "start": 0, "end": 4, "note": "n", "refs": ["1.1"], "attributes": {"k": 1}},
        {"label": "z", "severity": None},
        told=told,
        labels=labels,
    )
    rows = list(span.records(asked(told, labels=labels), {"a": marks}))
    assert rows == [
        MarkRow("a", "x", 0, 4, None, "Cafe", ["1.1"], None, "n", {"k": 1}),
        MarkRow("a", "z"),
    ]


def test_completions_are_named_and_other_texts_are_not() -> None:
    assert span.keys_named({"a": [], "@prompt": [], "@context": []}) == {"a"}


def form(**fields: str) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update({name.replace("__", "."): value for name, value in fields.items()})
    return made


def test_an_empty_field_is_no_answer_and_an_empty_list_is_one() -> None:
    two = asked(keys=("a", "b"))
    assert span.from_form(two, form(q__a="", q__b="")) is None
    assert span.from_form(two, form(q__a="[]", q__b="")) == {"a": []}


@pytest.mark.parametrize("junk", ["x", "{", "[" * 100_000, "1" * 5000, "NaN", '"', "[1,2", "null", "\\ud800"])
def test_junk_in_a_field_is_refused_with_a_message(junk: str) -> None:
    raw = span.from_form(asked(), form(q__a=junk))
    with pytest.raises(Invalid) as refused:
        span.clean(asked(), raw)
    assert list(refused.value.fields) == ["q"]


@given(text=st.text(max_size=40), data=st.data())
def test_any_span_of_any_text_is_taken_with_its_quote(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(1, max(1, len(text))))
    start = data.draw(st.integers(0, end - 1))
    if not text:
        assert "0 ≤ start < end ≤ 0" in problem({"label": "x", "start": start, "end": end}, told=source(text))
        return
    (mark,) = cleaned({"label": "x", "start": start, "end": end}, told=source(text))
    assert mark["quote"] == text[start:end]
    assert cleaned(mark, told=source(text)) == [mark]


def test_labels_have_the_first_free_digits_as_keys() -> None:
    labels = span.clean_config({"labels": ["a", {"key": "b", "shortcut": "1"}, {"key": "c", "shortcut": "q"}, "d"]})
    assert shortcuts(labels["labels"]) == ["2", "1", "q", "3"]
    many = span.clean_config({"labels": [f"l{i}" for i in range(12)]})["labels"]
    assert shortcuts(many) == [*"123456789", "", "", ""]
    assert span.keys({"labels": many}, 1) == [*"123456789", "e", "w", "0"]


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({}, "config.labels"),
        ({"labels": []}, "config.labels"),
        ({"labels": "x"}, "config.labels"),
        ({"labels": [3]}, "config.labels[0]"),
        ({"labels": ["x", {"key": "y", "color": 1}]}, "config.labels[1].color"),
        ({"labels": [""]}, "config.labels[0].key"),
        ({"labels": ["x" * 81]}, "config.labels[0].key"),
        ({"labels": [{"key": "x", "colour": 8}]}, "config.labels[0].colour"),
        ({"labels": [{"key": "x", "note": "yes"}]}, "config.labels[0].note"),
        ({"labels": [{"key": "x", "refs": "some"}]}, "config.labels[0].refs"),
        ({"labels": [{"key": "x", "whole": 1}]}, "config.labels[0].whole"),
        ({"labels": [{"key": "x", "shortcut": "ab"}]}, "config.labels[0].shortcut"),
        ({"labels": [{"key": "x", "shortcut": "é"}]}, "config.labels[0].shortcut"),
        ({"labels": ["x", "x"]}, "config.labels"),
        ({"labels": [{"key": "x", "shortcut": "q"}, {"key": "y", "shortcut": "q"}]}, "config.labels"),
        ({"labels": ["x"], "severities": ["a", "a"]}, "config.severities"),
        ({"labels": ["x"], "severities": ["a" * 81]}, "config.severities"),
        ({"labels": ["x"], "snap": "line"}, "config.snap"),
        ({"labels": ["x"], "snap": ["word"]}, "config.snap"),
        ({"labels": ["x"], "overlap": 1}, "config.overlap"),
        ({"labels": ["x"], "targets": ["a"]}, "config.targets"),
        ({"labels": ["x"], "targets": "completions"}, "config.targets"),
        *(({"labels": [{"key": "x", "shortcut": key}]}, "config.labels[0].shortcut") for key in OWN_KEYS),
    ],
)
def test_a_wrong_configuration_is_refused_naming_the_setting(config: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        span.clean_config(config)
    assert list(refused.value.fields) == [field]


def test_labels_are_lines_in_the_campaign_form() -> None:
    setting = next(setting for setting in span.settings if setting.name == "labels")
    typed = form(labels="wrong = Wrong | note | refs | key q | colour 3 | hint says what is not so\ndull | no severity")
    config = span.clean_config({"labels": setting.read(typed, "labels")})
    wrong, dull = config["labels"]
    assert (wrong["text"], wrong["note"], wrong["refs"], wrong["shortcut"]) == ("Wrong", True, "optional", "q")
    assert (wrong["colour"], wrong["hint"]) == (3, "says what is not so")
    assert (dull["key"], dull["severities"]) == ("dull", False)
    again = span.clean_config({"labels": setting.read(form(labels=setting.show(config)), "labels")})
    assert again == config
