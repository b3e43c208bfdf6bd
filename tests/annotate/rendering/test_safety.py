"""No item text runs anything, loads anything that is not allowed, or keeps the server busy."""

import time

import pytest

from annotate.rendering import Look, render, render_aside, render_content, render_passage, render_result
from annotate.rendering.cleaning import clean
from tests.annotate.rendering.hostile import HOSTILE, HUGE
from tests.annotate.rendering.reading import checked, read
from tests.annotate.rendering.test_anchors import allowed

LOOK = Look(uploads="/images/1/", hosts=("https://ok.example",))
PATIENCE = 2.0


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_only_text(text: str) -> None:
    for look in (LOOK, Look("plain"), Look()):
        found = checked(render(text, look), text)
        allowed(found)
        assert not [
            (tag, name) for tag, name, _ in found.attributes if name.startswith("on") or name in ("style", "id")
        ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_only_text_anywhere_else(text: str) -> None:
    content = [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": text}, "alt": text}]
    content += [{"type": text}, {"type": "image", "source": {"media_type": text, "data": text}}]
    passage = {"sentences": [text, text]}
    for html in (render_content(content, LOOK), render_passage(passage, 1), render_result(text)):
        allowed(read(html))
    allowed(read(render_aside(text, "json", text)))
    allowed(read(render_aside(text, text, "")))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.startswith("<")])
def test_whatever_were_written_only_allowed_markup_gets_out(text: str) -> None:
    """The last gate by itself, as if the renderer had passed the text through."""
    allowed(read(clean(text, LOOK)))


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_huge_text_takes_a_moment_and_stays_anchored(text: str) -> None:
    started = time.perf_counter()
    html = render(text, LOOK)
    assert time.perf_counter() - started < PATIENCE
    assert len(html) < 40 * len(text) + 10_000
    checked(html, text)


def test_the_time_grows_as_the_text_does() -> None:
    """5,000 and 20,000 characters of prose, lists, code, tables and formulas; the cache is passed by."""
    piece = (
        "## Part\n\nSome **prose** with `code`, a [link](https://a.example) and $x^2$, which goes on for a while and "
        "says nothing at all.\n\n- one\n- two\n\n```py\ndef f(x):\n    return [x] * 2  # twice\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    )

    def seconds(length: int, turns: range) -> float:
        times = []
        for turn in turns:
            started = time.process_time()
            render(piece * (length // len(piece)) + str(turn), LOOK)
            times.append(time.process_time() - started)
        return min(times)

    seconds(5_000, range(1))
    assert seconds(20_000, range(1, 6)) < 12 * seconds(5_000, range(1, 6))
