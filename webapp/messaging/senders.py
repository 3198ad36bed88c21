"""Our own numbers: the one from the environment is there from the first start."""

from __future__ import annotations

from webapp.config import Settings
from webapp.database import Connection

#: A long code outside a campaign carries one segment a second (Twilio, long code throughput); the simulator's 100.
_LIVE_SEGMENTS_PER_SECOND = 1
_SIMULATED_SEGMENTS_PER_SECOND = 100
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})


def ensure_sender(conn: Connection, settings: Settings) -> None:
    """Makes ``TWILIO_SMS_NUMBER`` a sender, the default one if there is none yet. Safe at every start."""
    number = settings.twilio_sms_number
    if not number:
        return
    conn.execute(
        """
        INSERT INTO phone_numbers (e164, label, segments_per_second, toll_free, is_default, simulated)
        VALUES (%s, 'Main number', %s, %s, NOT EXISTS (SELECT 1 FROM phone_numbers WHERE is_default), %s)
        ON CONFLICT (e164) DO NOTHING
        """,
        [
            number,
            _SIMULATED_SEGMENTS_PER_SECOND if settings.simulated else _LIVE_SEGMENTS_PER_SECOND,
            is_toll_free(number),
            settings.simulated,
        ],
    )


def is_toll_free(e164: str) -> bool:
    """North American toll-free: the network itself answers STOP there."""
    return e164.startswith("+1") and e164[2:5] in _TOLL_FREE
