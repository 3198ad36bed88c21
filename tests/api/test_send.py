from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.api.support import PHONE, Program, add_conversation, add_lead, add_text, hear
from tests.support.people import Cast
from webapp.messaging.schemas import MessageOut


def test_a_text_to_a_lead_is_queued(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep)

    answer = rep.send(lead_id=str(lead_id), body="Is Saturday good?", client_key="k1")

    assert answer.status_code == 202, answer.text
    message = answer.json
    assert message is not None
    assert set(message) == set(MessageOut.model_fields)
    assert (message["status"], message["direction"], message["origin"]) == ("queued", "outbound", "api")
    assert (message["lead_id"], message["body"], message["client_key"]) == (str(lead_id), "Is Saturday good?", "k1")
    assert (message["segments"], message["hold_until"], message["reason"]) == (1, None, None)
    assert message["created_at"] == "2026-12-09T18:00:00Z"
    assert message["cost"] > 0


def test_a_text_to_a_strangers_number_makes_a_lead(rep: Program, cast: Cast, conn: psycopg.Connection):
    answer = rep.send(to="(512) 555-0199")

    assert answer.status_code == 202
    assert answer.json is not None
    row = conn.execute("SELECT id, owner_id FROM leads WHERE phone = '+15125550199'").fetchone()
    assert row == (int(answer.json["lead_id"]), cast.rep.id)


def test_a_text_to_a_number_finds_its_lead(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep)

    answer = rep.send(to="512-555-0123")

    assert answer.json is not None
    assert answer.json["lead_id"] == str(lead_id)


def test_nobody_texts_one_of_our_own_numbers(rep: Program, conn: psycopg.Connection):
    [ours] = conn.execute("SELECT e164 FROM phone_numbers").fetchone() or [""]

    answer = rep.send(to=ours)

    assert answer.status_code == 422
    assert answer.json is not None
    assert [each["field"] for each in answer.json["errors"]] == ["to"]
    assert conn.execute("SELECT count(*) FROM leads").fetchone() == (0,)


def test_the_same_key_is_the_same_message_once(rep: Program, cast: Cast, conn: psycopg.Connection):
    lead_id = str(add_lead(cast.rep))

    first = rep.send(lead_id=lead_id, client_key="k1")
    again = rep.send(lead_id=lead_id, client_key="k1", body="Something else")

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json == first.json
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (1,)


def test_somebody_elses_key_says_nothing_about_their_message(rep: Program, other_rep: Program, cast: Cast):
    rep.send(lead_id=str(add_lead(cast.rep)), body="For Rita's lead", client_key="k1")

    answer = other_rep.send(lead_id=str(add_lead(cast.other_rep, "+15125550177")), client_key="k1")

    assert answer.status_code == 409
    assert "Rita" not in answer.text


def test_a_first_text_without_consent_is_refused_and_kept(rep: Program, cast: Cast):
    lead_id = str(add_lead(cast.rep))

    answer = rep.send(lead_id=lead_id, consent=None, client_key="k1")

    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["reason"] == "no_consent"
    kept = rep.get(f"/api/sms/messages/{answer.json['message_id']}").json
    assert kept is not None
    assert (kept["status"], kept["reason"]) == ("refused", "no_consent")


def test_a_refused_text_does_not_use_up_its_key(rep: Program, cast: Cast):
    lead_id = str(add_lead(cast.rep))
    rep.send(lead_id=lead_id, consent=None, client_key="k1")

    assert rep.send(lead_id=lead_id, client_key="k1").status_code == 202


def test_consent_that_nobody_attests_to_is_none(rep: Program, cast: Cast):
    answer = rep.send(lead_id=str(add_lead(cast.rep)), consent={"source": "a list", "attested": False})

    assert answer.status_code == 409


def test_an_answer_within_three_days_needs_no_consent(
    rep: Program, cast: Cast, conn: psycopg.Connection, at: Callable[[str], None]
):
    lead_id = add_lead(cast.rep)
    hear(conn, add_conversation(lead_id), "Is it still for sale?")
    at("2026-12-12T17:59:00Z")

    assert rep.send(lead_id=str(lead_id), consent=None).status_code == 202
    assert rep.send(lead_id=str(lead_id), consent=None, automatic=True).status_code == 409


def test_after_three_days_it_does(rep: Program, cast: Cast, conn: psycopg.Connection, at: Callable[[str], None]):
    lead_id = add_lead(cast.rep)
    hear(conn, add_conversation(lead_id), "Is it still for sale?")
    at("2026-12-12T18:01:00Z")

    assert rep.send(lead_id=str(lead_id), consent=None).status_code == 409


def test_a_text_to_somebody_who_opted_out_is_refused(rep: Program, cast: Cast, conn: psycopg.Connection):
    lead_id = add_lead(cast.rep)
    conn.execute("UPDATE contact_numbers SET suppressed_at = now(), suppression_source = 'keyword'")

    answer = rep.send(lead_id=str(lead_id))

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["reason"] == "opted_out"


def test_a_text_for_later_is_held_until_then(rep: Program, cast: Cast):
    answer = rep.send(lead_id=str(add_lead(cast.rep)), send_at="2026-12-09T15:30:00-06:00")

    assert answer.status_code == 202
    assert answer.json is not None
    assert (answer.json["status"], answer.json["reason"]) == ("held", "scheduled")
    assert answer.json["hold_until"] == "2026-12-09T21:30:00Z"


def test_a_text_at_night_is_held_until_the_morning_where_the_lead_is(
    rep: Program, cast: Cast, at: Callable[[str], None]
):
    at("2026-12-10T04:00:00Z")

    answer = rep.send(lead_id=str(add_lead(cast.rep)))

    assert answer.status_code == 202
    assert answer.json is not None
    assert (answer.json["status"], answer.json["reason"]) == ("held", "quiet_hours")
    assert answer.json["hold_until"] == "2026-12-10T15:00:00Z"


def test_merge_fields_are_filled_in(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, first_name="Ann", custom={"street": "Oak"})
    body = '{{ first_name }} {{ last_name | default("there") }}, {{ custom.street }}: {{ my_name }}'

    answer = rep.send(lead_id=str(lead_id), body=body)

    assert answer.json is not None
    assert answer.json["body"] == "Ann there, Oak: Rita Rep"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"body": "Hi {{ first_name }}"}, "body"),
        ({"body": "Hi {{ frist_name }}"}, "body"),
        ({"body": "Hi {{"}, "body"),
        ({"body": "   "}, "body"),
        ({"body": ""}, "body"),
        ({"body": "a" * 1601}, "body"),
        ({"lead_id": None, "to": "12"}, "to"),
        ({"lead_id": None}, "lead_id"),
        ({"to": PHONE}, "lead_id"),
        ({"send_at": "tomorrow"}, "send_at"),
        ({"consent": {"source": "web", "attested": True, "at": "2026-12-09T18:01:00Z"}}, "consent.at"),
        ({"consent": {"attested": True}}, "consent.source"),
        ({"template_id": "1"}, "template_id"),
    ],
)
def test_bad_input_is_named_and_leaves_nothing(
    rep: Program, cast: Cast, conn: psycopg.Connection, body: dict[str, object], field: str
):
    answer = rep.send(**{"lead_id": str(add_lead(cast.rep)), **body})

    assert answer.status_code == 422, answer.text
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)


def test_an_unresolved_field_says_which(rep: Program, cast: Cast):
    answer = rep.send(lead_id=str(add_lead(cast.rep)), body="Hi {{ first_name }},")

    assert answer.json is not None
    assert (answer.json["reason"], answer.json["merge_field"]) == ("unresolved_field", "first_name")


def test_a_body_that_grows_too_long_is_refused(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, first_name="A" * 100)

    assert rep.send(lead_id=str(lead_id), body="{{ first_name }}" * 20).status_code == 422


def test_a_colleagues_lead_is_not_there(rep: Program, cast: Cast):
    lead_id = add_lead(cast.other_rep)

    assert rep.send(lead_id=str(lead_id)).status_code == 404
    assert rep.send(lead_id="999999999999999999").status_code == 404


def test_a_colleagues_number_is_not_taken_over(rep: Program, cast: Cast, conn: psycopg.Connection):
    add_lead(cast.other_rep)

    assert rep.send(to=PHONE).status_code == 403
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)


def test_a_manager_may_text_everybody(manager: Program, cast: Cast):
    assert manager.send(lead_id=str(add_lead(cast.other_rep))).status_code == 202


def test_texting_nobodys_lead_makes_it_mine(rep: Program, cast: Cast, conn: psycopg.Connection):
    lead_id = add_lead(None)

    assert rep.send(lead_id=str(lead_id)).status_code == 202
    assert conn.execute("SELECT owner_id FROM leads").fetchone() == (cast.rep.id,)


def test_without_a_sender_nothing_can_go(rep: Program, cast: Cast, conn: psycopg.Connection):
    conn.execute("UPDATE phone_numbers SET active = false")

    answer = rep.send(lead_id=str(add_lead(cast.rep)))

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["reason"] == "no_sender"


def test_every_decision_is_explained(rep: Program, cast: Cast):
    sent = rep.send(lead_id=str(add_lead(cast.rep)), send_at="2026-12-10T18:00:00Z").json
    assert sent is not None

    answer = rep.get(f"/api/sms/messages/{sent['id']}/explain")

    assert answer.status_code == 200
    assert answer.json is not None
    (decision,) = answer.json["decisions"]
    assert set(decision) >= {"at", "stage", "outcome", "reason", "rule", "rule_version", "sentence", "inputs"}
    assert (decision["stage"], decision["outcome"], decision["reason"]) == ("queue", "hold", "scheduled")
    assert decision["at"] == "2026-12-09T18:00:00Z"


def test_a_message_of_a_colleagues_lead_is_not_there(rep: Program, cast: Cast):
    conversation_id = add_conversation(add_lead(cast.other_rep))
    queued = add_text(conversation_id, "Hello", cast.other_rep)

    assert rep.get(f"/api/sms/messages/{queued.message_id}").status_code == 404
    assert rep.get(f"/api/sms/messages/{queued.message_id}/explain").status_code == 404
