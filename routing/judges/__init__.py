"""Judge providers: where judgments come from. Importing this package loads no model library."""

from routing.judges.base import (
    FreeText,
    Labels,
    Likelihood,
    Provider,
    Reply,
    Request,
    Reward,
    Status,
    Structured,
    Want,
    provider,
    providers,
)
from routing.judges.registry import ConfigError, UnknownName

__all__ = [
    "ConfigError",
    "FreeText",
    "Labels",
    "Likelihood",
    "Provider",
    "Reply",
    "Request",
    "Reward",
    "Status",
    "Structured",
    "UnknownName",
    "Want",
    "provider",
    "providers",
]
