"""The blueprint that the modules beside add their views to, and what all of them need."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint

from webapp.accounts import users
from webapp.accounts.actors import Actor
from webapp.accounts.users import Person
from webapp.database import Connection
from webapp.leads import reading
from webapp.leads.consents import consent_words
from webapp.leads.places import state_name, zone_name
from webapp.leads.reading import Lead
from webapp.leads.statuses import DOTS, LABELS
from webapp.models.constants import LeadStatus
from webapp.web.problems import Problem

blueprint = Blueprint("leads", __name__)

#: An id in an address: one that would not fit a bigint names nothing, so it is a 404.
ID = "int(max=9223372036854775807)"


@blueprint.context_processor
def words() -> dict[str, Callable[[str], str]]:
    """What these pages put into words."""
    return {"consent_words": consent_words, "place_name": state_name, "zone_name": zone_name}


@blueprint.app_template_global("lead_statuses")
def lead_statuses() -> Mapping[LeadStatus, str]:
    """The statuses that a lead can have, in their order, with their words."""
    return LABELS


@blueprint.app_template_global("lead_status_dot")
def lead_status_dot(status: str) -> str:
    """Which dot goes with a status."""
    return DOTS.get(LeadStatus(status), "")


def demand_lead(conn: Connection, actor: Actor, lead_id: int) -> Lead:
    """The lead; a 404 Problem where there is none, or none that this actor may see."""
    lead = reading.find(conn, actor, lead_id)
    if lead is None:
        raise Problem.not_found("lead")
    return lead


def lock_lead(conn: Connection, actor: Actor, lead_id: int) -> Lead:
    """The lead, which stays as it is until this transaction ends. Raises a 404 Problem."""
    if not reading.lock(conn, actor, lead_id):
        raise Problem.not_found("lead")
    return demand_lead(conn, actor, lead_id)


def active_people(conn: Connection) -> list[Person]:
    """Everybody whom a lead may be assigned to."""
    return [person for person in users.everyone(conn) if person.active]
