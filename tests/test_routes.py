"""Every door of the house and who may open it. The table is the truth: a door without a line here fails."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.people import Cast, Person
from tests.support.sessions import csrf_token, signed_in
from webapp.accounts.permissions import Demand, Permission, demand_of, role_may
from webapp.models.constants import Role

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
MANAGE, ADMIN = Permission.MANAGE, Permission.ADMIN
WEBHOOK, CRON = Permission.WEBHOOK, Permission.CRON

ROUTES = {
    "GET /": SIGNED_IN,
    "GET /api/bulk/{id}": SIGNED_IN,
    "POST /api/compliance/check": SIGNED_IN,
    "POST /api/compliance/classify": SIGNED_IN,
    "GET /api/leads": SIGNED_IN,
    "POST /api/leads": SIGNED_IN,
    "POST /api/leads/import": SIGNED_IN,
    "GET /api/leads/lists": SIGNED_IN,
    "POST /api/leads/lists": SIGNED_IN,
    "DELETE /api/leads/lists/{id}": SIGNED_IN,
    "GET /api/leads/lists/{id}": SIGNED_IN,
    "PATCH /api/leads/lists/{id}": SIGNED_IN,
    "DELETE /api/leads/{id}": SIGNED_IN,
    "GET /api/leads/{id}": SIGNED_IN,
    "PATCH /api/leads/{id}": SIGNED_IN,
    "GET /api/openapi.json": PUBLIC,
    "POST /api/phones/parse": SIGNED_IN,
    "GET /api/sms/conversations": SIGNED_IN,
    "GET /api/sms/campaigns": SIGNED_IN,
    "POST /api/sms/campaigns": SIGNED_IN,
    "GET /api/sms/campaigns/{id}": SIGNED_IN,
    "PATCH /api/sms/campaigns/{id}": SIGNED_IN,
    "DELETE /api/sms/campaigns/{id}": SIGNED_IN,
    "GET /api/sms/campaigns/{id}/steps": SIGNED_IN,
    "PUT /api/sms/campaigns/{id}/steps": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/enroll": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/preview": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/launch": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/pause": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/publish": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/resume": SIGNED_IN,
    "GET /api/sms/campaigns/{id}/stats": SIGNED_IN,
    "GET /api/sms/campaigns/{id}/enrollments": SIGNED_IN,
    "POST /api/sms/campaigns/{id}/enrollments/{enrollment_id}": SIGNED_IN,
    "POST /api/sms/drip/run": CRON,
    "GET /api/sms/messages": SIGNED_IN,
    "POST /api/sms/messages": SIGNED_IN,
    "GET /api/sms/messages/{id}": SIGNED_IN,
    "GET /api/sms/messages/{id}/explain": SIGNED_IN,
    "POST /api/sms/segments": SIGNED_IN,
    "GET /api/sms/senders": SIGNED_IN,
    "POST /api/sms/senders/{id}/resume": MANAGE,
    "GET /api/templates": SIGNED_IN,
    "POST /api/templates": SIGNED_IN,
    "DELETE /api/templates/{id}": SIGNED_IN,
    "GET /api/templates/{id}": SIGNED_IN,
    "PATCH /api/templates/{id}": SIGNED_IN,
    "POST /api/twilio/conversations/webhook": WEBHOOK,
    "GET /campaigns": SIGNED_IN,
    "GET /campaigns/new": SIGNED_IN,
    "POST /campaigns/new": SIGNED_IN,
    "POST /campaigns/{campaign_id}/delete": SIGNED_IN,
    "POST /campaigns/{campaign_id}/unarchive": SIGNED_IN,
    "GET /campaigns/{campaign_id}/edit": SIGNED_IN,
    "POST /campaigns/{campaign_id}/name": SIGNED_IN,
    "POST /campaigns/{campaign_id}/order": SIGNED_IN,
    "POST /campaigns/{campaign_id}/preview/text": SIGNED_IN,
    "GET /campaigns/{campaign_id}/templates": SIGNED_IN,
    "POST /campaigns/{campaign_id}/restore": SIGNED_IN,
    "POST /campaigns/{campaign_id}/rules": SIGNED_IN,
    "POST /campaigns/{campaign_id}/steps": SIGNED_IN,
    "POST /campaigns/{campaign_id}/steps/{key}": SIGNED_IN,
    "POST /campaigns/{campaign_id}/steps/{key}/duplicate": SIGNED_IN,
    "POST /campaigns/{campaign_id}/steps/{key}/move": SIGNED_IN,
    "POST /campaigns/{campaign_id}/steps/{key}/remove": SIGNED_IN,
    "GET /campaigns/{campaign_id}": SIGNED_IN,
    "POST /campaigns/{campaign_id}/pause": SIGNED_IN,
    "POST /campaigns/{campaign_id}/resume": SIGNED_IN,
    "POST /campaigns/{campaign_id}/late": SIGNED_IN,
    "POST /campaigns/{campaign_id}/breaker": SIGNED_IN,
    "GET /campaigns/{campaign_id}/leads/{enrollment_id}": SIGNED_IN,
    "POST /campaigns/{campaign_id}/leads/{enrollment_id}/{act}": SIGNED_IN,
    "GET /campaigns/{campaign_id}/enroll": SIGNED_IN,
    "POST /campaigns/{campaign_id}/enroll": SIGNED_IN,
    "POST /campaigns/{campaign_id}/joiners": SIGNED_IN,
    "GET /campaigns/of-lead/{lead_id}": SIGNED_IN,
    "POST /campaigns/of-lead/{lead_id}": SIGNED_IN,
    "GET /campaigns/{campaign_id}/launch": SIGNED_IN,
    "POST /campaigns/{campaign_id}/launch": SIGNED_IN,
    "GET /campaigns/{campaign_id}/launch/plan": SIGNED_IN,
    "GET /campaigns/{campaign_id}/compared": SIGNED_IN,
    "POST /campaigns/{campaign_id}/launch/ask": SIGNED_IN,
    "POST /campaigns/{campaign_id}/launch/decline": SIGNED_IN,
    "POST /campaigns/{campaign_id}/launch/test": SIGNED_IN,
    "GET /campaigns/{campaign_id}/publish": SIGNED_IN,
    "POST /campaigns/{campaign_id}/publish": SIGNED_IN,
    "GET /campaigns/{campaign_id}/versions": SIGNED_IN,
    "POST /campaigns/{campaign_id}/versions/move": SIGNED_IN,
    "GET /campaigns/moves/{operation_id}": SIGNED_IN,
    "POST /campaigns/{campaign_id}/draft/discard": SIGNED_IN,
    "GET /compliance": MANAGE,
    "POST /compliance/automation/pause": MANAGE,
    "POST /compliance/automation/resume": MANAGE,
    "POST /compliance/ledger/check": MANAGE,
    "POST /compliance/senders/{sender_id}/resume": MANAGE,
    "GET /compliance/evidence/{contact_number_id}": MANAGE,
    "GET /compliance/evidence/{contact_number_id}.json": MANAGE,
    "GET /compliance/evidence/{contact_number_id}.pdf": MANAGE,
    "GET /compliance/privacy": ADMIN,
    "POST /compliance/privacy": ADMIN,
    "POST /compliance/privacy/retention": ADMIN,
    "GET /compliance/privacy/{request_id}/erase": ADMIN,
    "POST /compliance/privacy/{request_id}/erase": ADMIN,
    "POST /compliance/privacy/{request_id}/export": ADMIN,
    "GET /compliance/public": MANAGE,
    "POST /compliance/public": ADMIN,
    "GET /compliance/public/disclosures/{version}": MANAGE,
    "GET /compliance/registration": MANAGE,
    "POST /compliance/registration/ask": MANAGE,
    "POST /compliance/registration/state": ADMIN,
    "GET /compliance/registration/{slug}": MANAGE,
    "POST /compliance/registration/{slug}": MANAGE,
    "POST /compliance/registration/{slug}/check": MANAGE,
    "GET /compliance/registration/{slug}/print": MANAGE,
    "GET /compliance/dnc": MANAGE,
    "GET /compliance/dnc/import": MANAGE,
    "POST /compliance/dnc/import": MANAGE,
    "GET /compliance/dnc/import/{operation_id}": MANAGE,
    "POST /compliance/dnc/import/{operation_id}/cancel": MANAGE,
    "GET /compliance/dnc/leads": MANAGE,
    "POST /compliance/dnc/look-up": MANAGE,
    "POST /compliance/dnc/{list_id}/activate": MANAGE,
    "POST /compliance/dnc/{list_id}/deactivate": MANAGE,
    "POST /compliance/dnc/{list_id}/delete": MANAGE,
    "GET /compliance/opt-outs": MANAGE,
    "POST /compliance/opt-outs": MANAGE,
    "POST /compliance/opt-outs/export": ADMIN,
    "POST /compliance/opt-outs/flood": MANAGE,
    "GET /compliance/opt-outs/import": MANAGE,
    "POST /compliance/opt-outs/import": MANAGE,
    "GET /compliance/opt-outs/import/{operation_id}": MANAGE,
    "POST /compliance/opt-outs/import/{operation_id}/cancel": MANAGE,
    "GET /compliance/opt-outs/{number_id}": MANAGE,
    "POST /compliance/opt-outs/{number_id}/confirm": MANAGE,
    "POST /compliance/opt-outs/{number_id}/dismiss": MANAGE,
    "POST /compliance/opt-outs/{number_id}/opt-in": MANAGE,
    "POST /compliance/opt-outs/{number_id}/stop": MANAGE,
    "POST /compliance/opt-outs/{number_id}/undo": MANAGE,
    "GET /compliance/rules": MANAGE,
    "POST /compliance/rules/try-hour": MANAGE,
    "POST /compliance/rules/try-text": MANAGE,
    "GET /compliance/rules/{jurisdiction}": MANAGE,
    "POST /compliance/rules/{jurisdiction}": ADMIN,
    "POST /compliance/rules/{jurisdiction}/lift": MANAGE,
    "POST /compliance/rules/{jurisdiction}/stop": MANAGE,
    "GET /compliance/texting": MANAGE,
    "POST /compliance/texting": ADMIN,
    "POST /compliance/texting/preview": MANAGE,
    "GET /forgot": PUBLIC,
    "POST /forgot": PUBLIC,
    "GET /healthz": PUBLIC,
    "POST /demo/campaigns/{campaign_id}/jump": SIGNED_IN,
    "GET /inbox": SIGNED_IN,
    "GET /inbox/leads/{lead_id}": SIGNED_IN,
    "POST /inbox/leads/{lead_id}/draft": SIGNED_IN,
    "POST /inbox/leads/{lead_id}/messages": SIGNED_IN,
    "POST /inbox/leads/{lead_id}/pick": SIGNED_IN,
    "GET /inbox/leads/{lead_id}/standing": SIGNED_IN,
    "GET /inbox/leads/{lead_id}/templates": SIGNED_IN,
    "GET /inbox/leads/{lead_id}/standing/line": SIGNED_IN,
    "POST /inbox/messages/{message_id}/cancel": SIGNED_IN,
    "POST /inbox/messages/{message_id}/retry": SIGNED_IN,
    "GET /inbox/messages/{message_id}/why": SIGNED_IN,
    "GET /inbox/new": SIGNED_IN,
    "POST /inbox/new": SIGNED_IN,
    "GET /inbox/panel/lead/{lead_id}": SIGNED_IN,
    "GET /inbox/poll": SIGNED_IN,
    "GET /inbox/rows": SIGNED_IN,
    "GET /inbox/{conversation_id}": SIGNED_IN,
    "POST /inbox/{conversation_id}/assign": SIGNED_IN,
    "POST /inbox/{conversation_id}/doubt/confirm": SIGNED_IN,
    "POST /inbox/{conversation_id}/doubt/dismiss": SIGNED_IN,
    "POST /inbox/{conversation_id}/draft": SIGNED_IN,
    "POST /inbox/{conversation_id}/messages": SIGNED_IN,
    "GET /inbox/{conversation_id}/older": SIGNED_IN,
    "POST /inbox/{conversation_id}/opt-out": SIGNED_IN,
    "POST /inbox/{conversation_id}/opt-out/undo": SIGNED_IN,
    "GET /inbox/{conversation_id}/pane": SIGNED_IN,
    "POST /inbox/{conversation_id}/reopen": SIGNED_IN,
    "POST /inbox/{conversation_id}/resolve": SIGNED_IN,
    "POST /inbox/{conversation_id}/status": SIGNED_IN,
    "GET /inbox/{conversation_id}/pick": SIGNED_IN,
    "POST /inbox/{conversation_id}/pick": SIGNED_IN,
    "GET /inbox/{conversation_id}/templates": SIGNED_IN,
    "GET /inbox/{conversation_id}/why": SIGNED_IN,
    "GET /join": PUBLIC,
    "POST /join": PUBLIC,
    "GET /join/thanks": PUBLIC,
    "GET /leads": SIGNED_IN,
    "GET /leads/bulk": SIGNED_IN,
    "POST /leads/bulk": SIGNED_IN,
    "GET /leads/bulk/{operation_id}": SIGNED_IN,
    "POST /leads/bulk/{operation_id}/cancel": SIGNED_IN,
    "GET /leads/bulk/{operation_id}/leads.csv": MANAGE,
    "POST /leads/bulk/{operation_id}/undo": SIGNED_IN,
    "GET /leads/import": SIGNED_IN,
    "POST /leads/import": SIGNED_IN,
    "GET /leads/import/{operation_id}": SIGNED_IN,
    "POST /leads/import/{operation_id}/cancel": SIGNED_IN,
    "GET /leads/import/{operation_id}/rejects.csv": SIGNED_IN,
    "GET /leads/lists": SIGNED_IN,
    "GET /leads/lists/new": SIGNED_IN,
    "POST /leads/lists/new": SIGNED_IN,
    "GET /leads/lists/{list_id}": SIGNED_IN,
    "POST /leads/lists/{list_id}/delete": SIGNED_IN,
    "POST /leads/lists/{list_id}/duplicate": SIGNED_IN,
    "GET /leads/lists/{list_id}/edit": SIGNED_IN,
    "POST /leads/lists/{list_id}/edit": SIGNED_IN,
    "POST /leads/lists/{list_id}/restore": SIGNED_IN,
    "GET /leads/new": SIGNED_IN,
    "POST /leads/new": SIGNED_IN,
    "GET /leads/{lead_id}": SIGNED_IN,
    "POST /leads/{lead_id}/assign": SIGNED_IN,
    "GET /leads/{lead_id}/delete": SIGNED_IN,
    "POST /leads/{lead_id}/delete": SIGNED_IN,
    "GET /leads/{lead_id}/edit": SIGNED_IN,
    "POST /leads/{lead_id}/edit": SIGNED_IN,
    "POST /leads/{lead_id}/opt-out": SIGNED_IN,
    "POST /leads/{lead_id}/opt-out/undo": SIGNED_IN,
    "POST /leads/{lead_id}/status": SIGNED_IN,
    "GET /login": PUBLIC,
    "POST /login": PUBLIC,
    "POST /login/demo": PUBLIC,
    "GET /login/over": PUBLIC,
    "POST /login/over": PUBLIC,
    "GET /login/token": PUBLIC,
    "POST /logout": PUBLIC,
    "GET /media/{media_id}": SIGNED_IN,
    "GET /metrics": PUBLIC,
    "GET /privacy": PUBLIC,
    "GET /profile": SIGNED_IN,
    "POST /profile": SIGNED_IN,
    "POST /profile/away": SIGNED_IN,
    "POST /profile/browser": SIGNED_IN,
    "POST /profile/password": SIGNED_IN,
    "POST /profile/tokens": SIGNED_IN,
    "POST /profile/tokens/{token_id}/revoke": SIGNED_IN,
    "GET /pulse": SIGNED_IN,
    "GET /readyz": PUBLIC,
    "GET /settings": ADMIN,
    "POST /settings": ADMIN,
    "GET /sms-terms": PUBLIC,
    "GET /static/{filename}": PUBLIC,
    "GET /team": MANAGE,
    "POST /team/invitations": ADMIN,
    "POST /team/{user_id}/deactivate": ADMIN,
    "POST /team/{user_id}/link": ADMIN,
    "POST /team/{user_id}/reactivate": ADMIN,
    "POST /team/{user_id}/role": ADMIN,
    "GET /templates": SIGNED_IN,
    "GET /templates/new": SIGNED_IN,
    "POST /templates/new": SIGNED_IN,
    "POST /templates/preview": SIGNED_IN,
    "POST /templates/starters/{key}": SIGNED_IN,
    "GET /templates/{template_id}": SIGNED_IN,
    "POST /templates/{template_id}": SIGNED_IN,
    "POST /templates/{template_id}/archive": SIGNED_IN,
    "POST /templates/{template_id}/unarchive": SIGNED_IN,
    "GET /templates/{template_id}/versions": SIGNED_IN,
    "POST /templates/{template_id}/versions/{version}/restore": SIGNED_IN,
    "GET /{purpose}/{token}": PUBLIC,
    "POST /{purpose}/{token}": PUBLIC,
}

#: Asked every few seconds, or by the million: they prove the session in their own query, and never extend it.
POLLS = {"GET /inbox/poll", "GET /pulse"}
#: Open to every caller, who proves the right by a secret of another kind.
OTHER_PROOF = {"GET /metrics", "POST /api/twilio/conversations/webhook", "POST /api/sms/drip/run"}

NOBODYS_ID = "999999999999"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def test_every_door_is_in_the_table_with_what_it_demands(app: Flask):
    assert _demands(app) == {door: Demand(permission, poll=door in POLLS) for door, permission in ROUTES.items()}


@pytest.mark.parametrize("who", ["rep", "manager", "admin"])
def test_a_door_opens_to_those_who_may_and_to_nobody_else(app: Flask, cast: Cast, who: str):
    person: Person = getattr(cast, who)
    doors = {door: permission for door, permission in ROUTES.items() if door not in OTHER_PROOF}

    opened = {door for door in doors if _ask(app, door, person).status_code not in {401, 403}}

    assert opened == {door for door, permission in doors.items() if role_may(Role(person.role), permission)}


def test_a_stranger_is_asked_to_sign_in(app: Flask):
    answers = {door: _ask(app, door, None) for door in ROUTES if door not in OTHER_PROOF}
    refused = {door for door, answer in answers.items() if _is_refused(door, answer)}

    assert refused == {door for door in answers if ROUTES[door] is not PUBLIC}


def test_a_stranger_without_secret_or_signature_gets_nothing_from_the_other_doors(app: Flask):
    for door in OTHER_PROOF:
        method, path = _request(door)
        answer = app.test_client().open(path, method=method, data={"EventType": "x"})
        assert answer.status_code in {401, 403}, door


def test_whatever_changes_something_in_a_session_demands_its_csrf_token(app: Flask, cast: Cast):
    doors = [door for door in ROUTES if door.split()[0] in CHANGING and door not in OTHER_PROOF]

    answers = {door: _ask(app, door, cast.admin, with_token=False) for door in doors}

    assert len(doors) > 20
    assert {door: (answer.status_code, answer.headers.get("X-CSRF-Failed")) for door, answer in answers.items()} == (
        dict.fromkeys(doors, (403, "1"))
    )


def test_every_answer_carries_the_strict_policy_and_headers(app: Flask, cast: Cast):
    for door in ROUTES:
        headers = _ask(app, door, cast.admin).headers
        assert set(headers["Content-Security-Policy"].split("; ")) == POLICY, door
        assert headers["X-Content-Type-Options"] == "nosniff", door
        assert headers["Referrer-Policy"] == "same-origin", door
        assert "camera=()" in headers["Permissions-Policy"], door
        assert "no-store" in headers["Cache-Control"] or door.startswith("GET /static"), door


def test_a_poll_sets_no_cookie_and_a_page_slides_the_session_along(app: Flask, cast: Cast):
    cookies = {door: _ask(app, door, cast.rep).headers.getlist("Set-Cookie") for door in [*POLLS, "GET /inbox"]}

    assert {door for door, set_cookie in cookies.items() if set_cookie} == {"GET /inbox"}


def _demands(app: Flask) -> dict[str, Demand | None]:
    return {
        f"{method} {_readable(rule.rule)}": demand_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _readable(rule: str) -> str:
    """``/team/<int:user_id>/role`` as ``/team/{user_id}/role``."""
    return re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"{\1}", rule)


def _ask(app: Flask, door: str, person: Person | None, *, with_token: bool = True) -> TestResponse:
    """Knocks once, at a browser of its own, about what does not exist: so nothing that matters is changed."""
    method, path = _request(door)
    client = signed_in(app, person)
    headers = {"X-CSRFToken": csrf_token(client)} if with_token and method in CHANGING else {}
    return client.open(path, method=method, headers=headers)


def _request(door: str) -> tuple[str, str]:
    method, path = door.split()
    path = path.replace("{purpose}", "reset").replace("{filename}", "img/favicon.svg")
    return method, re.sub(r"\{\w+\}", NOBODYS_ID, path)


def _is_refused(door: str, answer: TestResponse) -> bool:
    """A page leads to the sign-in page; a form, a fragment and the API say 401."""
    sent_to_sign_in = answer.status_code == 302 and answer.location.startswith("/login?next=")
    return sent_to_sign_in if _is_page(door) else answer.status_code == 401


def _is_page(door: str) -> bool:
    return door.startswith("GET /") and not door.startswith("GET /api/") and door not in POLLS
