"""What a tablet does on the kit's Wi-Fi, run on the emulated board in the tablet's own network.

    python3 visit.py names HOST…       by DNS        -> {host: [address, …]}
    python3 visit.py kinds HOST        by DNS, as phones ask  -> {"A": [rcode, answers], …}
    python3 visit.py shout NAME        by mDNS       -> [address, …]
    python3 visit.py fetch URL…        no redirect   -> {url: {status, location, body}}
    python3 visit.py lesson HOST FILE  the main job  -> {labels: […], sorted: …}

air.py brings it there with lesson.py beside it. Standard library alone; one line of JSON comes out.
"""

import base64
import http.client
import json
import socket
import struct
import sys
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MDNS = ("224.0.0.251", 5353)
A, AAAA, HTTPS, IN = 1, 28, 65, 1
ANSWERS_WITHIN_S = 120


def names(hosts: Sequence[str]) -> dict[str, list[str]]:
    """IPv4 addresses by the name server of the lease; none where it says no."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        try:
            told = socket.getaddrinfo(host, 80, socket.AF_INET, socket.SOCK_STREAM)
        except socket.gaierror:
            told = []
        found[host] = [where[0] for *_, where in told]
    return found


def kinds(host: str) -> dict[str, tuple[int, int]]:
    """What the lease's name server says to each kind of question: RFC 1035's RCODE, answers."""
    [server] = (line.split()[1] for line in Path("/etc/resolv.conf").read_text().splitlines())
    told = {}
    for kind, number in {"A": A, "AAAA": AAAA, "HTTPS": HTTPS}.items():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(10)
            asking.sendto(_question(_labels(host), number, recursive=True), (server, 53))
            _, flags, _, answers, _, _ = struct.unpack_from("!6H", asking.recv(512))
        told[kind] = (flags & 0xF, answers)
    return told


def shout(name: str) -> list[str]:
    """Ask everybody on the Wi-Fi, as RFC 6762 has it; the addresses that somebody answers with."""
    labels = _labels(name)
    question = _question(labels, A)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as everybody:
        everybody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        everybody.bind(("", MDNS[1]))
        joined = struct.pack("4s4s", socket.inet_aton(MDNS[0]), socket.inet_aton("0.0.0.0"))
        everybody.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        everybody.settimeout(5)
        end = time.monotonic() + ANSWERS_WITHIN_S
        while time.monotonic() < end:
            everybody.sendto(question, MDNS)
            try:
                while True:
                    if addresses := _addresses(everybody.recv(9000), labels):
                        return addresses
            except TimeoutError:
                continue  # a radio may lose a datagram: ask again
    return []


def _labels(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def _question(labels: bytes, kind: int, *, recursive: bool = False) -> bytes:
    flags = 0x100 if recursive else 0
    return struct.pack("!6H", 0, flags, 1, 0, 0, 0) + labels + struct.pack("!2H", kind, IN)


def _addresses(message: bytes, labels: bytes) -> list[str]:
    """The A records of a message that are for this name; RFC 1035, section 4.1."""
    _, flags, questions, *counts = struct.unpack_from("!6H", message)
    if not flags & 0x8000:
        return []  # a question, our own among them
    at = 12
    for _ in range(questions):
        at = _name(message, at)[1] + 4
    found = []
    for _ in range(sum(counts)):
        name, at = _name(message, at)
        kind, _, _, length = struct.unpack_from("!HHIH", message, at)
        at += 10
        if kind == A and name.lower() == labels.lower():
            found.append(socket.inet_ntoa(message[at : at + length]))
        at += length
    return found


def _name(message: bytes, at: int) -> tuple[bytes, int]:
    """A name, written out, and where it ends; a pointer leads to an earlier one."""
    written = b""
    while (size := message[at]) != 0:
        if size >= 0xC0:
            earlier, _ = _name(message, struct.unpack_from("!H", message, at)[0] & 0x3FFF)
            return written + earlier, at + 2
        written += message[at : at + 1 + size]
        at += 1 + size
    return written + b"\0", at + 1


def fetch(urls: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What each address answers, and how long it took; an error's name where nobody does."""
    return {url: _fetched(url) for url in urls}


def _fetched(url: str) -> dict[str, Any]:
    parts = urllib.parse.urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    began_s = time.monotonic()
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=60)
    try:
        connection.request("GET", parts.path or "/")
        response = connection.getresponse()
        told: dict[str, Any] = {
            "status": response.status,
            "location": response.getheader("Location"),
        }
        told["body"] = response.read(4000).decode(errors="replace")
    except OSError as error:
        told = {"error": type(error).__name__}
    finally:
        connection.close()
    return told | {"seconds": time.monotonic() - began_s}


def lesson(host: str, file: Path) -> list[dict[str, float]]:
    """Teach what is shown, ask what is asked, over the Wi-Fi; the confidences of each answer."""
    from lesson import Group

    told = json.loads(file.read_text())
    shown: Mapping[str, list[bytes]] = {
        label: [base64.b64decode(each) for each in pictures]
        for label, pictures in told["shown"].items()
    }
    group = Group(host=host)
    group.join("fox")
    project = group.teach(shown)
    return [group.answer(project, base64.b64decode(each))["confidences"] for each in told["asked"]]


def main(verb: str, arguments: Sequence[str]) -> Any:
    """What this verb finds."""
    match verb:
        case "names":
            return names(arguments)
        case "kinds":
            return kinds(*arguments)
        case "shout":
            return shout(*arguments)
        case "fetch":
            return fetch(arguments)
        case "lesson":
            return lesson(arguments[0], Path(arguments[1]))
    raise SystemExit(__doc__)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
