"""Whether somebody may launch a campaign, and the second person whom a rep, or a very large launch, needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.joining import elsewhere
from webapp.campaigns.steering import checklist, running, second_person
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus

#: A launch to more leads than this must name their number, and begins with a canary unless somebody says otherwise.
LARGE = 200


class ObjectionError(Exception):
    """Why it is not launched: ``field`` of the form that it is about, and a sentence with the fix."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """How it is to be launched. ``confirm``: the number of leads as a person typed it."""

    confirm: int | None
    canary: bool
    pace_per_hour: int | None


def ask(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """Asks for a second person to launch it, or to publish the draft of a launched one. ``now``: business time.

    Raises ObjectionError while the checklist objects, or where there is nothing to ask for.
    """
    if campaign.status == CampaignStatus.DRAFT:
        _check(conn, campaign)
    elif campaign.draft_id is None or campaign.status not in (CampaignStatus.RUNNING, CampaignStatus.PAUSED):
        raise ObjectionError("launch", "There is no edit to publish.")
    store.change(conn, campaign.id, {"launch_asked_by": actor.id, "launch_asked_at": now}, now)
    audit.record(conn, actor.id, "campaign.launch_asked", f"campaign:{campaign.id}")


def decline(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> bool:
    """The request is off the table. False where there was none."""
    request = second_person.requested(conn, campaign)
    store.change(conn, campaign.id, {"launch_asked_by": None, "launch_asked_at": None}, now)
    if request is not None:
        audit.record(conn, actor.id, "campaign.launch_declined", f"campaign:{campaign.id}", asked_by=request.by)
    return request is not None


def needs_a_second_person(conn: Connection, campaign: Campaign, actor: Actor) -> bool:
    """Whether this person's launch to everybody in it is for somebody else to make."""
    paused = second_person.on_the_way(conn, campaign) - _active(conn, campaign)
    return second_person.needed(conn, campaign, actor, size(conn, campaign).leads + paused)


def launch(conn: Connection, campaign: Campaign, actor: Actor, asked: Asked, now: datetime) -> int:
    """Launches it, as far as nothing objects. Returns how many leads it starts with. Raises ObjectionError.

    The caller holds the campaign's lock, before it ``taking_out.hold_of_draft``.
    """
    elsewhere.one_at_a_time(conn)
    _check(conn, campaign)
    leads = size(conn, campaign).leads
    if needs_a_second_person(conn, campaign, actor):
        raise ObjectionError("launch", "A second person launches this one: ask for it.")
    if leads > LARGE and asked.confirm != leads:
        raise ObjectionError("confirm", f"It goes to {leads:,} leads. Type {leads} to confirm.")
    store.change(conn, campaign.id, {"pace_per_hour": asked.pace_per_hour}, now)
    return running.launch(conn, campaign, actor, canary=asked.canary, now=now)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a draft: so many leads ``begin`` at the launch; ``later`` ones do once another campaign has ended for them;
    ``left_out`` ones are in another campaign, and get nothing. Of a launched one: so many are on the way."""

    begin: int
    later: int = 0
    left_out: int = 0

    @property
    def leads(self) -> int:
        """Who gets something: the number that a large launch must name."""
        return self.begin + self.later


def size(conn: Connection, campaign: Campaign) -> Size:
    """How many leads it goes to."""
    active = _active(conn, campaign)
    if campaign.status != CampaignStatus.DRAFT:
        return Size(active)
    become = elsewhere.counts(conn, store.shown_version(conn, campaign))
    later, left_out = become["wait"], become["skip"]
    return Size(active - later - left_out, later, left_out)


def _active(conn: Connection, campaign: Campaign) -> int:
    row = conn.execute(
        "SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s AND status = 'active'", [campaign.id]
    ).fetchone()
    assert row is not None
    return int(row[0])


def _check(conn: Connection, campaign: Campaign) -> None:
    if campaign.status != CampaignStatus.DRAFT:
        raise ObjectionError("launch", f"It was launched before: it is {campaign.status}.")
    for finding in checklist.check(conn, store.shown_version(conn, campaign)):
        if finding.blocks:
            raise ObjectionError("launch", finding.sentence)


@dataclass(frozen=True, slots=True)
class Overlap:
    """So many of the campaign's leads are on their way through another one, too. ``becomes``: what that means for them,
    an ``elsewhere.Choice``."""

    campaign_id: int
    name: str
    becomes: str
    leads: int


def overlaps(conn: Connection, campaign: Campaign) -> list[Overlap]:
    """Other live campaigns that have some of the same people, the most first. Of a draft, as if launched now."""
    rule = None if campaign.status == CampaignStatus.DRAFT else "both"
    values = elsewhere.given(store.shown_version(conn, campaign), rule=rule)
    with conn.cursor(row_factory=class_row(Overlap)) as cursor:
        return cursor.execute(
            f"""
            SELECT g.id AS campaign_id, g.name, {elsewhere.BECOMES} AS becomes,
                   count(DISTINCT e.contact_number_id) AS leads
            FROM sms_campaign_enrollments e
            JOIN sms_campaign_enrollments o ON o.contact_number_id = e.contact_number_id
                 AND o.campaign_id <> e.campaign_id AND o.status IN ('active', 'paused')
            JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused')
            WHERE e.campaign_id = %(campaign)s AND e.status = 'active'
            GROUP BY g.id, g.name, becomes ORDER BY leads DESC, g.id, becomes LIMIT 5
            """,  # noqa: S608 (our own words)
            values,
        ).fetchall()
