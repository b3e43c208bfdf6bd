"""One question to a model: what stands before it, what is asked, in which form; with reasons first where wanted."""

from dataclasses import dataclass

from routing.judges.base import Want
from routing.protocols.fencing import Parts

Messages = tuple[dict[str, str], ...]
GUIDELINES = "Guidelines, which hold for every judgment"
THINK = (
    "Do not answer yet. First say in a few sentences what speaks for and against each possible answer, "
    "pointing at what stands in the material."
)
AFTER = "Now answer, in keeping with what you said."


@dataclass(frozen=True, slots=True)
class Prompt:
    """`body` ends with the material; `ask` is the question, `form` how it is answered."""

    body: str
    ask: str
    form: str

    def direct(self) -> Messages:
        return (_user(f"{self.body}\n\n{self.ask}\n{self.form}"),)

    def thinking(self) -> Messages:
        """Asks for the reasons alone."""
        return (_user(f"{self.body}\n\n{self.ask}\n{THINK}"),)

    def after(self, reasons: str) -> Messages:
        """Asks for the answer once the model has given its `reasons`."""
        return (*self.thinking(), {"role": "assistant", "content": reasons}, _user(f"{AFTER} {self.form}"))


@dataclass(frozen=True, slots=True)
class Ask:
    """A prompt about the completions `keys` with their `texts`, in the prompt's order, and what is wanted."""

    keys: tuple[str, ...]
    prompt: Prompt
    want: Want
    texts: tuple[str, ...] = ()


def titled(title: str, ask: str) -> str:
    """The question in the researcher's words, where there are any, above what is asked."""
    return f"{title}\n{ask}".strip()


def guidelines(text: str) -> Parts:
    """The campaign's guidelines among the rules of a prompt."""
    return [(GUIDELINES, text)] if text.strip() else []


def letters(count: int) -> tuple[str, ...]:
    """The names that so many things have in a prompt: A, B, C …; numbers where the alphabet does not suffice."""
    return tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]) if count <= 26 else tuple(str(n + 1) for n in range(count))


def _user(content: str) -> dict[str, str]:
    return {"role": "user", "content": content}
