"""Whether a completion's text gives away which model wrote it: then annotators are not blind."""

import re
from functools import lru_cache

FAMILIES = {
    name: (name, *others)
    for name, *others in (
        ("alpaca",),
        ("bard",),
        ("chatglm",),
        ("chatgpt", "gpt", "openai"),
        ("claude", "anthropic"),
        ("cohere", "command r"),
        ("copilot",),
        ("deepseek",),
        ("dolly",),
        ("ernie bot",),
        ("falcon",),
        ("gemini", "google ai"),
        ("gemma",),
        ("gpt", "chatgpt", "openai"),
        ("grok", "xai"),
        ("koala",),
        ("kimi", "moonshot ai"),
        ("llama",),
        ("mistral", "mixtral"),
        ("mixtral", "mistral"),
        ("mpt",),
        ("olmo",),
        ("palm",),
        ("phi",),
        ("qwen", "tongyi qianwen"),
        ("smollm",),
        ("tulu",),
        ("tülu",),
        ("ultralm",),
        ("vicuna",),
        ("wizardlm",),
        ("zephyr",),
    )
}
"""What a model's name may begin with or hold, and the names by which its text would call itself."""

WORDS = {"alpaca", "bard", "falcon", "koala", "llama", "palm", "phi", "gemini", "mistral", "zephyr", "dolly"}
"""Families that are words as well: in the text they count only as a name, with a capital or a number."""

MAKERS = (
    r"OpenAI|Anthropic|Google(?:\ DeepMind)?|DeepMind|Meta(?:\ AI)?|Mistral\ AI|Alibaba(?:\ Cloud)?|DeepSeek|Cohere|xAI"
)
NAMES = (
    r"ChatGPT|GPT[-\ ]?[345][\w.-]*|Claude|Gemini|Bard|Llama|Mistral|Mixtral|Qwen|DeepSeek|Grok|Copilot|Vicuna|Alpaca"
)
AM = r"(?i:I\ am|I['’]m)"
IDENTIFIED = re.compile(
    rf"""\b(?:
        (?:{AM}|(?i:as|my\ name\ is|call\ me|this\ is))\s+(?:an?\ )?(?:{NAMES})\b(?!\s+[A-Z])
      | (?:{AM}|(?i:as))\s+(?:an?\ )?(?:AI|language|large|virtual|artificial|assistant)\b[^.!?\n]{{0,80}}?
        \b(?:by|from|at|called|named)\s+(?:{MAKERS}|{NAMES})\b
      | (?:{AM}|(?i:I\ was|I['’]ve\ been|I\ have\ been))\s+(?:an?\ [^.!?\n]{{0,40}}?)?
        (?:made|created|trained|developed|built|designed)\s+by\s+(?:{MAKERS})\b
      | (?i:my\ (?:creators?|developers?|makers?))\s+(?:at|is|are|,)\s*(?:{MAKERS})\b
    )""",
    re.VERBOSE,
)
SEPARATOR = re.compile(r"[\s._-]+")
DISTINCT = re.compile(
    r"(?!(?:model|system|version|checkpoint|step|run|answer|response|output|candidate|baseline|human|team)[\s._-]*\d+$)"
    r"(?=.*[a-z])(?=.*\d)[a-z0-9][a-z0-9. _-]{3,}",
    re.IGNORECASE,
)
"""A model's own name is looked for where it has letters and a digit: "large", "text" or "model 1" are plain words."""


def names_model(text: str, model: str | None) -> bool:
    """Whether `text` holds the name or the family of `model`, or says of itself who it is."""
    if IDENTIFIED.search(text):
        return True
    return bool(model) and any(pattern.search(text) for pattern in _patterns(model or ""))


@lru_cache(maxsize=1024)
def _patterns(model: str) -> tuple[re.Pattern[str], ...]:
    """What of a model's name its text must not hold."""
    short = model.rsplit("/", 1)[-1].strip()
    patterns = []
    if DISTINCT.fullmatch(short):
        loose = r"[\s._-]*".join(map(re.escape, SEPARATOR.split(short)))
        patterns.append(re.compile(rf"(?<!\w){loose}(?!\w)", re.IGNORECASE))
    plain = SEPARATOR.sub(" ", model.lower())
    for family, names in FAMILIES.items():
        if re.search(rf"(?<![^\W\d_]){family}(?![^\W\d_])", plain.replace("/", " ")):
            patterns += [_name(name) for name in names]
    return tuple(patterns)


def _name(name: str) -> re.Pattern[str]:
    """A family's name as a word, with or without a version behind it: "GPT", "GPT-4", "Llama 3"."""
    version = r"[- ]?\d[\w.-]*"
    if name in WORDS:
        return re.compile(rf"(?<!\w)(?:{name.capitalize()}|{name.upper()}|{name}{version})(?!\w)")
    return re.compile(rf"(?<!\w){name}(?:{version})?(?!\w)", re.IGNORECASE)
