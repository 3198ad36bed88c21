"""Workers as processes, so that they can be killed as processes are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from webapp import clock
from webapp.config import Settings

_ROOT = Path(__file__).parents[2]
_PASSED_ON = (
    "database_url",
    "redis_url",
    "secret_key",
    "app_url",
    "twilio_account_sid",
    "twilio_auth_token",
    "twilio_conversations_service_sid",
    "twilio_messaging_service_sid",
    "twilio_sms_number",
    "twilio_api_base_url",
    "leadline_settle_seconds",
)


@contextmanager
def running(
    module: str, settings: Settings, arguments: Sequence[str] = (), **changes: str
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m module`` with these settings and this test's business time; killed at the end, if not before."""
    values = {name.upper(): _plain(getattr(settings, name)) for name in _PASSED_ON}
    env = {**os.environ, **values, "LEADLINE_CLOCK": clock.now().isoformat(), **changes}
    with subprocess.Popen([sys.executable, "-m", module, *arguments], env=env, cwd=_ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
