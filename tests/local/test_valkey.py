"""The embedded Valkey."""

import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from webapp.local import server
from webapp.local.errors import LocalServerError, PortTakenError
from webapp.local.ownership import lives
from webapp.local.valkey import EmbeddedValkey

AnotherProcess = Callable[[Callable[[], str]], AbstractContextManager[tuple[int, str]]]


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    embedded = EmbeddedValkey(tmp_path / "valkey")
    embedded.start()
    yield embedded
    embedded.stop()


def test_what_was_written_survives_a_second_start(valkey: EmbeddedValkey) -> None:
    redis.Redis.from_url(valkey.url).rpush("list", "one", "two")
    valkey.stop()
    valkey.start()
    assert redis.Redis.from_url(valkey.url).llen("list") == 2


def test_clients_need_the_password(valkey: EmbeddedValkey) -> None:
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port, retry=Retry(NoBackoff(), 0)).ping()


def test_the_password_is_in_no_argument_list_and_no_file(valkey: EmbeddedValkey) -> None:
    password = valkey.url.removeprefix("redis://:").partition("@")[0]
    assert password not in " ".join(psutil.Process(valkey.pid).cmdline())
    kept = [path for path in valkey.data_dir.rglob("*") if path.is_file() and password in path.read_text("latin-1")]
    assert kept == []


def test_a_second_server_on_the_same_folder_is_refused(valkey: EmbeddedValkey) -> None:
    with pytest.raises(LocalServerError, match="already"):
        EmbeddedValkey(valkey.data_dir).start()


@pytest.mark.parametrize("kernel_helps", [True, False])
def test_killing_the_owner_leaves_no_second_writer(
    valkey: EmbeddedValkey, another_process: AnotherProcess, kernel_helps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    valkey.stop()
    if not kernel_helps:
        monkeypatch.setattr(server, "die_with_parent", lambda *_: None)

    def own() -> str:
        owned = EmbeddedValkey(valkey.data_dir)
        owned.start()
        redis.Redis.from_url(owned.url).set("kept", "42")
        return str(owned.pid)

    with another_process(own) as (_, server_pid):
        assert lives(int(server_pid))
    valkey.start()
    assert not lives(int(server_pid))
    assert redis.Redis.from_url(valkey.url).get("kept") == b"42"


def test_a_taken_port_is_named_with_its_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"Port {port} on 127.0.0.1 is already in use.*REDIS_URL"):
            EmbeddedValkey(tmp_path / "valkey", port).start()


def test_others_cannot_read_its_files(valkey: EmbeddedValkey) -> None:
    redis.Redis.from_url(valkey.url).set("a", "b")
    for path in valkey.data_dir.rglob("*.aof"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
