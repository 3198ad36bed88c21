"""Twilio's end of the webhook: forms as it fills them in, signed and posted to the app over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import urllib3

from tests.support.world import World
from webapp import clock, database
from webapp.messaging import applying, intake
from webapp.simulator.signature import sign

PATH = "/api/twilio/conversations/webhook"
_numbers = itertools.count(1)
_pool = urllib3.PoolManager(maxsize=64, retries=False, timeout=30)


def sid(prefix: str) -> str:
    """A SID that nobody has had yet: ``IM…``, ``CH…``, ``DY…``."""
    return f"{prefix}{next(_numbers):032x}"


def message_added(phone: str, body: str, thread: str, **changes: str) -> dict[str, str]:
    """The form of a person's text."""
    return {
        "EventType": "onMessageAdded",
        "Source": "SMS",
        "ConversationSid": thread,
        "MessageSid": sid("IM"),
        "Index": "4",
        "Author": phone,
        "Body": body,
        "Attributes": "{}",
        "DateCreated": stamp(clock.now()),
        "RetryCount": "0",
    } | changes


def delivery_updated(message_sid: str, status: str, **changes: str) -> dict[str, str]:
    """The form of a receipt."""
    return {
        "EventType": "onDeliveryUpdated",
        "Source": "SMS",
        "ConversationSid": "CH" + "0" * 32,
        "MessageSid": message_sid,
        "DeliveryReceiptSid": sid("DY"),
        "Status": status,
        "DateUpdated": stamp(clock.now()),
    } | changes


def stamp(at: datetime) -> str:
    """A time as webhooks carry it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def post(world: World, form: Mapping[str, str], **changes: str) -> int:
    """Signs and posts the form; the status of the answer. ``changes``: ``token``, ``signature``, ``content_type``."""
    url = world.settings.app_url + PATH
    token = changes.get("token") or world.settings.twilio_auth_token.get_secret_value()
    headers = {
        "Content-Type": changes.get("content_type") or "application/x-www-form-urlencoded; charset=utf-8",
        "X-Twilio-Signature": changes.get("signature") or sign(token, url, dict(form)),
    }
    return _pool.request("POST", url, body=urlencode(form), headers=headers).status


def receive(form: Mapping[str, str]) -> None:
    """The form as if it had come through the door, and applied."""
    with database.transaction() as conn:
        intake.take(conn, form, now=clock.now())
    applying.apply_due()
