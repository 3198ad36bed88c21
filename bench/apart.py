"""Helpers that run as processes of their own, so that their work is not counted with what is measured."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import psutil

from bench.stack import ROOT
from webapp.local.ports import free_port

_PATIENCE_SECONDS = 30.0


class FakeCarrier:
    """See ``bench.fake_carrier``."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self) -> None:
        urlopen(Request(f"{self.url}/reset", method="POST")).close()

    def stats(self) -> dict[str, float]:
        with urlopen(f"{self.url}/stats") as answer:
            told: dict[str, float] = json.load(answer)
        return told


@contextmanager
def fake_carrier(least_ms: float, most_ms: float) -> Iterator[FakeCarrier]:
    port = free_port()
    with running("bench.fake_carrier", str(port), str(least_ms), str(most_ms)):
        wait_for_port(port)
        yield FakeCarrier(f"http://127.0.0.1:{port}")


@contextmanager
def running(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[psutil.Popen]:
    """``python -m MODULE`` until the end of the block."""
    process = psutil.Popen([sys.executable, "-m", module, *arguments], cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def outcome(module: str, *arguments: str) -> Any:  # noqa: ANN401 (JSON)
    """What ``python -m MODULE`` prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def wait_for_port(port: int) -> None:
    """Until somebody listens there."""
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}")


def first_child(parent: psutil.Process) -> psutil.Process:
    """Gunicorn listens before it has forked the worker that serves."""
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        if children := parent.children():
            return children[0]
        time.sleep(0.05)
    raise TimeoutError(f"process {parent.pid} forks no worker")
