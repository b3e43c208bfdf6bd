"""Connections to one endpoint: to checked addresses only, kept open, and taken again without a search.

httpcore speaks HTTP/1.1; its pool is left out because it walks over all connections for every request, which at 64
of them costs several times as much as the request.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import httpcore
import httpx

from routing.calling.addresses import Network, resolve

CONNECT_SECONDS = 10.0


class Transport(httpx.AsyncBaseTransport):
    """Sends to the origin of `url` and nowhere else; `allowed` are the private networks that may be reached."""

    def __init__(self, url: str, allowed: Sequence[Network]) -> None:
        target = httpx.URL(url)
        self.origin = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=b"/").origin
        self.context = httpx.create_ssl_context() if target.scheme == "https" else None
        self.backend = CheckedBackend(self.context, allowed)
        self.idle: list[httpcore.AsyncHTTPConnection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        connection = await self._connection()
        sent = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=cast(Any, request.stream),
        )
        try:
            response = await connection.handle_async_request(sent)
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response, connection, self._keep))

    async def _connection(self) -> httpcore.AsyncHTTPConnection:
        """The connection used last, which is the likeliest to live, else a new one."""
        while self.idle:
            connection = self.idle.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return httpcore.AsyncHTTPConnection(self.origin, ssl_context=self.context, network_backend=self.backend)

    def _keep(self, connection: httpcore.AsyncHTTPConnection) -> None:
        self.idle.append(connection)

    async def aclose(self) -> None:
        while self.idle:
            await self.idle.pop().aclose()


class _Body(httpx.AsyncByteStream):
    """A response's body; once it is read, its connection is kept for another request, else it is closed."""

    def __init__(
        self,
        response: httpcore.Response,
        connection: httpcore.AsyncHTTPConnection,
        keep: Callable[[httpcore.AsyncHTTPConnection], None],
    ) -> None:
        self.response, self.connection, self.keep = response, connection, keep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self.response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self.response.aclose()
        if self.connection.is_idle():
            self.keep(self.connection)
        else:
            await self.connection.aclose()


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to the very addresses that were checked; TLS is held to the name in the URL."""

    def __init__(self, context: ssl.SSLContext | None, allowed: Sequence[Network]) -> None:
        self.context, self.allowed = context, allowed

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        async with asyncio.timeout(CONNECT_SECONDS):
            addresses = await resolve(host, port, self.allowed)
            for address in addresses[:-1]:
                with suppress(OSError):
                    return await self._open(address, host, port)
            return await self._open(addresses[-1], host, port)

    async def _open(self, address: str, host: str, port: int) -> "_Stream":
        name = host if self.context else None
        return _Stream(*await asyncio.open_connection(address, port, ssl=self.context, server_hostname=name))


class _Stream(httpcore.AsyncNetworkStream):
    """httpcore's view of a connection. Time is kept by whoever sends."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self.reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.writer.write(buffer)
        await self.writer.drain()

    async def aclose(self) -> None:
        self.writer.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return self  # it was opened with TLS

    def get_extra_info(self, info: str) -> Any:
        return self.reader.at_eof() if info == "is_readable" else None  # asked between requests: has it hung up?
