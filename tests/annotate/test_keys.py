"""The keys of the annotation page: what can be moved where, and what collides."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.definition import parse_definition
from annotate.errors import Invalid
from annotate.keys import ACTIONS, MOVABLE, clean_moved, collision, face, keys_for, normal, registry_for
from annotate.kinds import kind
from annotate.models import User
from annotate.views.starting_points import STARTING_POINTS
from tests.annotate.kinds.examples import EXAMPLES
from tests.annotate.views.pages import signed_in, text_of
from tests.strategies import anything, outcome

OWN = {name: action.key for name, action in MOVABLE.items()}
PAGE = "/me/keys/"


def form(**keys: str) -> dict[str, str]:
    return {f"key-{name}": key for name, key in (OWN | keys).items()}


def refused(**moved: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        clean_moved(OWN | moved)
    return error.value.fields


def test_no_two_actions_share_a_key() -> None:
    keys = [key for action in ACTIONS.values() for key in (action.key, *action.fixed) if key]
    assert len(keys) == len(set(keys))
    assert clean_moved(OWN) == {}


@pytest.mark.parametrize(
    ("pressed", "taken"),
    [("X", "x"), (" x ", "x"), ("ö", "ö"), ("/", "/"), ("ctrl + Y", "Ctrl+y"), ("Ctrl+y", "Ctrl+y")],
)
def test_a_key_is_moved(pressed: str, taken: str) -> None:
    assert clean_moved(OWN | {"skip": pressed}) == {"skip": taken}


def test_two_actions_can_change_places() -> None:
    assert clean_moved(OWN | {"next": "k", "previous": "j"}) == {"next": "k", "previous": "j"}


def test_an_empty_key_is_the_page_s_own() -> None:
    assert clean_moved({}) == clean_moved(OWN | {"skip": " "}) == {}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("f", "F is the key of “Flag this item” too"),
        ("3", "digits choose answers"),
        ("0", "digits choose answers"),
        ("Enter", "Enter cannot be moved"),
        ("Escape", "Esc cannot be moved"),
        ("Tab", "Tab cannot be moved"),
        ("ArrowUp", "↑ cannot be moved"),
        ("Ctrl+w", "Ctrl W belongs to the browser"),
        ("ctrl + c", "Ctrl C belongs to the browser"),
        ("F5", "must be one letter or sign"),
        ("xy", "must be one letter or sign"),
        ("\u200b", "must be one letter or sign"),
    ],
)
def test_a_key_that_would_break_something_is_refused(key: str, said: str) -> None:
    assert said in refused(skip=key)["skip"]


def test_both_actions_of_a_collision_are_named() -> None:
    assert set(refused(skip="x", history="x")) == {"skip", "history"}


@given(st.dictionaries(st.sampled_from(sorted(MOVABLE)), st.text(max_size=8) | anything))
def test_any_keys_are_taken_or_refused_by_name_and_taken_ones_stay(given_keys: dict[str, Any]) -> None:
    moved = outcome(lambda: clean_moved(OWN | given_keys))
    if isinstance(moved, Invalid):
        assert set(moved.fields) <= set(MOVABLE)
        return
    assert keys_for({"keys": moved}) == OWN | moved
    assert len(set(keys_for({"keys": moved}).values())) == len(OWN)


@given(anything)
def test_preferences_that_cannot_be_read_leave_the_page_s_own_keys(junk: Any) -> None:
    assert set(keys_for({"keys": junk})) == set(OWN)
    assert set(keys_for(junk)) == set(OWN)


def test_the_registry_has_a_person_s_keys_beside_those_that_stay() -> None:
    found = {one["name"]: one["keys"] for one in registry_for({"keys": {"next": "n"}})}
    assert found["next"] == ["n", "ArrowDown"]
    assert found["skip"] == ["s"]
    assert found["submit"] == ["Enter"]


@pytest.mark.parametrize(("key", "shown"), [("s", "S"), ("Ctrl+z", "Ctrl Z"), ("+", "+")])
def test_keys_are_shown_as_they_stand_on_a_keyboard(key: str, shown: str) -> None:
    assert face(key) == shown


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.kind} {example.config}"[:60])
def test_no_kind_s_own_keys_are_the_page_s(example: Any) -> None:
    config = kind(example.kind).clean_config(example.config)
    for completions in (1, 2, 12):
        assert collision(kind(example.kind).keys(config, completions)) is None


@pytest.mark.parametrize("shortcut", ["s", "j", "f", "?"])
def test_a_campaign_whose_option_has_a_key_of_the_page_is_refused(shortcut: str) -> None:
    options = [{"key": "fine", "text": "Fine"}, {"key": "rude", "text": "Rude", "shortcut": shortcut}]
    with pytest.raises(Invalid) as error:
        parse_definition({"questions": [{"name": "flaws", "kind": "choice", "config": {"options": options}}]})
    ((where, message),) = error.value.fields.items()
    assert where.startswith("questions[0].config.options")
    if shortcut != "?":
        action = next(action.does for action in MOVABLE.values() if action.key == shortcut)
        assert message == (
            f"question flaws: the option 'rude' has the key {face(shortcut)}, which is the page's key for “{action}”;"
            " choose another key"
        )


def test_a_key_twice_in_a_question_is_refused() -> None:
    assert collision(["x", "X"]) == ("x", "is used twice in this question")
    assert collision(["x", "z"]) is None


@pytest.mark.parametrize("name", STARTING_POINTS)
def test_every_starting_point_can_be_saved_as_it_is(name: str) -> None:
    point = STARTING_POINTS[name]
    definition = parse_definition({"questions": [dict(question) for question in point.questions]})
    assert len(definition.questions) == len(point.questions)


@pytest.mark.django_db
def test_moved_keys_are_kept_and_shown_everywhere(annotator: User) -> None:
    client = signed_in(annotator)
    assert client.post(PAGE, form(skip="x")).headers["Location"] == PAGE
    annotator.refresh_from_db()
    assert annotator.preferences["keys"] == {"skip": "x"}
    page = text_of(client.get(PAGE))
    assert "Saved: X is “Skip this item”." in page
    assert 'name="key-skip" value="x"' in page
    assert "The page&#x27;s own is S." in page


@pytest.mark.django_db
def test_refused_keys_are_said_beside_their_fields_and_stay_as_typed(annotator: User) -> None:
    client = signed_in(annotator)
    answer = client.post(PAGE, form(skip="f", undo="Ctrl+t"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="id_key-skip_error">F is the key of “Flag this item” too' in page
    assert 'name="key-undo" value="Ctrl+t"' in page
    annotator.refresh_from_db()
    assert annotator.preferences == {}


@pytest.mark.django_db
def test_keys_go_back_to_the_page_s_own_and_other_preferences_stay(annotator: User) -> None:
    User.objects.update(preferences={"keys": {"skip": "x"}, "display": {"theme": "dark"}})
    signed_in(annotator).post(PAGE, form(skip="x") | {"reset": "1"})
    annotator.refresh_from_db()
    assert annotator.preferences == {"keys": {}, "display": {"theme": "dark"}}


@pytest.mark.django_db
def test_saving_leads_back_to_annotating_but_never_to_another_site(annotator: User) -> None:
    client = signed_in(annotator)
    for given_next, target in (("/campaigns/x/annotate/", "/campaigns/x/annotate/"), ("//evil.example/", PAGE)):
        assert client.post(PAGE, form() | {"next": given_next}).headers["Location"] == target
    assert 'value="https://evil' not in text_of(client.get(PAGE + "?next=https://evil.example/"))


@pytest.mark.parametrize("typed", ["Strg+Z", "control+z", "Cmd+z"])
def test_other_names_of_ctrl_are_understood(typed: str) -> None:
    assert normal(typed) == "Ctrl+z"
