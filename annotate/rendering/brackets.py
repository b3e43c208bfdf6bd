"""Brackets of a formula that nothing closes: each doubles the time that its conversion takes."""

import re
from functools import lru_cache

from math_core import LatexError, LatexToMathML

MOST_ARGUMENTS = 6
HIDDEN = 2
"""How many brackets an option may hide that is more than a number, as in `(\\sqrt[)]{x}`."""
TOKEN = re.compile(
    r"%[^\n]*|\\(?:left|right|middle|[bB]ig(?:g?[lrm]?))(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\?\S)"
    r"|\\(?:begin|end)\s*\{[^{}]*\}|\\(?:sqrt|cfrac|x[a-z]+)\s*\[(?:[\w\s+*/-]*\])?"
    r"|\\[A-Za-z]+(?:\s*\*)?|\\\S|\S"
)
SIZED = re.compile(r"\\(?:middle|[bB]igg?m?)(?![A-Za-z])")
GROUP_OPENS = re.compile(r"\{|\\begin\s*\{|\\left(?![A-Za-z])")
GROUP_CLOSES = re.compile(r"\}|\\end\s*\{|\\right(?![A-Za-z])")
OPENS = re.compile(r"[(\[⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼]|\\\{|\\l(?:brace|vert|Vert|Brace)\b|\\[bB]igg?l(?![A-Za-z])")
CLOSES = re.compile(
    r"[)\]⌉⌋⟧⟩]|\\\}|\\r(?:paren|brack|brace|angle|floor|ceil|vert|Vert|group|moustache)\b|\\[bB]igg?r(?![A-Za-z])"
)
DEFINES = re.compile(r"\\(?:g?def|let|(?:re)?newcommand|providecommand)(?![A-Za-z])")

_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=0)


def unclosed(tex: str) -> int:
    """How many brackets stay open, rather too many than too few.

    Any bracket closes any other in the same group, unless it is an argument, as in `\\hat)`. Macros may hide or
    repeat any of them: where some are defined, every bracket counts.
    """
    defines = DEFINES.search(tex) is not None
    groups, waited = [0], [0]
    left = total = waiting = 0
    for found in TOKEN.finditer(tex):
        token = found.group()
        if token[0] == "%" or SIZED.match(token):
            continue
        argument, waiting = waiting > 0, max(waiting - 1, 0)
        if GROUP_OPENS.match(token):
            groups.append(0)
            waited.append(waiting)
            waiting = 0
        elif GROUP_CLOSES.match(token):
            if len(groups) > 1:
                left += groups.pop()
                waiting = waited.pop()
        elif token[-1] in "[]" and len(token) > 2:
            left += HIDDEN if token[-1] == "[" else 0
            waiting += 1
        elif token == "\\pmod":
            left += 1
            waiting += 1
        elif _opens(token):
            groups[-1] += 1
            total += 1
        elif CLOSES.match(token):
            groups[-1] -= not argument and groups[-1] > 0
        else:
            waiting += _arguments(token)
    return total if defines else left + sum(groups)


def _opens(token: str) -> bool:
    return bool(OPENS.match(token)) or (token[0] == "\\" and bool(OPENS.search(_alone(token) or "")))


@lru_cache(maxsize=1024)
def _alone(tex: str) -> str | None:
    """The MathML of a few tokens; None where they need more."""
    try:
        return _CONVERTER.convert_with_local_state(tex, displaystyle=False)
    except LatexError:
        return None


def _arguments(token: str) -> int:
    """How many of the next tokens may be this one's arguments."""
    if token in ("_", "^"):
        return 1
    if token[0] != "\\" or len(token) == 2:
        return 0
    return next((count for count in range(MOST_ARGUMENTS) if _alone(token + " x" * count)), MOST_ARGUMENTS)
