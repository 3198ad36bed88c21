"""The process tree, with trivial children in real processes."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
import structlog

from webapp.jobs.supervisor import ChildSpec, Service, Supervisor
from webapp.jobs.webserver import run_web
from webapp.local.ownership import lives
from webapp.local.parent import die_with_parent
from webapp.local.ports import free_port

PATIENCE = 30.0


class Tree:
    """A supervisor in a process of its own, whose log lines and children's notes can be read."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes"
        self._log = folder / "log"
        self.notes.touch()
        self._log.touch()
        self.pid = 0

    def grow(self, *children: ChildSpec, services: Iterable[Service] = (), shutdown_seconds: float = 20) -> None:
        self.pid = os.fork()
        if self.pid == 0:
            try:
                with self._log.open("w", buffering=1) as log:
                    structlog.configure(
                        processors=[structlog.processors.JSONRenderer()],
                        logger_factory=structlog.WriteLoggerFactory(log),
                    )
                    Supervisor(children, list(services), shutdown_seconds=shutdown_seconds).run()
                os._exit(0)
            finally:
                os._exit(1)

    def note(self, text: str) -> None:
        with self.notes.open("a") as file:
            file.write(f"{text}\n")

    def noted(self) -> list[str]:
        return self.notes.read_text().splitlines()

    def logged(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._log.read_text().splitlines() if line.endswith("}")]
        return [line for line in lines if line["event"] == event]

    def stop(self, signal_number: signal.Signals = signal.SIGTERM) -> int:
        os.kill(self.pid, signal_number)
        return self.wait()

    def wait(self) -> int:
        pid, self.pid = self.pid, 0
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path)
    yield tree
    if tree.pid:
        tree.stop(signal.SIGKILL)


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def announce_and_wait(tree: Tree) -> None:
    tree.note(str(os.getpid()))
    signal.pause()


def announce_and_fail(tree: Tree) -> None:
    tree.note(str(os.getpid()))
    raise RuntimeError("a child that cannot work")


def test_each_child_runs_under_its_own_title(tree: Tree) -> None:
    tree.grow(ChildSpec("clock", partial(announce_and_wait, tree)))
    until(tree.noted, "the child runs")
    assert psutil.Process(int(tree.noted()[0])).cmdline()[0].strip() == "leadline: clock"


def test_a_child_that_dies_is_started_again_after_growing_delays(tree: Tree) -> None:
    tree.grow(ChildSpec("bad", partial(announce_and_fail, tree)))
    until(lambda: len(tree.logged("process died")) >= 4, "four deaths are logged")
    deaths = tree.logged("process died")
    assert [death["again_in"] for death in deaths[:4]] == pytest.approx([0.1, 0.2, 0.4, 0.8])
    assert deaths[0]["exit_code"] == 1


def test_a_killed_child_is_replaced_and_the_others_are_left_alone(tree: Tree) -> None:
    tree.grow(*(ChildSpec(name, partial(announce_and_wait, tree)) for name in ("one", "two")))
    until(lambda: len(tree.noted()) == 2, "both run")
    victim, other = map(int, tree.noted())
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(tree.noted()) == 3, "the killed one is back")
    assert lives(other)
    assert tree.logged("process died")[0]["signal"] == "SIGKILL"


def test_no_child_outlives_a_killed_parent(tree: Tree) -> None:
    tree.grow(*(ChildSpec(name, partial(announce_and_wait, tree)) for name in ("one", "two")))
    until(lambda: len(tree.noted()) == 2, "both run")
    tree.stop(signal.SIGKILL)
    until(lambda: not any(lives(int(pid)) for pid in tree.noted()), "both are gone")


def finish_the_job_first(tree: Tree) -> None:
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    tree.note("begun")
    while not told:
        time.sleep(0.01)
    time.sleep(0.3)
    tree.note("finished")


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_child_finishes_its_job_when_the_tree_stops(tree: Tree, signal_number: signal.Signals) -> None:
    tree.grow(ChildSpec("worker", partial(finish_the_job_first, tree)))
    until(tree.noted, "the job has begun")
    assert tree.stop(signal_number) == 0
    assert tree.noted() == ["begun", "finished"]


def ignore_everything(tree: Tree) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tree.note(str(os.getpid()))
    while True:
        signal.pause()


def test_a_child_that_does_not_stop_in_time_is_killed(tree: Tree) -> None:
    tree.grow(ChildSpec("deaf", partial(ignore_everything, tree)), shutdown_seconds=0.3)
    until(tree.noted, "the child runs")
    assert tree.stop() == 0
    assert not lives(int(tree.noted()[0]))
    assert tree.logged("processes killed")[0]["processes"] == ["deaf"]


def test_a_second_ctrl_c_does_not_wait(tree: Tree) -> None:
    tree.grow(ChildSpec("deaf", partial(ignore_everything, tree)), shutdown_seconds=600)
    until(tree.noted, "the child runs")
    os.kill(tree.pid, signal.SIGINT)
    time.sleep(0.2)  # two signals at once are one
    assert tree.stop(signal.SIGINT) == 0
    assert not lives(int(tree.noted()[0]))


def test_ctrl_c_in_the_terminal_reaches_only_the_parent(tree: Tree) -> None:
    tree.grow(ChildSpec("one", partial(announce_and_wait, tree)))
    until(tree.noted, "the child runs")
    assert os.getpgid(int(tree.noted()[0])) != os.getpgid(tree.pid)


def test_a_tree_with_open_threads_refuses_to_fork() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait, name="a stray pool")
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="a stray pool"):
            Supervisor([ChildSpec("never", lambda: None)]).run()
    finally:
        done.set()
        thread.join()


class Sleeper:
    """A server of the kind that the caller starts: a process that only lasts."""

    title = "Sleeper"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        end_too = partial(die_with_parent, os.getpid(), signal.SIGKILL)
        self._process = subprocess.Popen(["sleep", "600"], preexec_fn=end_too)  # noqa: PLW1509


def test_a_service_that_dies_is_started_again(tree: Tree) -> None:
    sleeper = Sleeper()
    tree.grow(ChildSpec("one", partial(announce_and_wait, tree)), services=[sleeper])
    until(lambda: tree.logged("service started"), "the service runs")
    os.kill(tree.logged("service started")[0]["pid"], signal.SIGKILL)
    until(lambda: len(tree.logged("service started")) == 2, "the service is back")


def answer_with_pids(_environ: object, start_response: Callable[..., object]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {os.getppid()}".encode()]


def ask_for_pids(port: int) -> tuple[int, int]:
    """The worker's and the arbiter's, as soon as the server answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                worker, arbiter = answer.read().split()
                return int(worker), int(arbiter)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_web_server_comes_back_after_either_of_its_processes_is_killed(tree: Tree) -> None:
    port = free_port()
    tree.grow(ChildSpec("web", partial(run_web, answer_with_pids, "127.0.0.1", port, 1, 2)))
    worker, arbiter = ask_for_pids(port)
    assert psutil.Process(worker).cmdline()[0].strip() == "leadline: web"

    os.kill(worker, signal.SIGKILL)
    until(lambda: not lives(worker), "the worker is gone")
    second_worker, same_arbiter = ask_for_pids(port)
    assert (second_worker != worker, same_arbiter) == (True, arbiter)

    os.kill(arbiter, signal.SIGKILL)
    until(lambda: not lives(second_worker), "the arbiter took its worker along")
    assert ask_for_pids(port)[1] != arbiter
    assert tree.stop() == 0


def test_a_client_that_says_close_and_dawdles_holds_up_nobody_else(tree: Tree) -> None:
    port = free_port()
    tree.grow(ChildSpec("web", partial(run_web, answer_with_pids, "127.0.0.1", port, 1, 4)))
    ask_for_pids(port)
    with ExitStack() as open_ends:
        for _ in range(3):
            # gunicorn would wait two seconds for each one before, on the one thread that hands out all work.
            dawdler = open_ends.enter_context(socket.create_connection(("127.0.0.1", port), timeout=1.5))
            dawdler.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert dawdler.recv(1024).startswith(b"HTTP/1.1 200")
    assert tree.stop() == 0
