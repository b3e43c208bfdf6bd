"""The same model, drawn anew: for repeats, and for a second try at an answer that could not be read."""

from routing.judges import Provider

WARM = 0.7
"""The temperature at which a model that answers greedily is asked once more."""
LARGEST = 2**31
STEP = 1_000_003
"""Between the seeds of two rounds, so that tries within a round never meet those of the next."""


def variant(model: Provider, repeat: int) -> Provider:
    """The model for a round of repeats: where it draws its answers by a seed, another seed.

    One that answers greedily is asked the very same again: what differs then is its own noise.
    """
    drawn = model.config.get("temperature") and model.config.get("seed") is not None
    return _seeded(model, repeat * STEP) if repeat and drawn else model


def redrawn(model: Provider) -> Provider:
    """The model once more from the start, with another seed and never greedily."""
    changed = _seeded(model, 1) if "seed" in model.defaults else model
    if "temperature" in model.defaults:
        temperature = model.config["temperature"] or WARM
        changed = type(model)({**changed.config, "temperature": temperature})
    return changed


def _seeded(model: Provider, more: int) -> Provider:
    return type(model)({**model.config, "seed": ((model.config.get("seed") or 0) + more) % LARGEST})
