"""A small HTTP/1.1 server in a thread of its own, which can also misbehave below HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came; `body` is its JSON, `number` counts the POSTs from 0 (-1 for a GET)."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    number: int


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back. `raw` is sent as it is instead, byte strings with waits (seconds) between; then it hangs up."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    raw: Sequence[bytes | float] = ()

    @classmethod
    def json(cls, value: Any, status: int = 200, **headers: str) -> "Response":
        spelled = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **spelled})

    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Status", *(f"{name}: {text}" for name, text in self.headers.items())]
        return "\r\n".join([*lines, f"Content-Length: {len(self.body)}", "", ""]).encode()


class HttpServer:
    """`with` it: it listens on 127.0.0.1 at `port`. Subclasses say in `respond` what each request gets.

    `requests` are the POSTs in order; `connections` counts those opened, `most_at_once` the most requests under way.
    """

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.connections = self.at_once = self.most_at_once = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._socket.getsockname()[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def respond(self, seen: Seen) -> Response:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._converse, sock=self._socket, limit=2**24)

    async def _stop(self) -> None:
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while seen := await self._read(reader):
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
                try:
                    response = await self.respond(seen)
                    if response.raw:
                        return await self._misbehave(response, writer)
                finally:
                    self.at_once -= 1
                writer.write(response.head() + response.body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass  # the server stops
        finally:
            writer.close()

    async def _misbehave(self, response: Response, writer: asyncio.StreamWriter) -> None:
        for part in response.raw:
            if isinstance(part, bytes):
                writer.write(part)
                await writer.drain()
            else:
                await asyncio.sleep(part)

    async def _read(self, reader: asyncio.StreamReader) -> Seen | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {
            name.strip().lower(): text.strip() for name, _, text in (line.partition(":") for line in lines) if name
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        seen = Seen(method, path, headers, json.loads(body) if body else None, self._number(method))
        if method == "POST":
            self.requests.append(seen)
        return seen

    def _number(self, method: str) -> int:
        return len(self.requests) if method == "POST" else -1
