import subprocess
import sys
from typing import Any

import pytest

from routing.judges import ConfigError, Provider, UnknownName, provider, providers

IMPORTS = (
    "import sys, routing.judges as j, routing.protocols as p; "
    "[c({}) for c in j.providers().values()]; [c() for c in p.protocols().values()]; "
    "print(sorted({'torch', 'transformers', 'django'} & set(sys.modules)))"
)


def test_every_provider_is_found_under_its_own_name() -> None:
    assert {"local", "scripted"} <= set(providers())
    assert all(issubclass(each, Provider) and each.name == name for name, each in providers().items())


def test_an_unknown_provider_names_the_near_misses() -> None:
    with pytest.raises(UnknownName, match=r"no judge provider named 'lokal'; did you mean 'local'\?"):
        provider("lokal")


def test_an_unlike_name_lists_what_there_is() -> None:
    with pytest.raises(UnknownName, match=r"known are .*'local', .*'scripted'"):
        provider("zzzzzzzz")


def test_finding_providers_and_protocols_loads_no_model_library_and_no_web_framework() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "config", "message"),
    [
        ("local", {"modle": "x"}, "no setting 'modle'; did you mean 'model'"),
        ("local", {"device": "gpu"}, "device is 'gpu'; it must be one of cpu, cuda, auto"),
        ("local", {"batch_size": 0}, "batch_size is 0; it must be a whole number of at least 1"),
        ("local", {"batch_size": None}, "batch_size is None"),
        ("local", {"max_tokens": True}, "max_tokens is True"),
        ("local", {"dtype": "int4"}, "dtype is 'int4'"),
        ("scripted", {"rule": "best"}, "rule is 'best'; it must be one of longer, shorter, first, hash"),
        ("scripted", {"noise": 1.5}, "noise is 1.5; it must be a number from 0 to 1"),
        ("scripted", {"seed": "x"}, "seed is 'x'; it must be a whole number"),
    ],
)
def test_a_wrong_setting_says_what_would_be_right(name: str, config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        provider(name)(config)
