"""The page about protocols says what there is."""

import re
from pathlib import Path

import pytest

from routing.judges.base import FreeText, Labels, Likelihood, Reward, Structured, Want
from routing.protocols import JudgingProtocol, protocol, protocols

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "protocols.md").read_text()
NEEDS: dict[type[Want], str] = {
    Labels: "labels",
    Structured: "JSON",
    FreeText: "text",
    Likelihood: "likelihood",
    Reward: "reward",
}


def row(found: type[JudgingProtocol]) -> str:
    """A protocol's line of the table."""
    needs = ", ".join(word for want, word in NEEDS.items() if want in found.needs)
    settings = ", ".join(f"`{name}`" for name in found.defaults)
    name = f"`{found.name}` {found.version}"
    return f"| {name} | {found.kind} | {found.describe} | {needs} | {settings or 'none'} | {found.paper} |"


@pytest.mark.parametrize("name", sorted(protocols()))
def test_the_page_has_a_line_for_every_protocol(name: str) -> None:
    assert row(protocol(name)) in PAGE.splitlines(), f"docs/protocols.md should say:\n{row(protocol(name))}"


def test_the_page_names_no_protocol_that_is_not_there() -> None:
    named = re.findall(r"^\| `(\w+)` \d+ \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(protocols())


def test_every_setting_is_explained() -> None:
    explained = PAGE.split("## Settings")[1].split("\n## ")[0]
    names = {name for each in protocols().values() for name in each.defaults}
    assert [name for name in sorted(names) if f"`{name}`" not in explained] == []
