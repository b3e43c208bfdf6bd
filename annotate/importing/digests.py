"""Keys that follow from content: what makes an item the same item, and a prompt the same prompt."""

import hashlib
import json
import unicodedata
from typing import Any

from annotate.importing.rows.item import ItemRow
from annotate.importing.rows.messages import Message, Text

COMPLETION_CONTENT = ("key", "text", "messages", "prompt", "model")


def content_key(row: ItemRow) -> str:
    """The key of a row without one: `h-` and 40 hexadecimal digits of SHA-256 over canonical JSON.

    What the annotator sees and who wrote it counts; metadata, gold and annotations do not.
    """
    content = {
        "prompt": row.prompt,
        "completions": [
            {name: getattr(completion, name) for name in COMPLETION_CONTENT} for completion in row.completions
        ],
        "context": row.context,
        "reference": row.reference,
        "tools": row.tools,
        "points": row.points,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return "h-" + hashlib.sha256(canonical.encode()).hexdigest()[:40]


def prompt_digest(prompt: Text) -> str:
    """64 hexadecimal digits, the same for prompts that differ only in case, spacing or Unicode form.

    Messages count with their roles, a single user message like its text.
    """
    text = " ".join(unicodedata.normalize("NFKC", _joined(prompt)).casefold().split())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _joined(prompt: Text) -> str:
    if isinstance(prompt, str):
        return prompt
    if len(prompt) == 1 and prompt[0].get("role") == "user" and isinstance(prompt[0].get("content"), str):
        return str(prompt[0]["content"])
    return "\n".join(f"{message.get('role')}: {_content(message)}" for message in prompt)


def _content(message: Message) -> str:
    content: Any = message.get("content")
    if isinstance(content, str) and not message.get("tool_calls"):
        return content
    return json.dumps([content, message.get("tool_calls")], sort_keys=True, ensure_ascii=False)
