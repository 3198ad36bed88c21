"""One simulated account: its records, its clock, its faults, and the threads that carry texts and webhooks."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.simulator.clock import Clock
from webapp.simulator.config import SimulatorConfig
from webapp.simulator.events import SERVICE_FILTERS, Events
from webapp.simulator.faults import Faults
from webapp.simulator.limits import ActionLimit
from webapp.simulator.records import (
    Account,
    AddressConfiguration,
    MessagingService,
    Phone,
    Record,
    Service,
    Text,
    new_sid,
)
from webapp.simulator.store import Store
from webapp.simulator.timetable import Timetable
from webapp.simulator.webhooks import Dispatcher

REQUESTS_KEPT = 10_000
POST_EVENTS = [name for name in SERVICE_FILTERS if name.endswith("ed")]


@dataclass
class Settings:
    """What `PUT /sim/settings` may change while the simulator runs.

    `actions_per_second`: how many conversations may be made or deleted in one service; Twilio's limit is 30, and 0 is
    none.
    `hang_seconds`: how long a request that a timeout strikes is kept hanging, if its client is so patient.
    `personas`: phones without a persona of their own answer as their number has it; `persona_pace` times as slowly.
    """

    opt_out_handling: bool
    carrier_latency_ms: float
    texts_per_second: float
    actions_per_second: float = 0
    slow_phone_ms: float = 8000
    hang_seconds: float = 12
    personas: bool = False
    persona_pace: float = 1


class Simulator:
    def __init__(self, config: SimulatorConfig) -> None:
        config.state_dir.mkdir(parents=True, exist_ok=True)
        self.media_dir = config.state_dir / "media"
        self.media_dir.mkdir(exist_ok=True)
        self.config = config
        self.clock = Clock(config.state_dir / "clock.json")
        self.store = Store(config.state_dir / "journal.jsonl")
        self.timetable = Timetable()
        self.dispatcher = Dispatcher(config.auth_token, lambda: self.faults, self.timetable)
        self.events = Events(config.account_sid, self.store, self.dispatcher)
        # Whoever wants to hear of texts that reach a handset; called with the store's lock held.
        self.arrivals: list[Callable[[Text], None]] = []
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self.next_departure: dict[str, float] = {}
        self.actions = ActionLimit()
        self.hanging = threading.BoundedSemaphore(120)
        self._defaults()
        self.store.open()
        self._furnish()

    def reset(self) -> None:
        """Forget everything but the account itself; faults off, real time again."""
        with self.store.lock:
            self.timetable.clear()
            self.dispatcher.clear()
            self.next_departure.clear()
            self.actions.clear()
            self.requests.clear()
            self.clock.back_to_real_time()
            self._defaults()
            self.store.reset()
            self._furnish()
            for path in self.media_dir.iterdir():
                path.unlink()

    def phone(self, number: str) -> Phone:
        """The handset with this number; one not yet known has all switches off."""
        known = self.store.get(Phone, number)
        return known or Phone(sid=number, created=self.clock.now(), updated=self.clock.now())

    def _defaults(self) -> None:
        self.faults = Faults()
        self.settings = Settings(
            opt_out_handling=self.config.opt_out_handling,
            carrier_latency_ms=self.config.carrier_latency_ms,
            texts_per_second=self.config.texts_per_second,
        )

    def _furnish(self) -> None:
        """Give the account what a set-up one has: services, webhook, senders with auto-creation."""
        config = self.config
        if self.store.get(Account, config.account_sid) is None:
            self._furnish_account(self.clock.now())
        if config.webhook_url:
            service = self.store.all(Service)[config.conversations_service_sid]
            service.post_webhook_url = config.webhook_url
            self.store.save(service)

    def _furnish_account(self, at: float) -> None:
        config = self.config
        service_sid, sender_sid = config.conversations_service_sid, config.messaging_service_sid
        records: list[Record] = [
            Account(
                sid=config.account_sid,
                created=at,
                updated=at,
                default_service_sid=service_sid,
                default_messaging_service_sid=sender_sid,
            ),
            Service(sid=service_sid, created=at, updated=at, friendly_name="Leadline", filters=list(POST_EVENTS)),
            MessagingService(
                sid=sender_sid, created=at, updated=at, friendly_name="Leadline", numbers=list(config.numbers)
            ),
        ]
        for record in [*records, *(self._address(number, at) for number in config.numbers)]:
            self.store.save(record)

    def _address(self, number: str, at: float) -> AddressConfiguration:
        return AddressConfiguration(
            sid=new_sid("IG"),
            created=at,
            updated=at,
            type="sms",
            address=number,
            enabled=True,
            service_sid=self.config.conversations_service_sid,
        )
