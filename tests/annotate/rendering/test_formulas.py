"""Which dollars are mathematics, and how formulas are shown."""

import pytest

from annotate.rendering import Look, render
from annotate.rendering.brackets import unclosed
from annotate.rendering.formulas import LONGEST, MOST_UNCLOSED, formulas_in, mathml
from tests.annotate.rendering.reading import checked, read, shown

LOOK = Look()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$x$ and $y^2$", [("x", False), ("y^2", False)]),
        ("the $n$th, $x$-axis, ($y$), $z$.", [("n", False), ("x", False), ("y", False), ("z", False)]),
        ("$$x$$", [("x", True)]),
        ("\\(a_b*c*\\) and \\[d\\]", [("a_b*c*", False), ("d", True)]),
        ("$$\na\n- b\n+ c\n$$", [("\na\n- b\n+ c\n", True)]),
        ("\\begin{align*}a&=b\\\\c&=d\\end{align*}", [("\\begin{align*}a&=b\\\\c&=d\\end{align*}", True)]),
        ("> $$\n> x\n> $$", [("\nx\n", True)]),
        ("设$x$为", [("x", False)]),
        ("$5$ apples, $5 \\times 3$, $3.14$", [("5", False), ("5 \\times 3", False), ("3.14", False)]),
        ("$\\text{costs \\$5}$", [("\\text{costs \\$5}", False)]),
        ("| $a|b$ |\n|-|\n| $c$ |", [("a|b", False), ("c", False)]),
        ("lone $ then $x$", [("x", False)]),
    ],
)
def test_formulas_are_found(text: str, found: list[tuple[str, bool]]) -> None:
    assert [(formula.tex, formula.display) for formula in formulas_in(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5-$10, or $5 and $10.",
        "$5 is more than 3$ here",
        "Between $1,000 and 2,000$ a year",
        "US$5 and A$6",
        "echo $HOME and $PATH/$USER",
        "`$x$` and\n\n```\n$y$ \\(z\\)\n```\n\n    $indented$",
        "escaped \\$x\\$ and \\\\(y\\\\)",
        "$a\n\nb$ and \\[c\n\nd\\]",
        "<span title='$x$'>",
        "$$",
        "$ x $",
        "\\( never closed",
        "closed only \\)",
    ],
)
def test_prices_code_and_lone_marks_are_text(text: str) -> None:
    assert formulas_in(text) == []


@pytest.mark.parametrize("content", ["1 a", "1 + ab", "1;a", "3-1", "1", "1 a b", "1+2, 3", "1ab"])
def test_a_number_may_begin_a_formula(content: str) -> None:
    assert [one.tex for one in formulas_in(f"is ${content}$.")] == [content]


@pytest.mark.parametrize("content", ["1 ab", "1 ab = 2", "1, a", "1; 2", "5-", "5 \u2013", "1 a bc = d", "1.\tab+c"])
def test_a_number_and_words_are_a_price(content: str) -> None:
    assert formulas_in(f"is ${content}$.") == []


def test_dollars_further_apart_than_a_formula_is_long_are_no_pair() -> None:
    assert [one.tex for one in formulas_in("$" + "x" * LONGEST + "$ and $y$")] == ["x" * LONGEST, "y"]
    assert [one.tex for one in formulas_in("$" + "x" * (LONGEST + 1) + "$ and $y$")] == ["y"]


def test_a_formula_stands_for_its_source_and_says_its_tex() -> None:
    html = render("So \\(x^2\\) it is.", LOOK)
    (atom,) = [one for one in checked(html, "So \\(x^2\\) it is.").anchors if one.end]
    assert (atom.start, atom.end) == (3, 10)
    assert '<math alttext="x^2"><msup><mi>x</mi><mn>2</mn></msup></math>' in html


def test_line_breaks_around_a_displayed_formula_go() -> None:
    for text in ("a\n$$x$$\nb", "a\r\n$$x$$\r\nb"):
        assert shown(read(render(text, LOOK))) == "ab"


@pytest.mark.parametrize("tex", ["\\foo", "a & b", "\\frac{1}", "{", "x" * 4001, "{" * 61 + "}" * 61])
def test_what_cannot_be_read_is_shown_as_it_is_written(tex: str) -> None:
    assert mathml(tex, False) is None
    assert shown(read(render(f"see ${tex}$", LOOK))) == f"see ${tex}$"


@pytest.mark.parametrize(
    "tex",
    [
        "(" * 26 + "x",
        "(a)[b" * 26,
        "{(}" * 26,
        "([" * 26 + ")" * 26,
        "([)" * 26,
        "\\{" * 26,
        "\\langle " * 26,
        "\\lang " * 26,
        "\\lvert " * 26,
        "⌊" * 26,
        "x(_)" * 26,
        "x(^{)}" * 26,
        "(\\text{)}" * 26,
        "(\\hat)" * 26,
        "(\\operatorname* )" * 26,
        "(\\frac))" * 26,
        "(\\sqrt[)]{x}" * 26,
        "(\\sqrt[\\sqrt[)]x]x" * 26,
        "(\\middle)" * 26,
        "x\\bigl(" * 26,
        "\\pmod 2" * 26,
        "(\\begin{matrix})\\end{matrix}" * 26,
        "(%)\n" * 26,
        "\\def\\a{(()(()((()((}" + "\\a" * 26,
    ],
)
def test_brackets_that_nothing_closes_are_shown_as_they_are_written(tex: str) -> None:
    assert unclosed(tex) > MOST_UNCLOSED
    assert shown(read(render(f"see $${tex}$$", LOOK))) == f"see $${tex}$$"


@pytest.mark.parametrize(
    "tex",
    [
        "]0,1[" * 30,
        "[0,1)" * 30,
        "f(\\theta)" * 30,
        "\\left(x\\right]" * 30,
        "\\bigl(x\\bigr)" * 30,
        "(\\frac{a}{b})(\\frac12)\\{x_1\\}\\sqrt[3]{x}" * 30,
        "\\begin{cases}f(x)&[y]\\\\g(\\hat{x})&(z_i)\\end{cases}" * 15,
        "\\text{if (a)}(\\operatorname{rank}(A))P(x^{(i)}\\mid\\mathbf x)" * 20,
    ],
)
def test_formulas_full_of_closed_brackets_are_formulas(tex: str) -> None:
    assert mathml(tex, False)


def test_styles_become_what_the_content_policy_allows() -> None:
    html = render("$\\color{red}x$ $$\\begin{align}a&=b\\end{align}$$ $\\begin{array}{c|c}a&b\\end{array}$", LOOK)
    assert " style=" not in html
    assert 'mathcolor="#FF0000"' in html
    assert '<mtd class="right">' in html
    assert '<mtd class="line-end">' in html
