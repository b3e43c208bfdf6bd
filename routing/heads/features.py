"""What a head sees of a response: features of two embeddings, and how a head is written down."""

import base64

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def features(prompts: Floats, responses: Floats) -> Floats:
    """The response, its product with the prompt and its distance to it, coordinate by coordinate.

    Both have shape (n, size) and rows of length 1; the features have shape (n, 3 · size). A linear head on the response
    alone could not tell a good answer to this prompt from a good answer to another. The products are scaled up to the
    size of the rest, or one penalty would keep them out. The length of a response is left out on purpose.
    """
    products = np.sqrt(responses.shape[1]) * prompts * responses
    return np.concatenate([responses, products, np.abs(prompts - responses)], axis=1)


def written(head: Floats) -> str:
    """A head's weights as text: float32, little-endian, base64."""
    return base64.b64encode(head.astype("<f4").tobytes()).decode()


def read(text: str) -> Floats:
    """The inverse of `written`. Raises ValueError for what is no head."""
    return np.frombuffer(base64.b64decode(text, validate=True), dtype="<f4").astype(np.float64)
