"""Batches, common beginnings and the growing cache on tiny random models, held against plain passes of the same."""

from pathlib import Path
from typing import Any

import pytest

from routing.judges.causal import CausalModel, load
from routing.judges.inference.pieces import Draft, Scored
from routing.judges.weights import find_weights
from tests.routing.judges.tiny import build_tiny_gpt2

pytestmark = pytest.mark.slow
READS = ((5, 6, 7), (8, 9))


@pytest.fixture(scope="module")
def absolute_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with learned absolute positions, which wrong position ids would show in."""
    return build_tiny_gpt2(tmp_path_factory.mktemp("gpt2"))


@pytest.fixture(params=["tiny_model", "absolute_model"])
def model(request: pytest.FixtureRequest) -> CausalModel:
    return load(find_weights(str(request.getfixturevalue(request.param)), Path()), "cpu", "float32", 1)


def worker(model: CausalModel, most: int = 8) -> Any:
    from routing.judges.inference.working import Worker

    return Worker(model, most)


def rows(model: CausalModel) -> list[tuple[int, ...]]:
    """Two families of different lengths, each with its own beginning, and two rows alone."""
    first, second = model.ids("the capital of France is Paris " * 4), model.ids("How good is the response " * 6)
    ends = [model.ids(text) for text in ("A", "better 12", "1 2 3 4 5", "France")]
    return [*((*first, *end) for end in ends[:3]), *((*second, *end) for end in ends[1:]), ends[2], ends[1]]


def plain(model: CausalModel, ids: tuple[int, ...]) -> Any:
    import torch

    with torch.inference_mode():
        return model.module(torch.tensor([ids])).logits[0].log_softmax(-1)


def test_common_beginnings_and_padding_change_no_log_probability(model: CausalModel) -> None:
    pieces = [Scored(ids, READS) for ids in rows(model)]
    worker(model).score(pieces)
    for piece in pieces:
        expected = plain(model, piece.ids)
        for place, (tokens, found) in enumerate(zip(READS, piece.found, strict=True)):
            assert found == pytest.approx(expected[place - len(READS), list(tokens)].tolist(), abs=1e-4)


def test_a_common_beginning_goes_through_once(model: CausalModel) -> None:
    seen: list[tuple[int, int]] = []
    hook = model.module.register_forward_pre_hook(
        lambda _, __, given: seen.append(tuple(given["input_ids"].shape)), with_kwargs=True
    )
    start = model.ids("the capital of France is Paris " * 4)
    worker(model).score([Scored((*start, *model.ids(end)), READS[1:]) for end in ("A", "B", "1", "2")])
    hook.remove()
    assert seen == [(1, len(start)), (4, 1)]


def test_drafts_are_what_the_model_writes_by_itself(model: CausalModel) -> None:
    import torch

    drafts = [Draft(ids, 12) for ids in rows(model)]
    worker(model).write(drafts)
    for draft in drafts:
        told = model.module.generate(
            torch.tensor([draft.ids]), max_new_tokens=12, do_sample=False, eos_token_id=sorted(model.ends)
        )
        expected = told[0, len(draft.ids) :].tolist()
        ended = bool(expected) and expected[-1] in model.ends
        assert (draft.written, draft.cut) == (expected[:-1] if ended else expected, not ended)


def test_what_is_sampled_depends_on_the_seed_and_not_on_the_batch(model: CausalModel) -> None:
    def written(seeds: range, most: int) -> list[list[int]]:
        drafts = [Draft(ids, 8, seed) for seed, ids in zip(seeds, rows(model), strict=True)]
        worker(model, most).write(drafts, temperature=1.5)
        return [draft.written for draft in drafts]

    count = len(rows(model))
    assert written(range(count), 8) == written(range(count), 1)
    assert written(range(count), 8) != written(range(50, 50 + count), 8)


def test_drafts_that_end_early_leave_the_others_as_they_were(model: CausalModel) -> None:
    rooms = [1, 9, 2, 12, 3, 1, 12, 5]
    together = [Draft(ids, room) for ids, room in zip(rows(model), rooms, strict=True)]
    worker(model).write(together)
    alone = [Draft(ids, room) for ids, room in zip(rows(model), rooms, strict=True)]
    for draft in alone:
        worker(model).write([draft])
    assert [draft.written for draft in together] == [draft.written for draft in alone]


def test_a_batch_too_large_for_the_memory_is_halved(model: CausalModel) -> None:
    import torch

    def full(_: Any, __: Any, given: dict[str, Any]) -> None:
        if given["input_ids"].shape[0] > 2:
            raise torch.OutOfMemoryError("out of memory")

    drafts, pieces = [Draft(ids, 4) for ids in rows(model)], [Scored(ids, READS) for ids in rows(model)]
    hook = model.module.register_forward_pre_hook(full, with_kwargs=True)
    worker(model).write(drafts)
    worker(model).score(pieces)
    hook.remove()
    assert [d.error for d in drafts] + [p.error for p in pieces] == [""] * 16
    again = [Draft(ids, 4) for ids in rows(model)]
    worker(model).write(again)
    assert [draft.written for draft in drafts] == [draft.written for draft in again]


def test_what_does_not_fit_alone_fails_alone(model: CausalModel) -> None:
    import torch

    def long(_: Any, __: Any, given: dict[str, Any]) -> None:
        if given["input_ids"].shape[-1] > 40:
            raise torch.OutOfMemoryError("no room for it")

    pieces = [Scored((5,) * 60, READS), Scored((6,) * 20, READS)]
    hook = model.module.register_forward_pre_hook(long, with_kwargs=True)
    worker(model).score(pieces)
    hook.remove()
    assert "forward pass of 1 sequences failed: no room for it" in pieces[0].error
    assert (pieces[1].error, len(pieces[1].found)) == ("", 2)


def test_seconds_are_shared_out(model: CausalModel) -> None:
    pieces = [Scored(ids, READS) for ids in rows(model)]
    worker(model).score(pieces)
    assert all(piece.seconds > 0 for piece in pieces)
