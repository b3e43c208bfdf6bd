import inspect
import pkgutil

import pytest

from annotate.errors import Invalid
from annotate.importing import mapping as package
from annotate.importing.mapping import RowMapping, mapping, mappings
from annotate.importing.problems import RowProblem
from tests.annotate.importing.files import source


def test_the_ready_mappings_are_found() -> None:
    assert sorted(mappings()) == [
        "columns",
        "crosscheck",
        "fine_grained",
        "haluquestqa",
        "helpsteer2",
        "hh",
        "sparse_feedback",
        "sparse_ratings",
        "trl_preference",
        "ultrafeedback",
    ]


@pytest.mark.parametrize("name", sorted(mappings()))
def test_every_mapping_introduces_itself(name: str) -> None:
    found = mapping(name)
    assert isinstance(found, RowMapping)
    assert found.name == name == inspect.getmodule(type(found)).__name__.rsplit(".", 1)[1]  # type: ignore[union-attr]
    assert len(name) <= 40
    assert found.title
    assert found.describe.endswith(".")
    assert all(sentence.endswith(".") for sentence in [*found.options.values(), *found.companions.values()])
    assert name in {module.name for module in pkgutil.iter_modules(package.__path__)}


@pytest.mark.parametrize("name", sorted(mappings()))
def test_no_mapping_claims_a_file_of_something_else(name: str) -> None:
    assert mapping(name).matches(["n", "m"], [{"n": 1, "m": 2}]) == 0
    assert mapping(name).matches([], []) == 0


@pytest.mark.parametrize("name", sorted(mappings()))
def test_no_mapping_fails_on_rows_of_something_else(name: str) -> None:
    odd = [{}, {"prompt": 1, "chosen": [1], "rejected": [[]], "completions": {"a": 1}, "preference": 5}]
    odd += [{"completions": [1, None, {}], "instruction": [], "chosen": [{}, {}], "rejected": [{}], "prompt": [{}]}]
    options = {"prompt": "prompt", "completions": ["completions"]} if name == "columns" else {}
    found = list(mapping(name).rows(source([*odd, RowProblem("f", "bad")]), options, {}))
    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert isinstance(found[3][1], RowProblem)


def test_an_unknown_mapping_names_the_nearest() -> None:
    with pytest.raises(Invalid, match="no mapping 'trl_preferences'; did you mean trl_preference"):
        mapping("trl_preferences")
    with pytest.raises(Invalid, match="there are columns, crosscheck,"):
        mapping("zzz")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(Invalid, match="'hh' has no option 'qestion'; its options are question, annotator"):
        mapping("hh").check({"qestion": "x"}, [])
    with pytest.raises(Invalid, match="it has no options"):
        mapping("crosscheck").check({"x": 1}, [])
    mapping("hh").check({"question": "better"}, [])
