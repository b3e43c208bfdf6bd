"""A server of models with faults by name, per request: below HTTP, in HTTP, and in what the model says."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.routing.servers.http import Response, Seen
from tests.routing.servers.model_server import Answer, Answers, ModelServer, completion, problem

HANG = 3600.0
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
HUGE = 9 * 1024 * 1024


def _good(seen: Seen, answer: Answer | None = None) -> bytes:
    given = answer or Answer("Answer: A")
    return json.dumps(completion(seen.body, given, given.text, False)).encode()


def _head(length: int) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()


def _raw(*parts: bytes | float) -> Response:
    return Response(raw=parts)


def _says(text: str, **answer: Any) -> Callable[[Seen], Response]:
    """The model's text as it is, whatever form was asked for."""
    return lambda seen: Response(body=_good(seen, Answer(text, **answer)))


def _cut_off(seen: Seen) -> Response:
    good = _good(seen)
    return _raw(_head(len(good)), good[: len(good) // 2])


def _chunks_cut(seen: Seen) -> Response:
    return _raw(CHUNKED, b"40\r\n" + _good(seen)[:20])


def _drips(seen: Seen) -> Response:
    good = _good(seen)
    parts = [part for byte in good for part in (bytes([byte]), 0.05)]
    return _raw(_head(len(good)), *parts)


def _echoes(seen: Seen) -> Response:
    """The whole prompt comes back, and with it whatever it quotes."""
    return _says(seen.body["messages"][-1]["content"])(seen)


def _echoes_key(seen: Seen) -> Response:
    given = seen.headers.get("authorization", "") + seen.headers.get("x-api-key", "")
    return problem(500, f"not with {given}")


def _echoes_key_escaped(seen: Seen) -> Response:
    """The key, spelled by JSON escapes."""
    given = seen.headers.get("authorization", "").removeprefix("Bearer ")
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in given)
    return Response(500, b'{"error": {"message": "not with %s"}}' % spelled.encode())


def _deep_usage(seen: Seen) -> Response:
    """JSON beside the answer that is nested as deep as it can be sent."""
    given = json.loads(_good(seen))
    return Response(body=json.dumps({**given, "usage": "DEEP"}).replace('"DEEP"', "[" * 700 + "]" * 700).encode())


FAULTS: dict[str, Callable[[Seen], Response]] = {
    "rate_limited": lambda seen: problem(429, "too many requests", Retry_After="1"),
    "rate_limited_now": lambda seen: problem(429, "too many requests", Retry_After="0"),
    "rate_limited_plain": lambda seen: problem(429, "too many requests"),
    "rate_limited_date": lambda seen: problem(429, "too many", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    "server_error": lambda seen: problem(500, "something broke"),
    "unavailable": lambda seen: problem(503, "loading the model"),
    "bad_request": lambda seen: problem(400, "temperature is out of range"),
    "context_too_long": lambda seen: problem(
        400, "This model's maximum context length is 2048 tokens. However, your messages resulted in 4096 tokens."
    ),
    "unauthorised": lambda seen: problem(401, "the key is not known here"),
    "redirects": lambda seen: Response(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "hangs": lambda seen: _raw(HANG),
    "hangs_in_body": lambda seen: _raw(_head(500), b'{"choices"', HANG),
    "hangs_up": lambda seen: _raw(b""),
    "cut_off": _cut_off,
    "chunks_cut": _chunks_cut,
    "drips": _drips,
    "not_http": lambda seen: _raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "huge": lambda seen: Response(body=b" " * HUGE),
    "huge_chunks": lambda seen: _raw(CHUNKED, *[b"100000\r\n" + b" " * 0x100000 + b"\r\n"] * 9),
    "malformed": lambda seen: Response(body=b'{"choices": [{"message": {"content": "A"'),
    "not_json": lambda seen: Response(
        body=b"<html>Bad gateway: Answer: A</html>", headers={"Content-Type": "text/html"}
    ),
    "wrong_type": lambda seen: Response(body=_good(seen), headers={"Content-Type": "text/plain"}),
    "empty_body": lambda seen: Response(body=b""),
    "other_shape": lambda seen: Response.json({"answer": "A", "choices": {"A": 1}}),
    "no_choices": lambda seen: Response.json({"choices": []}),
    "a_list": lambda seen: Response.json(["A"]),
    "odd_content": lambda seen: Response.json({"choices": [{"message": {"content": {"answer": "A"}}}]}),
    "error_in_200": lambda seen: Response.json({"error": {"message": "out of memory", "code": 500}}),
    "truncated": _says("The first is better because it", finish="length"),
    "spent_on_reasoning": _says("", finish="length", reasoning="Let me think. Answer: A. But then"),
    "empty": _says(""),
    "blank": _says("  \n"),
    "refused": _says("", refusal="I can't help with that."),
    "filtered": _says("", finish="content_filter"),
    "two_verdicts": _says("Answer: A\nOn reflection it is the other.\nAnswer: B"),
    "in_passing": _says("Response A is short and response B is long; both have merits."),
    "scale_stated": _says("On a scale from 1 to 5 I would grade it fairly, between A and B."),
    "echoes": _echoes,
    "echoes_key": _echoes_key,
    "echoes_key_escaped": _echoes_key_escaped,
    "nul": _says("Answer: \0"),
    "surrogates": _says("\ud800 is no verdict"),
    "deep_json": _says('{"answer": "A", "x": ' + "[" * 480 + "]" * 480 + "}"),
    "deep_usage": _deep_usage,
    "no_usage": _says("Answer: A", usage=None),
}


class FaultyServer(ModelServer):
    """`FaultyServer(["rate_limited", "hangs"])`: the first requests (POSTs) get these faults, the others an answer.

    `faults` may also map a request's number (from 0) to the fault. `always` is the fault of all the others, and
    "good" stands for no fault. Everything else is as in ModelServer.
    """

    def __init__(
        self,
        faults: Sequence[str] | Mapping[int, str] = (),
        *,
        always: str = "good",
        answer: Answers = "A",
        **options: Any,
    ) -> None:
        super().__init__(answer, **options)
        self.faults = dict(faults) if isinstance(faults, Mapping) else dict(enumerate(faults))
        self.always = always
        if unknown := {*self.faults.values(), always} - {*FAULTS, "good"}:
            raise ValueError(f"there are no faults {', '.join(sorted(unknown))}")

    async def respond(self, seen: Seen) -> Response:
        fault = self.faults.get(seen.number, self.always) if seen.method == "POST" else "good"
        return await super().respond(seen) if fault == "good" else FAULTS[fault](seen)
