"""One request over real HTTP: whatever a server does, there is a reply that says what happened."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from routing.calling.secrets import encrypt
from routing.calling.sending import HttpReply, Sender, retry_after
from routing.judges.openai import OpenAIProvider
from routing.judges.remote import Outgoing
from routing.models import Endpoint
from tests.routing.servers import FaultyServer, ModelServer

KEY = "sk-test-0123456789"
BODY = {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}]}


def send(url: str, times: int = 1, *, key: str = "", timeout: float = 5.0, together: bool = False) -> list[HttpReply]:
    """So many equal requests through one sender, one after another or all at once."""

    async def all_of_them() -> list[HttpReply]:
        stored = encrypt(key)
        sender = Sender(Endpoint(name="e", url=url, key=stored), OpenAIProvider({"model": "tiny"}))
        outgoing = Outgoing("/chat/completions", BODY)
        try:
            if together:
                return await asyncio.gather(*(sender.send(outgoing, timeout) for _ in range(times)))
            return [await sender.send(outgoing, timeout) for _ in range(times)]
        finally:
            await sender.close()

    return asyncio.run(all_of_them())


def to_faulty(fault: str, timeout: float = 5.0, key: str = "") -> HttpReply:
    with FaultyServer([fault]) as server:
        return send(server.url, timeout=timeout, key=key)[0]


def test_a_good_answer_arrives_with_the_key_in_its_header_only() -> None:
    with ModelServer("B", key=KEY) as server:
        (reply,) = send(server.url, key=KEY)
    assert (reply.status, reply.error) == (200, "")
    assert reply.payload["choices"][0]["message"]["content"] == "B"
    (seen,) = server.requests
    assert (seen.path, seen.body, seen.headers["authorization"]) == ("/v1/chat/completions", BODY, f"Bearer {KEY}")
    assert KEY not in repr(reply)


def test_without_a_key_no_header_is_sent() -> None:
    with ModelServer() as server:
        send(server.url)
    assert "authorization" not in server.requests[0].headers


def test_connections_are_kept_and_many_can_be_open() -> None:
    with ModelServer() as server:
        assert {reply.status for reply in send(server.url, 5)} == {200}
        assert server.connections == 1
    with ModelServer(delay=0.1) as server:
        assert {reply.status for reply in send(server.url, 16, together=True)} == {200}
        assert server.connections == server.most_at_once == 16


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("rate_limited", 429, ""),
        ("server_error", 500, ""),
        ("unavailable", 503, ""),
        ("bad_request", 400, ""),
        ("redirects", 302, ""),
        ("wrong_type", 200, ""),
        ("malformed", 200, ""),
        ("not_json", 200, ""),
        ("empty_body", 200, ""),
        ("hangs", 0, "timeout"),
        ("hangs_in_body", 0, "timeout"),
        ("drips", 0, "timeout"),
        ("hangs_up", 0, "connection"),
        ("not_http", 0, "connection"),
        ("cut_off", 0, "cut"),
        ("chunks_cut", 0, "cut"),
        ("huge", 0, "cut"),
        ("huge_chunks", 0, "cut"),
    ],
)
def test_every_fault_has_its_kind(fault: str, status: int, error: str) -> None:
    reply = to_faulty(fault, timeout=0.4 if error == "timeout" else 5.0)
    assert (reply.status, reply.error) == (status, error)
    assert reply.text or fault in ("empty_body", "redirects")


@pytest.mark.parametrize("fault", ["malformed", "not_json", "empty_body"])
def test_what_is_no_json_has_no_payload(fault: str) -> None:
    assert to_faulty(fault).payload is None


def test_a_redirect_is_not_followed() -> None:
    with FaultyServer(["redirects"]) as server:
        assert send(server.url)[0].status == 302
        assert len(server.requests) == 1


def test_after_a_fault_the_same_sender_goes_on() -> None:
    with FaultyServer(["cut_off", "hangs_up", "good"]) as server:
        assert [reply.status for reply in send(server.url, 3)] == [0, 0, 200]


def test_a_server_that_is_not_there_is_a_connection_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    (reply,) = send(f"http://127.0.0.1:{port}/v1")
    assert (reply.status, reply.error) == (0, "connection")
    assert "could not be reached" in reply.text


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with ModelServer() as server:
        assert send(server.url)[0].status == 200


def test_the_wait_that_a_server_asks_for_is_read() -> None:
    assert to_faulty("rate_limited").retry_after == 1.0
    assert to_faulty("rate_limited_date").retry_after == 0.0
    assert to_faulty("rate_limited_plain").retry_after is None


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    later = format_datetime(now + timedelta(seconds=90), usegmt=True)
    assert retry_after(later, now) == 90
    assert [retry_after(text) for text in ("2.5", "-3", "99999999", "soon", "nan", "", None)] == [
        2.5,
        0.0,
        3600.0,
        None,
        None,
        None,
        None,
    ]


def test_a_key_that_the_server_echoes_is_struck_out() -> None:
    reply = to_faulty("echoes_key", key=KEY)
    assert reply.status == 500
    assert "not with Bearer [key]" in reply.text
    assert KEY not in repr(reply)


def test_a_key_echoed_in_json_escapes_is_struck_out_too() -> None:
    reply = to_faulty("echoes_key_escaped", key=KEY)
    assert reply.payload["error"]["message"] == "not with [key]"


def test_what_the_database_cannot_hold_is_replaced() -> None:
    assert to_faulty("nul").payload["choices"][0]["message"]["content"] == "Answer: \ufffd"
    assert to_faulty("surrogates").payload["choices"][0]["message"]["content"].startswith("\ufffd is")


def test_a_key_of_another_encryption_key_stops_the_call(settings: Settings) -> None:
    with ModelServer() as server:
        endpoint = Endpoint(name="ours", url=server.url, key=encrypt(KEY))
        settings.ENCRYPTION_KEY = "another"

        async def try_it() -> HttpReply:
            sender = Sender(endpoint, OpenAIProvider({"model": "tiny"}))
            return await sender.send(Outgoing("/chat/completions", BODY), 5)

        reply = asyncio.run(try_it())
    assert reply.error == "refused_address"
    assert "ours: The key was stored under another ENCRYPTION_KEY" in reply.text
    assert server.requests == []


def test_a_private_address_is_refused_when_it_is_called(settings: Settings) -> None:
    settings.JUDGE_NETWORKS = []
    with ModelServer() as server:
        (reply,) = send(server.url)
    assert (reply.status, reply.error) == (0, "refused_address")
    assert "JUDGE_NETWORKS" in reply.text
    assert server.connections == 0


def test_a_name_that_moves_to_a_private_address_is_not_followed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it was saved, this machine when it is called."""
    settings.JUDGE_NETWORKS = []
    with ModelServer() as server:
        entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: [entry])
        (reply,) = send(f"http://models.example.org:{server.port}/v1")
    assert reply.error == "refused_address"
    assert "models.example.org is at 127.0.0.1" in reply.text
    assert server.connections == 0


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once; a second answer that leads elsewhere is never asked for."""
    looked_up = []
    with ModelServer() as server:

        def once(host: Any, port: Any, *args: Any, **options: Any) -> list[Any]:
            looked_up.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

        monkeypatch.setattr(socket, "getaddrinfo", once)
        assert send(f"http://models.example.org:{server.port}/v1")[0].status == 200
    assert [host for host in looked_up if "127.0.0.1" not in str(host)] == ["models.example.org"]
    assert server.requests[0].headers["host"] == f"models.example.org:{server.port}"


class SecureServer(ModelServer):
    """A server over TLS whose certificate names `localhost`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._converse, sock=self._socket, ssl=self.context)


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecureServer]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    with SecureServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        yield server


def test_tls_is_held_to_the_name_in_the_url(secure: SecureServer) -> None:
    (good,) = send(f"https://localhost:{secure.port}/v1")
    assert good.status == 200, good
    (other,) = send(f"https://127.0.0.1:{secure.port}/v1")
    assert (other.status, other.error) == (0, "connection")
    assert "certificate" in other.text
