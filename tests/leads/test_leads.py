"""Making, changing and deleting leads, and what that means for numbers and conversations."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask

from tests.leads.support import NOW, actor_of, add_conversation, add_lead, add_sender, one
from tests.support.people import Cast
from webapp import database
from webapp.leads import leads, reading, signals
from webapp.leads.leads import NewLead, NumberTakenError
from webapp.leads.signals import Consent, ConsentAnnounced, LeadLeft

PHONE = "+12125550123"


@pytest.fixture
def deletions() -> Iterator[list[LeadLeft]]:
    heard: list[LeadLeft] = []

    def hear(news: LeadLeft) -> None:
        heard.append(news)

    with signals.lead_deleted.connected_to(hear), signals.lead_renumbered.connected_to(hear):
        yield heard


def test_a_new_lead_is_stored_with_its_number(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.rep)
    new = NewLead({"phone": PHONE, "first_name": "Jane", "tags": ["Buyer"], "custom": {"beds": 3}}, cast.rep.id)
    lead = reading.find(conn, actor, leads.create(conn, new, actor, NOW))
    assert lead is not None
    assert (lead.phone, lead.first_name, lead.tags, lead.custom) == (PHONE, "Jane", ["Buyer"], {"beds": 3})
    assert (lead.owner_name, lead.suppressed, lead.created_at) == ("Rita Rep", False, NOW)


def test_a_second_lead_with_the_same_phone_is_refused_and_names_the_first(conn: psycopg.Connection, cast: Cast) -> None:
    first = add_lead(conn, PHONE)
    with pytest.raises(NumberTakenError) as refusal:
        leads.create(conn, NewLead({"phone": PHONE}), actor_of(cast.rep), NOW)
    assert refusal.value.lead_id == first


def test_a_rep_is_not_told_which_lead_of_a_colleague_has_the_phone(conn: psycopg.Connection, cast: Cast) -> None:
    add_lead(conn, PHONE, owner=cast.other_rep)
    with pytest.raises(NumberTakenError) as refusal:
        leads.create(conn, NewLead({"phone": PHONE}), actor_of(cast.rep), NOW)
    assert refusal.value.lead_id is None


def test_fifty_at_once_make_one_lead(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    def make(_: int) -> int | None:
        try:
            with database.transaction() as own:
                return leads.create(own, NewLead({"phone": PHONE}), actor_of(cast.manager), NOW)
        except NumberTakenError as refusal:
            assert refusal.lead_id is not None
            return None

    with ThreadPoolExecutor(10) as pool:
        made = [lead_id for lead_id in pool.map(make, range(50)) if lead_id is not None]
    assert len(made) == 1
    assert one(conn, "SELECT count(*) FROM leads") == 1


def test_a_lead_made_again_gets_its_old_conversation_and_its_assignee(conn: psycopg.Connection, cast: Cast) -> None:
    conversation = add_conversation(conn, PHONE, assigned_to=cast.rep)
    lead_id = leads.create(conn, NewLead({"phone": PHONE}), None, NOW)
    row = conn.execute("SELECT lead_id, assigned_to FROM sms_conversations WHERE id = %s", (conversation,)).fetchone()
    assert row == (lead_id, cast.rep.id)
    assert one(conn, "SELECT owner_id FROM leads WHERE id = %s", lead_id) == cast.rep.id


def test_a_manager_may_give_the_old_conversation_to_somebody_else(conn: psycopg.Connection, cast: Cast) -> None:
    conversation = add_conversation(conn, PHONE, assigned_to=cast.rep)
    leads.create(conn, NewLead({"phone": PHONE}, cast.other_rep.id), actor_of(cast.manager), NOW)
    assert one(conn, "SELECT assigned_to FROM sms_conversations WHERE id = %s", conversation) == cast.other_rep.id
    assert one(conn, "SELECT inbox_version FROM users WHERE id = %s", cast.rep.id) == 1


def test_making_a_lead_does_not_open_a_colleagues_conversation(conn: psycopg.Connection, cast: Cast) -> None:
    conversation = add_conversation(conn, PHONE, assigned_to=cast.other_rep)
    with pytest.raises(NumberTakenError) as refusal:
        leads.create(conn, NewLead({"phone": PHONE}), actor_of(cast.rep), NOW)
    assert refusal.value.lead_id is None
    assert one(conn, "SELECT lead_id FROM sms_conversations WHERE id = %s", conversation) is None


def test_consent_given_with_a_new_lead_is_announced_in_its_transaction(conn: psycopg.Connection, cast: Cast) -> None:
    heard: list[ConsentAnnounced] = []

    def hear(news: ConsentAnnounced) -> None:
        heard.append(news)

    consent = Consent("web form", NOW, attested=True)
    with signals.consent_given.connected_to(hear):
        leads.create(conn, NewLead({"phone": PHONE}, consent=consent), actor_of(cast.rep), NOW)
    number = one(conn, "SELECT contact_number_id FROM leads")
    assert [(news.contact_number_ids, news.consent, news.actor_id) for news in heard] == [
        ((number,), consent, cast.rep.id)
    ]
    assert heard[0].conn is conn


def test_a_consent_that_nobody_writes_down_is_an_error_and_makes_no_lead(
    app: Flask, conn: psycopg.Connection, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "consent_given", type(signals.consent_given)())
    with pytest.raises(RuntimeError, match="nobody writes"), database.transaction() as own:
        leads.create(own, NewLead({"phone": PHONE}, consent=Consent("web form", NOW, True)), actor_of(cast.rep), NOW)
    assert one(conn, "SELECT count(*) FROM leads") == 0


def test_a_change_touches_only_what_was_given(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, PHONE, first_name="Jane", email="jane@example.com", tags=["Buyer"])
    actor = actor_of(cast.rep)
    leads.update(conn, lead_id, {"first_name": "Janet", "custom": {"beds": 2}}, actor, NOW)
    lead = reading.find(conn, actor, lead_id)
    assert lead is not None
    assert (lead.first_name, lead.email, lead.tags, lead.custom) == (
        "Janet",
        "jane@example.com",
        ["Buyer"],
        {"beds": 2},
    )


def test_a_new_phone_leaves_the_old_conversation_to_the_old_number(
    conn: psycopg.Connection, cast: Cast, deletions: list[LeadLeft]
) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep)
    old = add_conversation(conn, PHONE, lead_id=lead_id, assigned_to=cast.rep)
    old_number = one(conn, "SELECT contact_number_id FROM leads")
    new = add_conversation(conn, "+12125550199", sender="+15125550101")
    leads.update(conn, lead_id, {"phone": "+12125550199"}, actor_of(cast.rep), NOW)
    assert conn.execute("SELECT id, lead_id, assigned_to FROM sms_conversations ORDER BY id").fetchall() == [
        (old, None, cast.rep.id),
        (new, lead_id, cast.rep.id),
    ]
    assert one(conn, "SELECT phone FROM leads") == "+12125550199"
    assert [(news.lead_id, news.contact_number_id) for news in deletions] == [(lead_id, old_number)]


def test_a_phone_cannot_be_changed_to_one_that_another_lead_has(conn: psycopg.Connection, cast: Cast) -> None:
    taken, lead_id = add_lead(conn, "+12125550199"), add_lead(conn, PHONE)
    with pytest.raises(NumberTakenError) as refusal:
        leads.update(conn, lead_id, {"phone": "+12125550199"}, actor_of(cast.rep), NOW)
    assert refusal.value.lead_id == taken


def test_deletion_keeps_number_suppression_and_conversation(
    conn: psycopg.Connection, cast: Cast, deletions: list[LeadLeft]
) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep)
    conversation = add_conversation(conn, PHONE, lead_id=lead_id, assigned_to=cast.rep)
    conn.execute("UPDATE contact_numbers SET suppressed_at = %s", (NOW,))
    assert leads.delete(conn, lead_id, actor_of(cast.rep), NOW)
    assert one(conn, "SELECT count(*) FROM leads") == 0
    assert one(conn, "SELECT suppressed_at FROM contact_numbers") == NOW
    row = conn.execute("SELECT lead_id, assigned_to FROM sms_conversations WHERE id = %s", (conversation,)).fetchone()
    assert row == (None, cast.rep.id)
    assert [news.lead_id for news in deletions] == [lead_id]
    assert not leads.delete(conn, lead_id, actor_of(cast.rep), NOW)


def test_a_deleted_and_remade_lead_is_still_suppressed(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    lead_id = add_lead(conn, PHONE)
    conn.execute("UPDATE contact_numbers SET suppressed_at = %s", (NOW,))
    leads.delete(conn, lead_id, actor, NOW)
    again = reading.find(conn, actor, add_lead(conn, PHONE))
    assert again is not None
    assert again.suppressed


def test_a_listener_that_fails_keeps_the_lead(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, PHONE)

    def fail(_news: LeadLeft) -> None:
        raise RuntimeError("cannot cancel")

    with signals.lead_deleted.connected_to(fail), pytest.raises(RuntimeError), database.transaction() as own:
        leads.delete(own, lead_id, actor_of(cast.manager), NOW)
    assert one(conn, "SELECT count(*) FROM leads") == 1


def test_every_change_of_a_conversation_raises_its_version(conn: psycopg.Connection, cast: Cast) -> None:
    add_sender(conn, "+15125550109")
    lead_id = add_lead(conn, PHONE)
    conversation = add_conversation(conn, PHONE, lead_id=lead_id)
    version = "SELECT version FROM sms_conversations WHERE id = %s"
    before = one(conn, version, conversation)
    leads.reassign(conn, lead_id, cast.rep.id, NOW)
    assigned = one(conn, version, conversation)
    leads.delete(conn, lead_id, actor_of(cast.rep), NOW)
    assert before < assigned < one(conn, version, conversation)
