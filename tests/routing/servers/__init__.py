"""Servers of models for tests, over real HTTP: a good one, and one with faults by name."""

from tests.routing.servers.faulty import FAULTS, FaultyServer
from tests.routing.servers.model_server import Answer, ModelServer

__all__ = ["FAULTS", "Answer", "FaultyServer", "ModelServer"]
