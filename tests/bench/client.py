"""A small HTTP client for measuring on loopback: a few connections kept open, one request after the other on each.

`wrk` where it is installed: of the two cores a 304 takes it 9 µs and nginx 12. Our own here takes 27, so whoever is
measured by it gets no more than the rest, and it tells only roughly.
"""

import re
import selectors
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 8


@dataclass
class _Connection:
    socket: socket.socket
    got: bytes = b""
    wanted: int = -1
    """Bytes of the whole answer, once its head is there."""


def client() -> str:
    """Who asks."""
    return "wrk" if shutil.which("wrk") else "our own, no wrk"


def requests_per_second(url: str, headers: dict[str, str], status: int, seconds: float) -> float:
    """How many requests are answered per second, every one of them with `status`."""
    return _by_wrk(url, headers, seconds) if shutil.which("wrk") else _by_hand(url, headers, status, seconds)


def _by_wrk(url: str, headers: dict[str, str], seconds: float) -> float:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *given, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    assert "Non-2xx or 3xx" not in said, said
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def _by_hand(url: str, headers: dict[str, str], status: int, seconds: float) -> float:
    address = urlsplit(url)
    lines = [f"GET {address.path} HTTP/1.1", f"Host: {address.netloc}", *(f"{n}: {v}" for n, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    answered, begun = 0, time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _ in range(CONNECTIONS):
            connection = _Connection(socket.create_connection((address.hostname, address.port), timeout=10))
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.socket.sendall(request)
        while time.perf_counter() - begun < seconds:
            for key, _ in selector.select(timeout=5):
                if _answer_complete(key.data, status):
                    answered += 1
                    key.data.socket.sendall(request)
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return answered / (time.perf_counter() - begun)


def _answer_complete(connection: _Connection, status: int) -> bool:
    part = connection.socket.recv(1 << 20)
    assert part, "the server closed the connection"
    connection.got += part
    if connection.wanted < 0:
        head, end, _ = connection.got.partition(b"\r\n\r\n")
        if not end:
            return False
        assert head.split(b" ", 2)[1] == str(status).encode(), head
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        body = int(length[1]) if length and status != 304 else 0
        connection.wanted = len(head) + 4 + body
    if len(connection.got) < connection.wanted:
        return False
    connection.got, connection.wanted = b"", -1
    return True
