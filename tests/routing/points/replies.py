"""What a model may reply."""

from routing.judges import Reply


def checklist(*texts: str) -> Reply:
    return Reply("ok", value={"points": list(texts)})
