"""Which addresses a judge's server may have: public ones, and those that the operator of this installation allows.

A URL is written by a researcher and called from this machine, which may reach what the researcher may not (server-side
request forgery). So the host is resolved here, every address it has is checked, and the connection goes to an
address that was checked: a name that resolves otherwise a moment later changes nothing.
"""

import asyncio
import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
SETTING = "JUDGE_NETWORKS"
LONGEST_URL = 500
PORTS = {"http": 80, "https": 443}
NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",  # link-local: metadata of most clouds
            "224.0.0.0/4",
            "255.255.255.255/32",
            "100.100.100.200/32",  # metadata of Alibaba Cloud
            "168.63.129.16/32",  # platform services of Azure
            "::/128",
            "fe80::/10",
            "ff00::/8",
            "fd00:ec2::254/128",  # metadata of AWS
        ),
    )
)
SPECIAL = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # the old relays of 6to4
            "3fff::/20",  # documentation
            "fec0::/10",  # site-local, as private as fc00::/7 that took its place
        ),
    )
)
"""Not of the public internet, though not every Python says so."""
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
ISATAP = (0x00005EFE, 0x02005EFE)
COMPATIBLE = IPv6Network("::/96")
NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)


class RefusedAddress(ValueError):
    """This address may not be called from here; the message says why and what would be right."""


def checked_url(url: str) -> str:
    """The URL of a server without a slash at the end; raises RefusedAddress for what is no plain address."""
    text = url.strip()
    if not text or len(text) > LONGEST_URL or re.search(r"[\s\x00-\x1f\x7f\\]", text):
        raise RefusedAddress(
            f"a URL has 1 to {LONGEST_URL} characters and no spaces, such as https://api.example.org/v1"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise RefusedAddress(f"this is no URL ({error})") from error
    if parts.scheme not in PORTS:
        raise RefusedAddress("a URL begins with https:// or http://")
    if "@" in parts.netloc:
        raise RefusedAddress("a URL holds no user name or password; give the key in its own field")
    if "?" in text or "#" in text:
        raise RefusedAddress("a URL ends with its path, before any ? or #")
    if not parts.hostname or port == 0:
        raise RefusedAddress("a URL names a host, such as https://api.example.org/v1")
    _refuse_odd_numbers(parts.hostname)
    return text.rstrip("/")


def host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or PORTS[parts.scheme]


async def resolve(host: str, port: int, allowed: Sequence[Network]) -> list[str]:
    """The addresses to connect to, each of them checked. Raises RefusedAddress, and OSError where there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if problem := refusal(address, allowed):
            raise RefusedAddress(problem if address == host else f"{host} is at {address}: {problem}")
    return addresses


def refusal(address: str, allowed: Sequence[Network]) -> str | None:
    """Why an IP address may not be called; None where it may. IPv4 within IPv6 is judged as the IPv4 it reaches."""
    for one in _reached(ip_address(address)):
        if any(one in network for network in NEVER):
            return f"{one} serves this machine or its network itself and is never called"
        if any(one in network for network in allowed):
            continue
        special = any(one in network for network in SPECIAL)
        if special or not one.is_global or one.is_multicast or one.is_reserved:
            example = f"{one}/{one.max_prefixlen}"
            return f"{one} is a private address; the operator can allow it by the setting {SETTING}, such as {example}"
    return None


def _reached(address: Address) -> list[Address]:
    """The address, or those of the IPv4 hosts that it stands for."""
    if isinstance(address, IPv4Address):
        return [address]
    plain = IPv6Address(int(address))  # without a scope
    if plain.ipv4_mapped:
        return [plain.ipv4_mapped]
    inner: list[Address] = [plain]
    if plain.sixtofour:
        inner.append(plain.sixtofour)
    if plain.teredo:
        inner.extend(plain.teredo)
    embeds = any(plain in network for network in NAT64) or (int(plain) >> 32) & 0xFFFFFFFF in ISATAP
    if embeds or (plain in COMPATIBLE and int(plain) > 1):
        inner.append(IPv4Address(int(plain) & 0xFFFFFFFF))
    return inner


def _refuse_odd_numbers(host: str) -> None:
    """Decimal, octal, hexadecimal and short forms of an IPv4 address are refused: no one writes them in good faith."""
    if not NUMBERS.fullmatch(host):
        return
    try:
        IPv4Address(host)
    except ValueError as error:
        raise RefusedAddress("an IP address is written as four decimal numbers, such as 192.0.2.10") from error
