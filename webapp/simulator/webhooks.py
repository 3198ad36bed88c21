"""Webhook delivery: signed, five seconds to answer, never retried, in order to each target within a conversation."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from urllib.parse import urlencode

import urllib3

from webapp.simulator.faults import Faults, strikes
from webapp.simulator.signature import sign
from webapp.simulator.timetable import Timetable

log = logging.getLogger(__name__)

Line = tuple[str, str]

TIMEOUT_SECONDS = 5.0
AGENT = "TwilioProxy/1.1"
# While nobody answers, each holds one webhook for five seconds: enough of them that the rest is not held up behind.
WORKERS = 32
# A reordered webhook waits so long that the next events of its conversation overtake it.
REORDER_SECONDS = 1.5


@dataclass(frozen=True)
class Webhook:
    """One event for one target."""

    url: str
    method: str
    conversation_sid: str
    params: dict[str, str]

    @property
    def line(self) -> Line:
        """Within which order is kept: a target that does not answer holds up no other."""
        return self.conversation_sid, self.url


class Dispatcher:
    def __init__(self, auth_token: str, faults: Callable[[], Faults], timetable: Timetable) -> None:
        self._auth_token = auth_token
        self._faults = faults
        self._timetable = timetable
        self._pool = urllib3.PoolManager(
            num_pools=8, maxsize=WORKERS, retries=False, timeout=urllib3.Timeout(total=TIMEOUT_SECONDS)
        )
        self._lock = threading.Lock()
        self._waiting: dict[Line, deque[Webhook]] = {}
        self._ready: SimpleQueue[Line] = SimpleQueue()
        for number in range(WORKERS):
            threading.Thread(target=self._work, name=f"webhook {number}", daemon=True).start()

    def send(self, webhook: Webhook) -> None:
        """Queue the webhook, as far as the faults let it."""
        faults = self._faults().webhooks
        if strikes(faults.lose):
            return
        delay = faults.delay_ms / 1000 + (REORDER_SECONDS if strikes(faults.reorder) else 0)
        for _ in range(2 if strikes(faults.double) else 1):
            if delay:
                self._timetable.after(delay, lambda: self._enqueue(webhook))
            else:
                self._enqueue(webhook)

    def clear(self) -> None:
        """Drop what is not on the wire yet."""
        with self._lock:
            for queue in self._waiting.values():
                queue.clear()

    def _enqueue(self, webhook: Webhook) -> None:
        with self._lock:
            queue = self._waiting.get(webhook.line)
            if queue is not None:
                queue.append(webhook)
                return
            self._waiting[webhook.line] = deque([webhook])
        self._ready.put(webhook.line)

    def _work(self) -> None:
        while True:
            line = self._ready.get()
            while (webhook := self._next(line)) is not None:
                self._deliver(webhook)

    def _next(self, line: Line) -> Webhook | None:
        """The next webhook of a line that this worker holds; None lets the line go."""
        with self._lock:
            queue = self._waiting[line]
            if queue:
                return queue.popleft()
            del self._waiting[line]
            return None

    def _deliver(self, webhook: Webhook) -> None:
        try:
            self._request(webhook)
        except urllib3.exceptions.HTTPError as error:
            # Twilio does not retry: whoever missed it must read it back.
            log.info("webhook %s not delivered: %s", webhook.params.get("EventType"), type(error).__name__)

    def _request(self, webhook: Webhook) -> None:
        form = urlencode(webhook.params)
        if webhook.method.upper() == "GET":
            url = f"{webhook.url}{'&' if '?' in webhook.url else '?'}{form}"
            headers = {"X-Twilio-Signature": sign(self._auth_token, url, {}), "User-Agent": AGENT}
            self._pool.request("GET", url, headers=headers, redirect=False)
            return
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "X-Twilio-Signature": sign(self._auth_token, webhook.url, webhook.params),
            "User-Agent": AGENT,
        }
        self._pool.request("POST", webhook.url, body=form, headers=headers, redirect=False)
