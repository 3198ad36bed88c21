"""What the embedded PostgreSQL and Valkey have in common: one folder, one port, one process that we own."""

import os
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from functools import partial
from pathlib import Path
from typing import IO, ClassVar

from webapp.local.accounts import Account
from webapp.local.errors import LocalServerError
from webapp.local.ownership import FolderLock, end_orphan, end_process
from webapp.local.parent import die_with_parent
from webapp.local.ports import LOOPBACK, free_port, require_free_port

_POLL_SECONDS = 0.02
_PORT_TAKEN = "ddress already in use"  # in the words of either server


class EmbeddedServer(ABC):
    """A server in a folder of its own that lives as long as this process, and no longer."""

    title: ClassVar[str]
    program: ClassVar[str]  # the process name, by which an orphan is recognised
    polite_signal: ClassVar[signal.Signals]  # ends it in order, without waiting for its clients
    remedy: ClassVar[str]  # how to get another port

    def __init__(self, data_dir: Path, port: int | None = None, *, for_tests: bool = False) -> None:
        """`data_dir` is this server's alone; no `port`: a free one is chosen; `for_tests` trades safety for speed."""
        self.data_dir = data_dir.absolute()
        self.port = port or 0
        self._port_may_move = port is None  # until somebody may have been told
        self._for_tests = for_tests
        self._lock = FolderLock(self.data_dir)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address for clients, password included; only valid after start()."""

    @property
    def pid(self) -> int | None:
        """The server's process, or None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start and wait until it answers. Also starts it again, on the same port, after it died.

        Raises LocalServerError (PortTakenError when the port is taken), whose message suits a terminal.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """The first half of start(): so that two servers can come up side by side, from the one main thread."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("Start servers from the main thread: they end with the thread that started them.")
        if self.pid is not None:
            return
        self._open_folder()
        self._lock.take()
        try:
            end_orphan(self._pid_file, self.program, self._working_directory(), self.polite_signal)
            self._prepare()
            self._choose_port()
            self._spawn()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Wait until the server answers; `timeout` in seconds. On failure the server is stopped."""
        try:
            self._wait_until_it_answers(time.monotonic() + timeout)
        except BaseException:
            self.stop()
            raise
        self._port_may_move = False

    def stop(self) -> None:
        """Stop in order and wait for the end; harmless when it does not run."""
        if self.pid is not None:
            end_process(self.pid, self.polite_signal)
        if self._process is not None:
            self._process.wait()
            self._process = None
            self._pid_file.unlink(missing_ok=True)
        self._lock.release()

    @property
    def log_path(self) -> Path:
        return self.data_dir / "log"

    @property
    def _pid_file(self) -> Path:
        return self.data_dir / "server.pid"

    @abstractmethod
    def _prepare(self) -> None:
        """Make the data what the server needs; nothing runs in it."""

    @abstractmethod
    def _working_directory(self) -> Path:
        """Where the server process works, by which an orphan is recognised."""

    @abstractmethod
    def _command(self) -> list[str]:
        """The program with its arguments; no secrets in them."""

    @abstractmethod
    def _account(self) -> Account:
        """The user it runs as."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether clients are served."""

    def _input(self) -> bytes:
        """What the server reads from its standard input."""
        return b""

    def _may_pass(self, log: str) -> bool:
        """Whether `log` shows a failure that another try, in a moment, may not meet."""
        return self._port_may_move and _PORT_TAKEN in log

    def _open_folder(self) -> None:
        if not self.data_dir.exists():
            self.data_dir.mkdir(parents=True)
            # Root's servers run as somebody else, who must be able to pass through; every secret in it is 0600.
            self.data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise LocalServerError(
                f"{self.data_dir} cannot be written by this user. Start as its owner or choose another folder "
                "with --data-dir."
            )

    def _choose_port(self) -> None:
        if self._port_may_move:
            self.port = free_port()
        require_free_port(LOOPBACK, self.port, self.remedy)

    def _spawn(self) -> None:
        account = self._account()
        with self._open_log() as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                # Nothing of the caller's PG* and locale settings; C also keeps the log's words known to us.
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                umask=0o077,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it when its clients have ended
                # One system call, nothing that takes a lock.
                preexec_fn=partial(die_with_parent, os.getpid(), self.polite_signal),  # noqa: PLW1509
                **account.popen_options(),
            )
        self._pid_file.write_text(f"{self._running().pid}\n", encoding="ascii")
        self._feed()

    def _feed(self) -> None:
        standard_input = self._running().stdin
        assert standard_input is not None
        with standard_input:
            standard_input.write(self._input())

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def _open_log(self) -> IO[bytes]:
        if self.log_path.exists():
            self.log_path.replace(self.log_path.with_name("log.previous"))
        return open(os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")

    def _wait_until_it_answers(self, deadline: float) -> None:
        while not self._answers():
            if time.monotonic() > deadline:
                raise LocalServerError(f"{self.title} does not answer. See {self.log_path}.")
            if self.pid is None:
                self._launch_again_or_explain()
            time.sleep(_POLL_SECONDS)

    def _launch_again_or_explain(self) -> None:
        log = self.log_path.read_text(encoding="utf-8", errors="replace")
        if not self._may_pass(log):
            last = next((line for line in reversed(log.splitlines()) if line.strip()), "it wrote nothing")
            raise LocalServerError(f"{self.title} did not start: {last.strip()} (see {self.log_path})")
        if self._port_may_move and _PORT_TAKEN in log:
            self.port = free_port()
        time.sleep(0.2)
        self._spawn()
