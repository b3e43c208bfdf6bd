"""One request to one endpoint over HTTP: what comes back, or why nothing did. It never raises and never retries."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpcore
import httpx
from django.conf import settings

from routing.calling.addresses import RefusedAddress
from routing.calling.secrets import KeyUnreadable, decrypt, redact, redacted
from routing.calling.transport import Transport
from routing.judges.parsing import kept
from routing.judges.remote import Outgoing, RemoteProvider
from routing.judges.texts import storable
from routing.models import Endpoint

SendError = Literal["", "timeout", "connection", "cut", "refused_address"]
MOST_BYTES = 8 * 1024 * 1024
SHOWN = 500  # characters of a body that are kept beside a failure
LONGEST_WAIT = 3600.0  # seconds; a server that asks for more is taken at this
HEADERS = {"User-Agent": "crosscheck", "Accept": "application/json", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What came back. `status` is 0 where no whole response came, and `error` then says what kind of failure it was.

    `payload` is the body's JSON, None where it is none; `text` the start of the body, or the failure in words.
    Neither holds the key. `retry_after` is in seconds from now.
    """

    status: int
    payload: Any = None
    text: str = ""
    retry_after: float | None = None
    seconds: float = 0.0
    error: SendError = ""


class TooLarge(Exception):
    """The body is larger than anything a model says."""


class Sender:
    """Sends to one endpoint with its key, from within one event loop. `close` it at the end."""

    def __init__(self, endpoint: Endpoint, provider: RemoteProvider) -> None:
        self.url, self.key, self.unreadable = endpoint.url, "", ""
        try:
            self.key = decrypt(endpoint.key)
        except KeyUnreadable as error:
            self.unreadable = f"{endpoint.name}: {error}"
        self.headers = HEADERS | (provider.authorise(self.key) if self.key else {})
        self.client = httpx.AsyncClient(
            transport=Transport(self.url, settings.JUDGE_NETWORKS),
            timeout=None,
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, outgoing: Outgoing, timeout: float) -> HttpReply:
        """POSTs and waits for at most `timeout` seconds in all."""
        body = json.dumps(outgoing.body, allow_nan=False).encode()
        headers = {"Content-Type": "application/json", **outgoing.headers}
        return await self._exchange("POST", outgoing.path, headers, body, timeout)

    async def get(self, path: str, timeout: float, headers: dict[str, str] | None = None) -> HttpReply:
        return await self._exchange("GET", path, headers or {}, None, timeout)

    async def close(self) -> None:
        await self.client.aclose()

    async def _exchange(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, timeout: float
    ) -> HttpReply:
        started = time.monotonic()
        if self.unreadable:
            return HttpReply(0, text=self.unreadable, error="refused_address")
        request = self.client.build_request(method, self.url + path, headers=self.headers | headers, content=body)
        self.client.cookies.clear()  # they would tie one call to another
        answered = False
        limit = asyncio.timeout(timeout)
        try:
            async with limit:
                response = await self.client.send(request, stream=True)
                answered = True
                try:
                    content = await _body(response)
                finally:
                    await response.aclose()
            return self._reply(response, content, time.monotonic() - started)
        except Exception as error:
            seconds = time.monotonic() - started
            if limit.expired():
                return HttpReply(0, text=f"no whole answer within {timeout:g} s", seconds=seconds, error="timeout")
            return self._failure(error, answered, seconds)

    def _reply(self, response: httpx.Response, content: bytes, seconds: float) -> HttpReply:
        text = content.decode("utf-8", "replace")
        payload = _json(text)
        if self.key and (self.key in text or "\\" in text):  # JSON may spell it with escapes
            text, payload = redact(text, self.key), redacted(payload, self.key)
        wait = retry_after(response.headers.get("retry-after"))
        return HttpReply(response.status_code, payload, storable(text[:SHOWN]), wait, seconds)

    def _failure(self, error: Exception, answered: bool, seconds: float) -> HttpReply:
        if isinstance(error, RefusedAddress):
            return HttpReply(0, text=redact(str(error), self.key), seconds=seconds, error="refused_address")
        if answered:
            why = str(error) if isinstance(error, TooLarge) else "the answer broke off before its end"
            return HttpReply(0, text=why, seconds=seconds, error="cut")
        text = storable(redact(_in_words(error), self.key))[:SHOWN]
        return HttpReply(0, text=text, seconds=seconds, error="connection")


async def _body(response: httpx.Response) -> bytes:
    """The body as it came; one that could be unpacked is left packed, for it might unpack to anything."""
    parts, size = [], 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MOST_BYTES:
            raise TooLarge(f"the answer is larger than {MOST_BYTES // 1024**2} MB")
        parts.append(part)
    return b"".join(parts)


def _json(text: str) -> Any:
    """The JSON of a body as it can be stored; None where it is none, or deeper than any answer is."""
    try:
        return kept(json.loads(text, parse_constant=_no_number))
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    """NaN and infinities are no JSON, but some servers write them; nothing can be made of them."""
    return


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the server took no connection in time"
    if isinstance(error, httpcore.RemoteProtocolError) and "disconnected" in str(error):
        return "the server hung up without an answer"
    if isinstance(error, httpcore.RemoteProtocolError):
        return f"the server does not speak HTTP as it should: {error}"
    return f"the server could not be reached: {str(error) or type(error).__name__}"


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date; None where it holds neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - (now or datetime.now(UTC))).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(0.0, seconds), LONGEST_WAIT) if seconds == seconds else None
