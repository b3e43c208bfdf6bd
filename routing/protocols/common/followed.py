"""What is asked after a comparison: whether tied completions are any good, how much better the preferred one is."""

from collections.abc import Sequence
from typing import Any

from routing.judges.base import Labels, Reply
from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.prompting import Ask, Prompt, guidelines
from routing.protocols.fencing import material

GOOD_ENOUGH = "good_enough"
NO_YES = ("N", "Y")
"""Single letters, so that servers give their probabilities."""
ONE = "One response to a request is to be judged by itself."
USEFUL = "Is the response good enough to be of use to whoever made the request?"
YES_NO_FORM = "Reply with the single letter Y for yes or N for no."
TWO = "Two responses to the same request have been compared."
HOW_MUCH = "Response {slot} was found to be the better one. How much better is it?\n{steps}"
STEP_FORM = "Reply with the number of the step alone."


def usefulness(judged: Judged, key: str) -> Ask:
    """Whether a completion, seen alone, is good enough: a no to both of a pair makes "both are bad" of a tie."""
    text = judged.completions[key]
    body = material(ONE, [*judged.background(), ("Response", text)], guidelines(judged.guidelines))
    return Ask((key,), Prompt(body, USEFUL, YES_NO_FORM), Labels(NO_YES), (text,))


def good_enough(keys: Sequence[str], replies: Sequence[Reply]) -> dict[str, float]:
    """P(yes) by completion; 1 or 0 where labels alone came."""
    return {key: chance(reply, "Y") for key, reply in zip(keys, replies, strict=True)}


def strengths(judged: Judged, question: QuestionSpec, better: str, worse: str) -> list[Ask]:
    """How much better the preferred completion is, in both orders."""
    names = question.config["strengths"]
    steps = "\n".join(f"{n}: {name}" for n, name in enumerate(names, start=1))
    asks = []
    for slot, keys in (("A", (better, worse)), ("B", (worse, better))):
        texts = tuple(judged.completions[key] for key in keys)
        shown = [(f"Response {each}", text) for each, text in zip("AB", texts, strict=True)]
        body = material(TWO, [*judged.background(), *shown], guidelines(judged.guidelines), names)
        prompt = Prompt(body, HOW_MUCH.format(slot=slot, steps=steps), STEP_FORM)
        asks.append(Ask(keys, prompt, Labels(tuple(str(n + 1) for n in range(len(names)))), texts))
    return asks


def stated_strength(replies: Sequence[Reply]) -> int:
    """The mean of the steps stated in both orders; half a step counts for the weaker one."""
    steps = [int(likeliest(reply)) for reply in replies]
    return -(-(2 * sum(steps) - len(steps)) // (2 * len(steps)))


def chance(reply: Reply, label: str) -> float:
    """P(label); where labels alone came, 1 for the one given and 0 for others."""
    return reply.probabilities.get(label, 0.0) if reply.probabilities else float(reply.value == label)


def likeliest(reply: Reply) -> Any:
    """The label given, or the most probable one (the first of several)."""
    return max(reply.probabilities, key=reply.probabilities.__getitem__) if reply.probabilities else reply.value
