"""Ports on this machine: is one free, and which one is."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.local.errors import PortTakenError

LOOPBACK = "127.0.0.1"


def require_free_port(host: str, port: int, remedy: str) -> None:
    """Raise PortTakenError when somebody listens on `port` already; `remedy` as below."""
    with held_port(host, port, remedy):
        pass


@contextmanager
def held_port(host: str, port: int, remedy: str) -> Iterator[None]:
    """Keep `port` from being picked by `free_port` until the end. Raise PortTakenError when somebody listens on it.

    `remedy` ends the sentence "Stop the program that uses it or …", such as "choose another with --port".
    """
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        # A socket that waits out its last minute (TIME_WAIT) must not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE:
                raise PortTakenError(f"Port {port} on {host} cannot be used: {refused.strerror}.") from refused
            raise PortTakenError(
                f"Port {port} on {host} is already in use. Stop the program that uses it or {remedy}."
            ) from refused
        yield


def free_port(host: str = LOOPBACK) -> int:
    """A port that nobody listens on at this moment; the kernel picks it."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
