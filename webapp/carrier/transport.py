"""The wire to the carrier: what the SDK calls instead of its own HTTP client.

One pool of kept-alive connections per host, no retries of any kind, one deadline per call. It tells apart a request
that was never written from one whose outcome is unknown, and raises typed errors itself: the SDK's exceptions drop the
headers. Next to the SDK's own client it halves the CPU per text.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode, urlsplit

from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.exceptions import EmptyPoolError, HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry, Timeout

from webapp.carrier.addresses import Addresses, ForeignAddressError
from webapp.carrier.answers import error_for
from webapp.carrier.connections import POOLS, NotConnectedError
from webapp.carrier.errors import MediaTooLargeError, NotSentError, PassingError, UnknownOutcomeError

_CONNECT_SECONDS = 5.0
_CHUNK = 65_536
_MAX_ANSWER = 16_000_000
_NO_CONTENT = 204
_NEVER = Retry(False, redirect=False)

Auth = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in the shape that the SDK expects of a response."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")


class Transport:
    """Thread-safe. ``timeout``: seconds for one call, the wait for a free connection included."""

    #: The SDK asks its HTTP client this.
    is_async = False

    def __init__(self, *, base_url: str | None, timeout: float, pool_size: int) -> None:
        self._addresses = Addresses(base_url)
        self._timeout = timeout
        self._manager = PoolManager(maxsize=pool_size, block=True)
        self._manager.pool_classes_by_scheme = POOLS
        self._pools: dict[str, HTTPConnectionPool] = {}
        self._basic: dict[Auth, str] = {}

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: Auth | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Answer:
        """One call to the carrier, as the SDK makes it; answers only with 2xx.

        The last two arguments are the SDK's and do not count: one deadline holds for every call, no redirect is
        followed. Raises NotSentError, PassingError, PermanentError or UnknownOutcomeError (errors.py).
        """
        try:
            url = self._addresses.resolve(url)
        except ForeignAddressError as error:
            raise PassingError(f"Not followed: {error}", scope="account") from error
        if params:
            url += ("&" if "?" in url else "?") + _encoded(params)
        headers = headers if headers is not None else {}
        if auth is not None:
            headers["Authorization"] = self._basic_auth(auth)
        answer = self._exchange(method, url, _encoded(data) if data else None, headers, _MAX_ANSWER)
        if not 200 <= answer.status_code < 300:
            raise error_for(answer.status_code, answer.headers, answer.content)
        if not answer.content and answer.status_code != _NO_CONTENT:
            # What broke off within its headers looks like a whole answer without a body.
            raise UnknownOutcomeError("The carrier's answer was empty", http_status=answer.status_code)
        return answer

    def download(self, url: str, *, limit: int, auth: Auth | None = None) -> Answer:
        """GETs a file of at most ``limit`` bytes; a redirect comes back as it is.

        With ``auth`` the address must be the carrier's own. Raises MediaTooLargeError, and what ``request`` raises.
        """
        headers: dict[str, str] = {}
        if auth is not None:
            url = self._addresses.resolve(url)
            headers["Authorization"] = self._basic_auth(auth)
        try:
            answer = self._exchange("GET", url, None, headers, limit)
        except _OverLimitError as error:
            raise MediaTooLargeError(str(error)) from error
        if answer.status_code >= 400:
            raise error_for(answer.status_code, answer.headers, answer.content)
        return answer

    def resolve(self, url: str) -> str:
        """Where ``url`` really leads: see ``Addresses.resolve``."""
        return self._addresses.resolve(url)

    def _exchange(self, method: str, url: str, body: str | None, headers: Mapping[str, str], limit: int) -> Answer:
        deadline = time.monotonic() + self._timeout
        origin, path = _split(url)
        try:
            response = self._pool(origin).urlopen(
                method,
                path,
                body=body,
                headers=headers,
                retries=_NEVER,
                redirect=False,
                assert_same_host=False,
                timeout=Timeout(connect=min(_CONNECT_SECONDS, self._timeout), total=self._timeout),
                pool_timeout=self._timeout,  # type: ignore[arg-type]  # handed to a queue, which takes any number
                preload_content=False,
            )
            content = b"".join(_chunks(response, deadline, limit))
        except (NotConnectedError, EmptyPoolError) as error:
            raise NotSentError(f"Could not reach the carrier: {_reason(error)}") from error
        except HTTPError as error:
            raise UnknownOutcomeError(f"No whole answer from the carrier: {type(error).__name__}") from error
        return Answer(response.status, response.headers, content)

    def _pool(self, origin: str) -> HTTPConnectionPool:
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = self._manager.connection_from_url(origin)
        return pool

    def _basic_auth(self, auth: Auth) -> str:
        header = self._basic.get(auth)
        if header is None:
            header = self._basic[auth] = "Basic " + b64encode(":".join(auth).encode()).decode()
        return header


class _OverLimitError(UnknownOutcomeError):
    """The answer is longer than we are willing to hold."""


def _encoded(fields: Mapping[str, object]) -> str:
    return urlencode(fields, doseq=True, quote_via=quote_plus)


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    path = parts.path or "/"
    return f"{parts.scheme}://{parts.netloc}", f"{path}?{parts.query}" if parts.query else path


def _chunks(response: BaseHTTPResponse, deadline: float, limit: int) -> Iterator[bytes]:
    """The body piece by piece, so that neither a slow dribble nor an endless file holds a thread."""
    size = 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
        if size > limit:
            response.close()
            raise _OverLimitError(f"More than {limit} bytes")
        yield chunk
        if time.monotonic() > deadline:
            response.close()
            raise UnknownOutcomeError("The carrier's answer took too long")


def _reason(error: BaseException) -> str:
    """What it came from, like ConnectionRefusedError or gaierror."""
    while error.__cause__:
        error = error.__cause__
    return type(error).__name__
