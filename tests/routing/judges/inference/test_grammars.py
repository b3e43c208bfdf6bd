"""JSON schemas as grammars: every schema that a protocol asks for can be held to."""

import json
from pathlib import Path

import pytest

from routing.judges import ConfigError, Request, Structured
from routing.judges.causal import CausalModel, load
from routing.judges.local import LocalProvider
from routing.judges.parsing import problem
from routing.judges.weights import find_weights
from routing.protocols import protocols_for
from tests.annotate.kinds.examples import EXAMPLES
from tests.routing.protocols.units import SETTINGS, asked_through, judged_of, scripted, spec_of

pytestmark = pytest.mark.slow


@pytest.fixture
def model(tiny_model: Path) -> CausalModel:
    return load(find_weights(str(tiny_model), Path()), "cpu", "float32", 1)


def schemas() -> list[str]:
    """What the protocols ask for over all examples of all kinds, each once."""
    found = set()
    for example in EXAMPLES:
        for name, each in protocols_for(example.kind).items():
            judging = each(SETTINGS.get(name, {}))
            if judging.supports(spec_of(example)) is None:
                calls, _ = asked_through(judging, judged_of(example), spec_of(example), scripted())
                wants = [call.request.want for call in calls]
                found |= {json.dumps(want.schema) for want in wants if isinstance(want, Structured)}
    return sorted(found)


def test_every_schema_that_a_protocol_asks_for_can_be_held_to(model: CausalModel) -> None:
    asked = schemas()
    assert len(asked) > 5
    for schema in asked:
        model.grammar(json.loads(schema))


def test_what_is_written_under_a_grammar_fits_its_schema(model: CausalModel) -> None:
    from routing.judges.inference.pieces import Draft
    from routing.judges.inference.working import Worker

    asked = [json.loads(schema) for schema in schemas()]
    drafts = [Draft(model.ids("Reply with JSON: "), 150, n, model.grammar(each)) for n, each in enumerate(asked)]
    Worker(model, 32).write(drafts, temperature=1.0)
    whole = [(draft, schema) for draft, schema in zip(drafts, asked, strict=True) if not draft.cut]
    assert len(whole) > 3
    for draft, schema in whole:
        found = problem(json.loads(model.text(draft.written)), schema)
        assert not found or "uniqueItems" in json.dumps(schema)


def test_a_list_of_different_items_is_no_longer_than_their_number(model: CausalModel) -> None:
    """Nothing in a grammar keeps items from coming twice; then the reply is a parse error and no answer."""
    schema = {"type": "array", "items": {"enum": [f"x{n}" for n in range(3)]}, "uniqueItems": True, "minItems": 3}
    request = Request(({"role": "user", "content": "x"},), Structured(schema))
    judge = LocalProvider({"model": str(model.tokenizer.name_or_path), "device": "cpu", "threads": 1})
    [reply] = judge.answer([request])
    written = json.loads(reply.raw["text"])
    assert len(written) == 3
    assert reply.status == ("ok" if len(set(written)) == 3 else "parse_error")
    assert reply.value == (written if reply.status == "ok" else None)


def test_a_schema_is_compiled_once(model: CausalModel) -> None:
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    assert model.grammar(schema) is model.grammar(dict(schema))


def test_a_schema_that_is_none_is_refused(model: CausalModel) -> None:
    with pytest.raises(ConfigError, match="the schema cannot be held to"):
        model.grammar({"type": "nonsense"})
