"""The builder as somebody at a browser uses it, with scripts (``hx``) or without."""

from __future__ import annotations

import re

import psycopg
from werkzeug.test import TestResponse

from tests.texts.support import Visitor, actor_of
from webapp import clock, database
from webapp.campaigns import steps, store
from webapp.campaigns.rules import Rules
from webapp.campaigns.steps import Step, Version
from webapp.models.constants import CampaignKind

HTMX = {"HX-Request": "true"}


def draft_of(visitor: Visitor, *made: Step, name: str = "Hello", **rules: object) -> int:
    """A draft with these steps, made by the visitor."""
    with database.transaction() as conn:
        actor = actor_of(visitor.person)
        campaign_id = store.create(conn, name, CampaignKind.DRIP, Rules(**rules), actor, clock.now())  # type: ignore[arg-type]
        campaign = store.find(conn, actor, campaign_id)
        assert campaign is not None
        store.set_draft(conn, campaign, clock.now(), new_steps=made)
    return campaign_id


def launched(visitor: Visitor, conn: psycopg.Connection, *made: Step, **more: object) -> int:
    """A campaign with these steps as its live version, running."""
    campaign_id = draft_of(visitor, *made, **more)  # type: ignore[arg-type]
    conn.execute(
        "UPDATE sms_campaign_versions SET published_at = %s WHERE campaign_id = %s", [clock.now(), campaign_id]
    )
    conn.execute(
        """
        UPDATE sms_campaigns g SET status = 'running', launched_at = %s, live_version_id = v.id
        FROM sms_campaign_versions v WHERE v.campaign_id = g.id AND g.id = %s
        """,
        [clock.now(), campaign_id],
    )
    return campaign_id


def text(key: str, body: str = "", after: int = 0, **more: object) -> Step:
    """A step named by its key, which is what it says unless ``body`` does."""
    return Step(key, after, body or f"This is {key}.", **more)  # type: ignore[arg-type]


def shown(campaign_id: int) -> Version:
    """What readers of the campaign see: its draft while there is one."""
    with database.transaction() as conn:
        row = conn.execute(
            """
            SELECT coalesce((SELECT id FROM sms_campaign_versions v WHERE v.campaign_id = g.id AND published_at IS NULL),
                            g.live_version_id)
            FROM sms_campaigns g WHERE g.id = %s
            """,
            [campaign_id],
        ).fetchone()
        assert row is not None
        return steps.load(conn, [row[0]])[row[0]]


def keys(campaign_id: int) -> list[str]:
    return [step.key for step in shown(campaign_id).steps]


def bodies(campaign_id: int) -> list[str]:
    return [step.body for step in shown(campaign_id).steps]


def seen(answer: TestResponse) -> str:
    """The fingerprint in the form of a step that an answer shows open."""
    form = answer.text[answer.text.index("data-step-form") :]
    found = re.search(r'name="seen" value="([^"]*)"', form)
    assert found
    return found[1]


def fields(**values: str) -> dict[str, str]:
    """A step's form, filled in unless the test says otherwise."""
    return {"amount": "0", "unit": "minutes", "at_local": "", "opens": "", "closes": "", "body": "Hello", **values}
