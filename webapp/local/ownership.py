"""One owner per data folder: the lock that a killed process cannot leave behind, and the orphans it can."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar

import psutil

from webapp.local.errors import LocalServerError

# Seconds a server gets to end after each signal, gentle to final.
_PATIENCE = 15.0


class FolderLock:
    """Held while this process owns the servers of a folder.

    A record lock (`lockf`): the kernel drops it with the process, and forked children do not inherit it.
    """

    # Kept here, not in the object: closing any descriptor of the file, even by garbage collection, drops the lock.
    _held_here: ClassVar[dict[Path, IO[str]]] = {}

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._taken = False

    def take(self) -> None:
        """Raise LocalServerError when another process, or this one, owns the folder already."""
        if self._taken:
            return
        if self._path in self._held_here:
            raise LocalServerError(f"This process runs a server in {self._path.parent} already.")
        file = self._path.open("a+", encoding="ascii")
        with _closing_on_error(file):
            self._lock(file)
        self._held_here[self._path] = file
        self._taken = True

    def release(self) -> None:
        if self._taken:
            self._held_here.pop(self._path).close()
            self._taken = False

    def _lock(self, file: IO[str]) -> None:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            file.seek(0)
            raise LocalServerError(
                f"Leadline runs already with the data in {self._path.parent} (process {file.read().strip() or '?'}). "
                "Stop it first or choose another folder with --data-dir."
            ) from taken
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()


@contextmanager
def _closing_on_error(file: IO[str]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        file.close()
        raise


def end_orphan(pid_file: Path, program: str, working_directory: Path, polite: signal.Signals) -> None:
    """End the server that a killed owner left behind, if `pid_file` names one that is alive and ours.

    Ours means: that program, working in that directory. A number that another process uses now is left alone.
    """
    pid = _read_pid(pid_file)
    if pid is not None and _is_ours(pid, program, working_directory):
        end_process(pid, polite)
    pid_file.unlink(missing_ok=True)


def _read_pid(pid_file: Path) -> int | None:
    try:
        first_line = pid_file.read_text(encoding="ascii").partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first_line) if first_line.strip().isdigit() else None


def _is_ours(pid: int, program: str, working_directory: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name().startswith(program) and Path(process.cwd()) == working_directory.resolve()
    except psutil.Error:  # gone, a zombie, or somebody else's
        return False


def end_process(pid: int, polite: signal.Signals) -> None:
    """End process `pid`, by `polite` if it listens, and wait until it has ended. None there: nothing to do."""
    for signal_number in (polite, signal.SIGQUIT, signal.SIGKILL):
        try:
            psutil.Process(pid).send_signal(signal_number)
        except psutil.NoSuchProcess:
            return
        if _ends_within(pid, _PATIENCE):
            return
    raise LocalServerError(f"Process {pid} does not end. Please end it by hand.")


def _ends_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not lives(pid):
            return True
        time.sleep(0.02)
    return False


def lives(pid: int) -> bool:
    """A zombie does not: it has ended, though its parent has not looked yet."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
