"""Twilio's door: verify, store, answer 204. 2xx means that nothing can lose it; it is applied elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, request

from webapp import clock, database
from webapp.accounts.permissions import Permission, requires
from webapp.carrier import webhooks
from webapp.compliance import webhook_health
from webapp.config import Settings
from webapp.messaging import hints, intake
from webapp.web.openapi import api_blueprint, no_content, problem
from webapp.web.problems import Problem

_MAX_BYTES = 256 * 1024  # an inbound text has at most 32 KB, percent-encoded three times that
_FORM = {
    "application/x-www-form-urlencoded": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
}

webhook = api_blueprint("webhook", "Twilio", public=True)


@webhook.post(
    "/twilio/conversations/webhook",
    responses={
        204: {"description": "Stored."},
        400: problem("The body is cut off."),
        403: problem("The signature is not Twilio's."),
        413: problem("Longer than any webhook of Twilio's."),
        415: problem("Not a form."),
    },
    openapi_extensions={"requestBody": {"content": _FORM}},
)
@requires(Permission.WEBHOOK)
def receive() -> Response:
    """Takes an event of Twilio Conversations, signed with the account's auth token."""
    if not webhooks.is_form(request.content_type):
        raise Problem(415, "Send application/x-www-form-urlencoded.")
    request.max_content_length = request.max_form_memory_size = _MAX_BYTES
    form = request.form
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    if not webhooks.verify(settings.app_url, _path_as_sent(), form, request.headers, settings.signing_tokens):
        raise Problem.forbidden("The signature does not match.")
    with database.transaction() as conn:
        taken = intake.take(conn, form.to_dict(), now=clock.now())
    if taken.from_contact:
        webhook_health.note_webhook()
    hints.ring_flow()
    return no_content()


def _path_as_sent() -> str:
    """The undecoded path with its query: what Twilio signed after our public address."""
    raw: str = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    if not raw.startswith("/"):
        parts = urlsplit(raw)
        raw = parts.path + (f"?{parts.query}" if parts.query else "")
    return raw
