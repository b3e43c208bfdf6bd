"""The keys of the annotation page: what each does, which of them a person may move, and what may not collide.

Options of questions have keys too (digits, T for a tie, shortcuts); they act in the marked question.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from annotate.errors import Invalid
from annotate.models import User


@dataclass(frozen=True, slots=True)
class Action:
    """What a key does on the page. `key` may be moved by each person, `fixed` keys stay; names are the browser's.

    `in_text` works while one types in a text; `once` does not repeat while the key is held.
    """

    name: str
    does: str
    key: str = ""
    fixed: tuple[str, ...] = ()
    in_text: bool = False
    once: bool = False


ACTIONS = {
    action.name: action
    for action in (
        Action("along", "Move along the scale", fixed=("ArrowLeft", "ArrowRight")),
        Action("next", "Next question", "j", ("ArrowDown",)),
        Action("previous", "Question before", "k", ("ArrowUp",)),
        Action("submit", "Submit", fixed=("Enter",), once=True),
        Action("submit_text", "Submit from a text", fixed=("Ctrl+Enter",), in_text=True, once=True),
        Action("undo", "Back to what you submitted last", "Ctrl+z", once=True),
        Action("skip", "Skip this item", "s", once=True),
        Action("flag", "Flag this item", "f", once=True),
        Action("history", "What you submitted before", "h", once=True),
        Action("prompt", "Fold or unfold the prompt", "p"),
        Action("guidelines", "Guidelines", "g"),
        Action("view", "How the page looks", "v", once=True),
        Action("differences", "Show the differences", "d", once=True),
        Action("sync", "Scroll the responses together", "l", once=True),
        Action("suggest", "Show the judges’ suggestions", "i", once=True),
        Action("keys", "The list of keys", "?", once=True),
        Action("escape", "Leave a text, close a window", fixed=("Escape",), in_text=True),
    )
}
MOVABLE = {name: action for name, action in ACTIONS.items() if action.key}

OFFERED = re.compile(r"[^\W\d_]|[!-/:-@\[-`{-~]|Ctrl\+[a-z]")
"""One letter or sign, or Ctrl with a letter."""
OF_THE_BROWSER = frozenset(f"Ctrl+{letter}" for letter in "acfklnopqrtvwx")
FACES = {"ArrowLeft": "←", "ArrowRight": "→", "ArrowDown": "↓", "ArrowUp": "↑", "Escape": "Esc"}


def face(key: str) -> str:
    """A key as pages and messages show it."""
    first, plus, letter = key.rpartition("+") if len(key) > 1 else ("", "", key)
    shown = FACES.get(letter, letter.upper() if len(letter) == 1 else letter)
    return f"{first} {shown}" if plus else shown


def normal(key: str) -> str:
    """A key as the page compares it: letters in lower case, `Ctrl+` in front."""
    typed = "".join(key.split()) if len(key) > 1 else key
    if found := re.fullmatch(r"(?i)(?:ctrl|control|strg|cmd)\+?([a-z])", typed):
        return f"Ctrl+{found[1].lower()}"
    return typed.lower() if len(typed) == 1 and len(typed.lower()) == 1 else typed


def keys_for(preferences: Any) -> dict[str, str]:
    """The key of every movable action, with what a person moved; what cannot be read counts as not moved."""
    moved = preferences.get("keys") if isinstance(preferences, Mapping) else None
    found = {name: action.key for name, action in MOVABLE.items()}
    if not isinstance(moved, Mapping):
        return found
    try:
        return found | clean_moved({**found, **{name: key for name, key in moved.items() if name in found}})
    except Invalid:
        return found


def clean_moved(given: Mapping[str, Any]) -> dict[str, str]:
    """The keys that differ from the page's own, out of a key for each action; an empty one means the page's own.

    Raises `Invalid` with a message by action for a key that cannot be taken or that two actions would share.
    """
    chosen: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, action in MOVABLE.items():
        value = given.get(name)
        chosen[name] = normal(value.strip()) if isinstance(value, str) and value.strip() else action.key
        if problem := _unfit(chosen[name], action):
            problems[name] = problem
    for name, key in chosen.items():
        others = [MOVABLE[other].does for other, taken in chosen.items() if taken == key and other != name]
        if others and name not in problems:
            problems[name] = f"{face(key)} is the key of “{others[0]}” too; give each its own"
    if problems:
        raise Invalid("; ".join(f"{MOVABLE[n].does}: {text}" for n, text in problems.items()), problems)
    return {name: key for name, key in chosen.items() if key != MOVABLE[name].key}


def save_keys(user: User, wanted: Mapping[str, Any]) -> dict[str, str]:
    """Keeps a person's keys, one for each action that is named; the others are the page's own. Raises `Invalid`."""
    moved = clean_moved(wanted)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.preferences = {**locked.preferences, "keys": moved}
        locked.save(update_fields=["preferences"])
    return moved


def _unfit(key: str, action: Action) -> str:
    """Why a key cannot be given to an action; empty where it can."""
    if key == action.key:
        return ""
    if key in OF_THE_BROWSER:
        return f"{face(key)} belongs to the browser; choose another"
    if key.isdigit():
        return "digits choose answers; choose a letter or a sign"
    if key in {fixed for one in ACTIONS.values() for fixed in one.fixed} | {"Tab", " ", "Enter", "Escape"}:
        return f"{face(key)} cannot be moved; choose a letter or a sign"
    return "" if OFFERED.fullmatch(key) else "must be one letter or sign, or Ctrl and a letter, such as x or Ctrl+y"


def collision(keys: Iterable[str]) -> tuple[str, str] | None:
    """The first of a question's keys that is in use, and by what: a page's action, or the question itself twice."""
    page = {key: action.does for action in ACTIONS.values() for key in (action.key, *action.fixed) if key}
    seen: set[str] = set()
    for key in map(normal, keys):
        if key in page:
            return key, f"is the page's key for “{page[key]}”"
        if key in seen:
            return key, "is used twice in this question"
        seen.add(key)
    return None


def question_problem(question: str, config: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """Why a question cannot have these keys, by the setting that gives the first bad one; empty where it can."""
    found = collision(keys)
    if found is None:
        return {}
    key, why = found
    setting, option = _owner(config, key)
    named = f"the option {option!r} has the key {face(key)}, which" if option else f"the key {face(key)}"
    return {f"config{setting}": f"question {question}: {named} {why}; choose another key"}


def _owner(config: Mapping[str, Any], key: str) -> tuple[str, str]:
    """The setting and the last of its entries whose shortcut is this key."""
    for name, value in config.items():
        for entry in reversed(value) if isinstance(value, list) else ():
            if isinstance(entry, Mapping) and normal(str(entry.get("shortcut") or "")) == key:
                return f".{name}", str(entry.get("key"))
    return "", ""


def registry_for(preferences: Any) -> list[dict[str, Any]]:
    """The actions as the page's script reads them, in the order in which the map lists them."""
    own = keys_for(preferences)
    return [
        {
            "name": action.name,
            "does": action.does,
            "keys": [key for key in (own.get(action.name, ""), *action.fixed) if key],
            "inText": action.in_text,
            "once": action.once,
        }
        for action in ACTIONS.values()
    ]
