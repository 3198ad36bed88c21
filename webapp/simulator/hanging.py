"""Requests that are never answered: the thread waits for the client to give up, then the connection is cut."""

import errno
import select
import socket
from typing import TYPE_CHECKING, NoReturn

from webapp.simulator.simulator import Simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def hang_up(sim: Simulator, environ: "WSGIEnvironment") -> NoReturn:
    """Say nothing until the client hangs up or `hang_seconds` have passed, then close the connection without a byte.

    A client that gives up sooner frees the thread at once. When too many hang already, this one is cut right away:
    to its client the outcome is as unknown, and the threads are never all taken.
    """
    connection: socket.socket = environ["gunicorn.socket"]
    if sim.hanging.acquire(blocking=False):
        try:
            _wait_for_hang_up(connection, sim.settings.hang_seconds)
        finally:
            sim.hanging.release()
    _cut(connection)
    raise BrokenPipeError(errno.EPIPE, "hung up on purpose")


def _wait_for_hang_up(connection: socket.socket, seconds: float) -> None:
    """The request is read to its end: the socket turns readable only when the client closes it."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    poll.poll(seconds * 1000)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        # The client was faster.
        if error.errno != errno.ENOTCONN:
            raise
