"""Ports: what somebody holds is given to nobody else."""

from __future__ import annotations

import socket

import pytest

from webapp.local.errors import PortTakenError
from webapp.local.ports import LOOPBACK, free_port, held_port, require_free_port


def test_a_port_that_is_held_cannot_be_what_a_server_is_given_by_chance():
    port = free_port()
    with (
        held_port(LOOPBACK, port, "wait"),
        socket.socket() as as_free_port_does,
        pytest.raises(OSError, match="in use"),
    ):
        as_free_port_does.bind((LOOPBACK, port))
    require_free_port(LOOPBACK, port, "wait")


def test_a_port_that_somebody_listens_on_is_not_held_but_said_with_the_remedy():
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with (
            pytest.raises(PortTakenError, match="Stop the program that uses it or wait"),
            held_port(LOOPBACK, port, "wait"),
        ):
            pass
