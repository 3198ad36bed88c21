"""Requests that no client library would send, byte for byte; each names what is wrong with it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

_TIMEOUT_SECONDS = 30.0
_JSON = b"application/json"

METHODS = (b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"PROPFIND", b"FOO", b"get")
CREDENTIALS = (
    *(b"", b"Bearer", b"Bearer ", b"Bearer \xff\xfe", b"Bearer \xc3\xa9", b"Bearer a b", b"Bearer =", b"bearer TOKEN"),
    *(b"Basic", b"Basic !!!", b"Basic /w==", b'Digest username="a', b"Negotiate", b"Bearer " + b"x" * 7000),
)
PATHS = (
    *(b"%00", b"%ff", b"%ed%a0%80", b"%0a", b"..%2f..", b"%2F", b"//", b"1/", b"1%2fexplain", b"%", b"%zz", b"\xff"),
    *(b"9" * 400, b"-1", b"1e400", b"%D9%A1", b"1%00", b"+1", b"a" * 5000, b"%F0%9F%98%80", b"01", b"1;x=1"),
)
PLACES = (
    b"/api/sms/messages/",
    b"/api/leads/",
    b"/api/bulk/",
    b"/inbox/",
    b"/leads/",
    b"/media/",
    b"/reset/",
    b"/static/",
)
QUERIES = (
    *(b"%00", b"q=%00", b"cursor=%00", b"cursor=%ff", b"q=%ed%a0%80", b"q=\xff", b"limit=1&limit=2", b"limit=1e400"),
    *(b"limit=" + b"9" * 400, b"cursor=" + b"A" * 7000, b"after=" + b"9" * 400, b"&&&", b"=", b"limit=%D9%A1", b"+"),
    *(
        b"q=%27%3A%2A%26%7C%21%5C",
        b"q=" + b"%5C" * 40 + b"%27",
        b"conversation_id=1%00",
        b"lead_id=%2b1",
        b"q=%EF%BF%BE",
    ),
)
LISTS = (b"/api/sms/conversations", b"/api/sms/messages", b"/api/leads", b"/healthz", b"/inbox", b"/leads", b"/login")
BODIES = (
    *(
        b"",
        b"null",
        b"0",
        b'"x"',
        b"[]",
        b"{",
        b"{}{}",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"\x00",
        b'{"a":NaN}',
        b'{"a":1e400}',
    ),
    *(b'{"a":' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 50_000, b'{"\\ud800":1}', b'{"body":"\\udfff"}'),
    *(
        b'{"body":"\\u0000"}',
        b'{"text":"\\u0000"}',
        b'{"input":"\\u0000"}',
        b'{"phone":"\\u0000"}',
        b'{"body":"a","body":1}',
    ),
    *(b'{"to":"+15125550123","body":"{{ 9**9**9 }}"}', b'{"to":"+15125550123","body":"' + b"{{" * 700 + b'"}'),
    *(
        b'{"to":"+15125550123","body":"{{ ' + b"(" * 700 + b'"}',
        b'{"to":"+15125550123","body":"{{ ' + b"-" * 700 + b'1 }}"}',
    ),
    *(b'{"phone":"+15125550123","timezone":"../../etc/passwd"}', b'{"phone":"+15125550123","timezone":"America/"}'),
    *(
        b'{"phone":"+15125550123","at":"2199-12-31T23:59:60Z"}',
        b'{"phone":"+15125550123","at":"2026-01-01T00:00:00+99:99"}',
    ),
    *(
        b'{"phone":"+15125550177","custom":' + b'{"a":' * 2000 + b"1" + b"}" * 2001,
        b'{"phone":"+15125550177","score":1e400}',
    ),
)
TYPES = (
    *(
        _JSON,
        b"application/json; charset=utf-16",
        b"application/json;charset=nonsense",
        b"APPLICATION/JSON",
        b"",
        b"\xff",
    ),
    *(b"text/plain", b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded; charset=latin1"),
    *(b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=x"),
)
DOORS = (
    *(
        b"/api/sms/messages",
        b"/api/sms/segments",
        b"/api/phones/parse",
        b"/api/compliance/check",
        b"/api/compliance/classify",
    ),
    *(b"/api/leads", b"/api/leads/import", b"/api/twilio/conversations/webhook", b"/login", b"/forgot", b"/login/demo"),
)
HEADERS = (
    *(
        b"Cookie: session=\xff\xfe",
        b"Cookie: session=.eJx",
        b"Cookie: =;;;",
        b"Cookie: theme=\xff",
        b"X-CSRFToken: \xff",
    ),
    *(b"HX-Request: true", b"HX-PTag: \xff", b"X-Forwarded-For: \xff, 1", b"Range: bytes=0-x", b"If-Modified-Since: x"),
    *(
        b"X-Twilio-Signature: \xff",
        b"Accept: \xff",
        b"Content-Encoding: gzip",
        b"Host: \xff",
        b"X-HTTP-Method-Override: x",
    ),
)


#: Names of a form's parts, twice each, and what comes after them.
PARTS = (
    *(b'"\xc3\xbf\\"', b'"', b'""', b'"a\x00"', b'"\xed\xa0\x80"', b'"file"', b'"file"; filename="\xff"', b"x; name=y"),
    *(b"\"x\"; filename*=utf-8''%ed%a0%80", b"\"x\"; filename*=nonsense''%ff", b'"owner_id"; filename="a.csv"', b""),
)
#: The sizes of chunks that are none, lie, or never come.
CHUNKS = (
    b"zz\r\n{}\r\n0\r\n\r\n",
    b"5\r\n{}\r\n0\r\n\r\n",
    b"-1\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}0\r\n\r\n",
    b"0" * 100 + b"\r\n\r\n",
)


def ask(port: int, request: bytes) -> int:
    """The status that the request gets; 0 when the connection ends without an answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_SECONDS) as connection:
        connection.sendall(request)
        words = connection.makefile("rb").readline().split()
    return int(words[1]) if len(words) > 1 else 0


def _requests() -> Iterator[tuple[str, bytes]]:
    for path in (*LISTS, *DOORS):
        yield from ((f"{method!r} {path!r}", _request(method, path)) for method in METHODS)
        yield from ((f"{header!r} {path!r}", _request(b"GET", path, header)) for header in HEADERS)
    for path in LISTS:
        yield from ((f"{path!r} {query[:40]!r}", _request(b"GET", path + b"?" + query)) for query in QUERIES)
        yield from ((f"{path!r} {given[:40]!r}", _request(b"GET", path, credentials=given)) for given in CREDENTIALS)
    for place in PLACES:
        yield from ((f"{place!r} {path[:40]!r}", _request(b"GET", place + path)) for path in PATHS)
    yield from ((f"a part named {part!r}", _in_parts(b"/api/leads/import", part)) for part in PARTS)
    for path in DOORS:
        yield from ((f"{path!r} in chunks {chunks!r}", _in_chunks(path, chunks)) for chunks in CHUNKS)
        yield from ((f"{path!r} {body[:60]!r}", _request(b"POST", path, body=body)) for body in BODIES)
        yield from ((f"{path!r} as {type_!r}", _request(b"POST", path, body=b"--x--", type_=type_)) for type_ in TYPES)


def _request(
    method: bytes,
    path: bytes,
    *headers: bytes,
    body: bytes = b"",
    type_: bytes = _JSON,
    credentials: bytes = b"Bearer TOKEN",
) -> bytes:
    lines = [
        method + b" " + path + b" HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Connection: close",
        b"Authorization: " + credentials,
        b"Content-Type: " + type_,
        b"Content-Length: %d" % len(body),
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _in_chunks(path: bytes, chunks: bytes) -> bytes:
    type_ = b"application/x-www-form-urlencoded" if b"webhook" in path or not path.startswith(b"/api/") else _JSON
    request = _request(b"POST", path, b"Transfer-Encoding: chunked", type_=type_)
    return request.replace(b"Content-Length: 0\r\n", b"") + chunks


def _in_parts(path: bytes, part: bytes) -> bytes:
    parts = 2 * (b"--x\r\nContent-Disposition: form-data; name=" + part + b"\r\n\r\n{}\r\n") + b"--x--\r\n"
    return _request(b"POST", path, body=parts, type_=b"multipart/form-data; boundary=x")


REQUESTS = dict(_requests())
