"""Judge providers: where judgments come from. Importing this package loads no model library."""

from routing.judges.base import LabelReply, LabelRequest, Provider, Status, provider, providers
from routing.judges.registry import ConfigError, UnknownName

__all__ = [
    "ConfigError",
    "LabelReply",
    "LabelRequest",
    "Provider",
    "Status",
    "UnknownName",
    "provider",
    "providers",
]
