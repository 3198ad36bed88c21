"""What each way of failing on the wire means, with real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from tests.carrier.wire import Wire, in_turn, raw, refused_url, reply, reset
from webapp.carrier.errors import CarrierError, MediaTooLargeError, NotSentError, PassingError, UnknownOutcomeError
from webapp.carrier.transport import Transport

MESSAGES = "https://conversations.twilio.com/v1/Services/IS1/Conversations/CH1/Messages"


def transport(base_url: str | None, timeout: float = 5.0, pool_size: int = 4) -> Transport:
    return Transport(base_url=base_url, timeout=timeout, pool_size=pool_size)


def failure(base_url: str, timeout: float = 5.0) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        transport(base_url, timeout).request("POST", MESSAGES, data={"Body": "hi"})
    return caught.value


def test_a_refused_connection_means_not_sent() -> None:
    error = failure(refused_url())
    assert type(error) is NotSentError
    assert error.scope == "message"


def test_a_host_that_does_not_exist_means_not_sent() -> None:
    assert type(failure("http://nobody.invalid")) is NotSentError


def test_a_server_that_speaks_no_tls_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet, args=(listener,), daemon=True).start()
        error = failure(f"https://127.0.0.1:{listener.getsockname()[1]}")
    assert type(error) is NotSentError


def test_a_connection_that_nobody_accepts_means_not_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        crowd = [socket.socket() for _ in range(3)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        error = failure(f"http://127.0.0.1:{port}", timeout=0.3)
        for one in crowd:
            one.close()
    assert type(error) is NotSentError


def test_waiting_in_vain_for_a_free_connection_means_not_sent() -> None:
    def endless_headers(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not wire.finished.wait(0.02):
            connection.sendall(b"X-More: and more\r\n")

    with Wire(endless_headers) as wire:
        narrow = transport(wire.url, timeout=0.2, pool_size=1)
        busy = threading.Thread(target=_no_answer, args=(narrow,))
        busy.start()
        wait_until(lambda: len(wire.requests) == 1)
        with pytest.raises(NotSentError):
            narrow.request("POST", MESSAGES, data={"Body": "hi"})
        assert len(wire.requests) == 1
    busy.join()


def test_no_answer_to_a_written_request_leaves_the_outcome_unknown() -> None:
    with Wire() as wire:
        assert type(failure(wire.url, timeout=0.3)) is UnknownOutcomeError
        assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(reset, id="reset before the answer"),
        pytest.param(raw(b""), id="closed before the answer"),
        pytest.param(raw(b"HTTP/1.1 201 Crea"), id="half a status line"),
        pytest.param(raw(b"HTTP/1.1 201 Created\r\nContent-Le"), id="half the headers"),
        pytest.param(raw(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"sid": "IM'), id="half the body"),
        pytest.param(raw(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{}"), id="half a chunk"),
        pytest.param(raw(b"220 smtp.example.com ESMTP\r\n"), id="another protocol"),
    ],
)
def test_a_broken_answer_leaves_the_outcome_unknown_and_is_not_repeated(
    behaviour: Callable[[socket.socket, bytes], None],
) -> None:
    with Wire(behaviour) as wire:
        assert type(failure(wire.url, timeout=2)) is UnknownOutcomeError
        assert len(wire.requests) == 1


def test_an_answer_that_dribbles_past_the_deadline_is_given_up() -> None:
    def dribble(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 10000\r\n\r\n")
        while not wire.finished.wait(0.05):
            connection.sendall(b"x")

    with Wire(dribble) as wire:
        error = failure(wire.url, timeout=0.5)
    assert type(error) is UnknownOutcomeError


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 302])
def test_a_server_fault_or_a_redirect_leaves_the_outcome_unknown(status: int) -> None:
    with Wire(reply(status, {"code": 20500, "message": "oops"}, Location="/elsewhere")) as wire:
        error = failure(wire.url)
        assert type(error) is UnknownOutcomeError
        assert error.http_status == status
        assert len(wire.requests) == 1


def test_too_many_requests_means_not_sent_and_carries_the_wait() -> None:
    with Wire(reply(429, {"code": 20429, "message": "Too many requests"}, Retry_After="3")) as wire:
        error = failure(wire.url)
    assert type(error) is NotSentError
    assert (error.code, error.retry_after) == (20429, 3.0)


def test_a_connection_is_used_again() -> None:
    with Wire(reply(200, {})) as wire:
        client = transport(wire.url)
        for _ in range(5):
            client.request("POST", MESSAGES, data={"Body": "hi"})
        assert (len(wire.requests), wire.connections) == (5, 1)


def test_a_connection_that_the_server_closed_meanwhile_is_not_written_to() -> None:
    closed = threading.Event()

    def answer_then_close(connection: socket.socket, request: bytes) -> None:
        reply(200, {})(connection, request)
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    with Wire(answer_then_close) as wire:
        client = transport(wire.url)
        for _ in range(3):
            closed.clear()
            client.request("POST", MESSAGES, data={"Body": "hi"})
            closed.wait(10)
            time.sleep(0.02)  # the goodbye crosses the loopback
        assert (len(wire.requests), wire.connections) == (3, 3)


def test_a_connection_that_rested_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.carrier.connections._MAX_IDLE_SECONDS", 0.0)
    with Wire(reply(200, {})) as wire:
        client = transport(wire.url)
        client.request("GET", MESSAGES)
        client.request("GET", MESSAGES)
        assert wire.connections == 2


def test_a_connection_with_a_broken_answer_is_never_used_again() -> None:
    half = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
    with Wire(in_turn(half, reply(200, {"fresh": True}))) as wire:
        client = transport(wire.url)
        with pytest.raises(UnknownOutcomeError):
            client.request("GET", MESSAGES)
        assert client.request("GET", MESSAGES).text == '{"fresh": true}'
        assert wire.connections == 2


def test_the_request_says_what_it_was_asked_to() -> None:
    with Wire(reply(200, {})) as wire:
        transport(wire.url).request(
            "POST",
            MESSAGES,
            params={"PageSize": 50, "To": "+15125550100"},
            data={"Body": "héllo & so", "Filters": ["a", "b"]},
            headers={"X-Extra": "1"},
            auth=("AC1", "secret"),
        )
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(
        b"POST /conversations/v1/Services/IS1/Conversations/CH1/Messages?PageSize=50&To=%2B15125550100 HTTP/1.1\r\n"
    )
    assert b"Authorization: Basic QUMxOnNlY3JldA==" in head
    assert b"X-Extra: 1" in head
    assert body == b"Body=h%C3%A9llo+%26+so&Filters=a&Filters=b"


def test_credentials_never_leave_for_a_host_that_is_not_the_carriers() -> None:
    with Wire(reply(200, {})) as elsewhere:
        with pytest.raises(PassingError) as caught:
            transport(None).request("GET", f"{elsewhere.url}/v1/Services/IS1", auth=("AC1", "secret"))
        assert caught.value.scope == "account"
        assert elsewhere.requests == []


def test_a_file_over_the_limit_is_left_unread() -> None:
    with Wire(reply(200, b"x" * 200_000)) as wire, pytest.raises(MediaTooLargeError):
        transport(wire.url).download(f"{wire.url}/media/ME1", limit=100_000)


def test_a_file_at_the_limit_arrives_whole() -> None:
    with Wire(reply(200, b"x" * 100_000)) as wire:
        assert len(transport(wire.url).download(f"{wire.url}/media/ME1", limit=100_000).content) == 100_000


def test_many_threads_share_one_client_without_mixing_answers() -> None:
    def echo(connection: socket.socket, request: bytes) -> None:
        reply(200, {"said": request.partition(b"\r\n\r\n")[2].decode()})(connection, request)

    wrong: list[str] = []

    def talk(number: int) -> None:
        for turn in range(20):
            answer = client.request("POST", MESSAGES, data={"n": f"{number}.{turn}"}).text
            if f"n={number}.{turn}" not in answer:
                wrong.append(answer)

    with Wire(echo) as wire:
        client = transport(wire.url, timeout=30, pool_size=8)
        threads = [threading.Thread(target=talk, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (wrong, len(wire.requests)) == ([], 320)
        assert wire.connections <= 8


def _no_answer(client: Transport) -> None:
    with pytest.raises(UnknownOutcomeError):
        client.request("POST", MESSAGES)


def _greet(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"220 smtp.example.com ESMTP\r\n")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
