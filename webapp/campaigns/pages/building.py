"""What the builder's page shows, put together for the doors beside: the whole page, or its part for HTMX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import Response, make_response, render_template, request

from webapp import clock
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import rule_words, stats, store, timeline
from webapp.campaigns.doors import demand
from webapp.campaigns.forms import NameForm
from webapp.campaigns.rules_form import RulesForm
from webapp.campaigns.senders import senders
from webapp.campaigns.step_form import StepForm
from webapp.campaigns.steps import Step, Version
from webapp.campaigns.store import Campaign
from webapp.campaigns.timeline import Mark
from webapp.carrier import prices, segments
from webapp.database import Connection
from webapp.models.constants import CampaignStatus
from webapp.rules import footers
from webapp.rules.footers import Signature
from webapp.texts import people, reading, showing
from webapp.texts.diffing import Change
from webapp.texts.people import Reader
from webapp.texts.preview import Preview
from webapp.texts.reading import Template
from webapp.web.fragments import is_fragment
from webapp.web.problems import Problem

_LONGEST_SEARCH = 200
_OVER = (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Opened:
    """The one form that is open: of the step ``key``, or of a new one behind the step ``after``.

    ``theirs`` is what somebody else wrote meanwhile, against what this form says.
    """

    form: StepForm
    key: str = ""
    after: str = ""
    theirs: Sequence[Change] | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """A step that has just been taken out, and where it stood, so that it can be put back."""

    step: Step
    place: int


@dataclass(frozen=True, slots=True)
class Added:
    """What a first text says besides its own words, and what it comes to with them (US dollars)."""

    text: str
    segments: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Card:
    """A step on the rail, as the chosen lead would read it."""

    number: int
    step: Step
    mark: Mark
    preview: Preview
    figures: stats.StepFigures | None
    added: Added | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is different since the last look: said to whoever listens, and where the cursor is to be."""

    said: str = ""
    focus: str = ""
    opened: Opened | None = None
    removed: Removed | None = None
    alert: str = ""
    rules_form: RulesForm | None = None
    rules_outdated: bool = False
    name_form: NameForm | None = None


def demand_editable(conn: Connection, actor: Actor, campaign_id: int) -> Campaign:
    """The campaign, locked, for a change of its draft. Raises a Problem: 404, or 409 where it is over."""
    campaign = demand(conn, actor, campaign_id, lock=True)
    if campaign.status in _OVER:
        raise Problem.conflict(f"This campaign is {campaign.status}: copy it, and change the copy.")
    return campaign


def page(
    conn: Connection, actor: Actor, campaign_id: int, told: Told | None = None, *, part: str = "steps"
) -> Response:
    """The builder as it is now; for HTMX only ``part`` of it, ``steps`` or ``rules``."""
    told = told or Told()
    campaign = demand(conn, actor, campaign_id)
    version = store.shown_version(conn, campaign)
    template = f"campaigns/_{part}_answer.html" if is_fragment() else "campaigns/edit.html"
    response = make_response(render_template(template, told=told, **_all(conn, actor, campaign, version, told)))
    response.vary.add("HX-Request")
    return response


def _all(conn: Connection, actor: Actor, campaign: Campaign, version: Version, told: Told) -> dict[str, Any]:
    typed = request.values.get("for", "")[:_LONGEST_SEARCH]
    reader = _as_signed(conn, people.match(conn, actor, typed))
    numbers = senders(conn)
    opened = told.opened
    return {
        "campaign": campaign,
        "version": version,
        "editable": campaign.status not in _OVER,
        "launched": campaign.launched_at is not None,
        "cards": _cards(conn, actor, campaign, version, reader),
        "reader": reader,
        "typed": typed,
        "summary": rule_words.sentence(version.rules, campaign, numbers),
        "rules_form": told.rules_form or RulesForm.of(version.rules, campaign, numbers),
        "name_form": told.name_form or NameForm(formdata=None, name=campaign.name),
        "shown": showing.show(conn, actor, opened.form.written, typed) if opened else None,
        "own_fields": people.own_fields(conn, actor) if opened else [],
        "templates": _templates(conn, actor) if opened else [],
    }


def _cards(conn: Connection, actor: Actor, campaign: Campaign, version: Version, reader: Reader | None) -> list[Card]:
    marks = timeline.rail(version.steps, clock.now(), actor.timezone)
    figures = _figures(conn, campaign, version)
    cards = [
        Card(number, step, mark, showing.as_read_by(reader, step.body), figures.get(step.key))
        for number, (step, mark) in enumerate(zip(version.steps, marks, strict=True), 1)
    ]
    return [replace(cards[0], added=_added(conn, cards[0].preview, reader)), *cards[1:]] if cards else []


def _as_signed(conn: Connection, reader: Reader | None) -> Reader | None:
    """A campaign is signed by whom the lead is assigned to, not by whoever looks at it."""
    if reader is None:
        return None
    row = conn.execute(
        "SELECT u.name FROM leads l JOIN users u ON u.id = l.owner_id AND u.active WHERE l.id = %s", [reader.id]
    ).fetchone()
    return replace(reader, fields=replace(reader.fields, my_name=row[0] if row else ""))


def _added(conn: Connection, preview: Preview, reader: Reader | None) -> Added | None:
    """As the engine adds it to the first text that somebody gets."""
    settings = account_settings.load(conn)
    person = reader.fields.my_name if reader else ""
    signature = Signature(person, settings.business_name, settings.business_website or settings.business_contact)
    text = footers.added(preview.text, "first", signature)
    if not text or preview.error:
        return None
    counted = segments.count(preview.text + text)
    return Added(text.strip(), counted.segments, prices.estimate(counted.segments))


def _figures(conn: Connection, campaign: Campaign, version: Version) -> dict[str, stats.StepFigures]:
    """What became of each step so far; nothing before the launch, for there would only be noughts."""
    if campaign.launched_at is None:
        return {}
    return {each.step_key: each for each in stats.of(conn, version).steps}


def _templates(conn: Connection, actor: Actor) -> list[tuple[str, list[Template]]]:
    """What the library offers, by category."""
    found = reading.find_page(conn, actor, reading.Filter())
    groups = [list(group) for _, group in groupby(found, lambda each: each.category.lower())]
    return [(group[0].category or "Without a category", group) for group in groups]
