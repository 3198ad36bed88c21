"""The embedded Valkey that `leadline up` starts when there is no REDIS_URL."""

import secrets
import signal
import socket
from pathlib import Path

from webapp.local.accounts import Account
from webapp.local.ports import LOOPBACK
from webapp.local.programs import valkey_program
from webapp.local.server import EmbeddedServer


class EmbeddedValkey(EmbeddedServer):
    """Valkey in `data_dir`, appending to a file there, on 127.0.0.1; the password lives as long as this object."""

    title = "Valkey"
    program = "valkey-server"
    polite_signal = signal.SIGTERM
    remedy = "set REDIS_URL to a server of your own"

    def __init__(self, data_dir: Path, port: int | None = None, *, for_tests: bool = False) -> None:
        super().__init__(data_dir, port, for_tests=for_tests)
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def _working_directory(self) -> Path:
        return self.data_dir

    def _account(self) -> Account:
        return Account.ourselves()

    def _prepare(self) -> None:
        """Valkey makes its own files."""

    def _command(self) -> list[str]:
        return [str(valkey_program()), "-"]

    def _input(self) -> bytes:
        """The configuration; by standard input, so that the password is in no argument list and no file."""
        lines = (
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self._password}",
            f'dir "{self.data_dir}"',
            f"appendonly {'no' if self._for_tests else 'yes'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory 256mb",
            # Never drop a job silently: a full Redis refuses, and Postgres still holds the truth.
            "maxmemory-policy noeviction",
            "loglevel warning",
        )
        return "\n".join((*lines, "")).encode()

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                return b"+PONG" in _read_lines(connection, 2)
        except OSError:
            return False


def _read_lines(connection: socket.socket, count: int) -> bytes:
    """Read until `count` lines have come, or the other side closes."""
    received = b""
    while received.count(b"\r\n") < count:
        chunk = connection.recv(1024)
        if not chunk:
            break
        received += chunk
    return received
