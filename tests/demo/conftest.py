"""The demo in a database of its own: seeded once a test, on the stand-in carrier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import Servers, settings_for
from webapp import clock, database
from webapp.config import Settings
from webapp.demo import seed
from webapp.simulator import defaults

#: A weekday, 10:04 in Texas: when a demo begins outside office hours.
NOW = "2026-12-09T16:04:00Z"


@pytest.fixture
def settings(emptied: Servers) -> Settings:
    return settings_for(
        emptied,
        twilio_account_sid=defaults.ACCOUNT_SID,
        twilio_auth_token=defaults.AUTH_TOKEN,
        twilio_conversations_service_sid=defaults.CONVERSATIONS_SERVICE_SID,
        twilio_messaging_service_sid=defaults.MESSAGING_SERVICE_SID,
        twilio_sms_number=defaults.NUMBERS[0],
        twilio_api_base_url="http://127.0.0.1:1",
        leadline_demo=True,
        app_url="http://127.0.0.1:5000",
    )


@pytest.fixture
def demo(app: Flask) -> Iterator[Flask]:
    """The app with the demo in it."""
    from datetime import datetime

    clock.start_at(datetime.fromisoformat(NOW))
    with app.app_context():
        assert seed.seed_if_empty()
        yield app
    clock.use_real_time()
    database.close()
