"""Which addresses may be called: what a researcher types must not reach what only this machine may reach."""

import asyncio
import socket
from ipaddress import ip_network
from typing import Any

import pytest

from routing.calling.addresses import RefusedAddress, checked_url, host_and_port, refusal, resolve

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "1 to 500 characters"),
        ("https://" + "a" * 500, "1 to 500 characters"),
        ("https://exa mple.org/v1", "no spaces"),
        ("https://example.org/v1\r\nX: y", "no spaces"),
        ("https://example.org\\@127.0.0.1", "no spaces"),
        ("ftp://example.org/v1", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("example.org/v1", "begins with https"),
        ("gopher://127.0.0.1:6379/_", "begins with https"),
        ("https://user:secret@example.org/v1", "no user name"),
        ("https://example.org@127.0.0.1/v1", "no user name"),
        ("https://example.org/v1?key=abc", "before any"),
        ("https://example.org/v1#top", "before any"),
        ("https:///v1", "names a host"),
        ("https://example.org:99999/v1", "no URL"),
        ("https://example.org:0/v1", "names a host"),
        ("http://[::1/v1", "no URL"),
        ("http://2130706433/v1", "four decimal numbers"),
        ("http://0177.0.0.1/v1", "four decimal numbers"),
        ("http://0x7f.0.0.1/v1", "four decimal numbers"),
        ("http://0x7f000001/v1", "four decimal numbers"),
        ("http://127.1/v1", "four decimal numbers"),
    ],
)
def test_what_is_no_plain_address_is_refused(url: str, problem: str) -> None:
    with pytest.raises(RefusedAddress, match=problem):
        checked_url(url)


def test_a_plain_address_loses_its_last_slash_only() -> None:
    assert checked_url(" https://api.example.org:8443/v1/ ") == "https://api.example.org:8443/v1"
    assert host_and_port("https://api.example.org/v1") == ("api.example.org", 443)
    assert host_and_port("http://[2001:db8::1]:8000") == ("2001:db8::1", 8000)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "2606:4700::5efe:8.8.8.8"]
)
def test_public_addresses_may_be_called(address: str) -> None:
    assert refusal(address, ()) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "240.0.0.1",
        "::1",
        "fc00::1",
        "fd12::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2001:db8::1",
        "192.0.0.9",
        "192.88.99.1",
        "3fff::1",
        "fec0::1",
        "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:10.0.0.1",
    ],
)
def test_private_addresses_need_the_operators_leave(address: str) -> None:
    assert "JUDGE_NETWORKS" in (refusal(address, ()) or "")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "169.254.169.254",
        "169.254.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::",
        "2606:4700::5efe:169.254.169.254",
    ],
)
def test_metadata_link_local_and_the_like_are_never_called(address: str) -> None:
    assert "never called" in (refusal(address, EVERYTHING) or "")


def test_the_operator_allows_networks_and_no_more() -> None:
    assert refusal("127.0.0.1", LOOPBACK) is None
    assert refusal("::ffff:127.0.0.1", LOOPBACK) is None
    assert refusal("::1", LOOPBACK) is None
    assert refusal("10.0.0.1", LOOPBACK) is not None


def found(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """The name server of the machine gives these addresses for every name."""
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: entries)


def resolved(host: str, allowed: Any = ()) -> list[str]:
    return asyncio.run(resolve(host, 443, allowed))


def test_a_name_is_refused_when_any_of_its_addresses_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, "8.8.8.8", "10.0.0.5")
    with pytest.raises(RefusedAddress, match=r"models.example.org is at 10.0.0.5: .*JUDGE_NETWORKS.* 10.0.0.5/32"):
        resolved("models.example.org")


def test_a_name_of_public_addresses_has_each_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, "8.8.8.8", "8.8.8.8", "1.1.1.1")
    assert resolved("models.example.org") == ["8.8.8.8", "1.1.1.1"]


def test_localhost_is_private() -> None:
    with pytest.raises(RefusedAddress, match="JUDGE_NETWORKS"):
        resolved("localhost")
    assert "127.0.0.1" in resolved("localhost", LOOPBACK)
