"""Checks that the settings of providers in this process share; the messages name the setting and what is right."""

from collections.abc import Mapping, Sequence
from typing import Any

from routing.judges.registry import ConfigError


def check_choices(config: Mapping[str, Any], choices: Mapping[str, Sequence[str]]) -> None:
    """Raises ConfigError for a setting that is none of its choices."""
    for key, allowed in choices.items():
        if config[key] not in allowed:
            raise ConfigError(f"{key} is {config[key]!r}; it must be one of {', '.join(allowed)}")


def check_whole_numbers(config: Mapping[str, Any], defaults: Mapping[str, Any], least: Mapping[str, int]) -> None:
    """Raises ConfigError for a setting below its `least`, or no whole number; None stands where it is the default."""
    for key, low in least.items():
        value = config[key]
        unset = value is None and defaults[key] is None
        if not unset and (type(value) is not int or value < low):
            raise ConfigError(f"{key} is {value!r}; it must be a whole number of at least {low}")
