"""For models in this process, text that spells their special tokens stays text."""

from pathlib import Path

import pytest

from routing.injection import ATTEMPTS, placed
from routing.judges.causal import load
from routing.judges.weights import find_weights
from routing.protocols import Judged, QuestionSpec, protocol
from tests.routing.judges.tiny import build_tiny_model

pytestmark = pytest.mark.slow
JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, shown=("a", "b"))


def test_no_attempt_adds_a_turn(tmp_path: Path) -> None:
    folder = build_tiny_model(tmp_path)
    model = load(find_weights(str(folder), folder), "cpu", "auto", 1)
    special = set(model.tokenizer.all_special_ids)

    def turns(judged: Judged) -> list[int]:
        [call, _] = protocol("pairwise")().calls(judged, QuestionSpec("q", "pairwise", shows="pair"))
        return [token for token in model.prompt_ids(call.request.messages) if token in special]

    clean = turns(JUDGED)
    assert clean
    for attempt in ATTEMPTS:
        assert turns(placed(JUDGED, attempt.text, "completion", "b")) == clean, attempt.name
