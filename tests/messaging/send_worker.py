"""A send worker in a process of its own, to be killed: ``python -m tests.messaging.send_worker``, settings in the
environment, business time in ``LEADLINE_CLOCK``."""

from __future__ import annotations

from webapp import clock
from webapp.app import create_app
from webapp.carrier import carrier_from_settings
from webapp.config import load_settings
from webapp.messaging.sender import Sender


def main() -> None:
    settings = load_settings()
    create_app(settings, connections=4)
    assert settings.leadline_clock is not None
    clock.start_at(settings.leadline_clock)
    Sender(carrier_from_settings(settings), threads=4, settle_seconds=settings.leadline_settle_seconds).drain(
        seconds=30
    )


if __name__ == "__main__":
    main()
