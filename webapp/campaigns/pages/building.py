"""What the builder's page shows, put together for the doors beside: the whole page, or its part for HTMX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from flask import Response, make_response, render_template, request

from webapp import clock
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.building import drafting, rule_words, timeline
from webapp.campaigns.building.forms import NameForm
from webapp.campaigns.building.open_hours import account_hours
from webapp.campaigns.building.rules_form import Choices, RulesForm
from webapp.campaigns.building.step_form import StepForm
from webapp.campaigns.building.timeline import Mark
from webapp.campaigns.doors import demand
from webapp.campaigns.figures import overview, stats
from webapp.campaigns.joining import assigning
from webapp.campaigns.senders import senders
from webapp.campaigns.steps import Step, Version
from webapp.campaigns.store import Campaign
from webapp.carrier import prices, segments
from webapp.database import Connection
from webapp.models.constants import CampaignStatus
from webapp.rules import footers
from webapp.rules.footers import Signature
from webapp.texts import people, reading, showing
from webapp.texts.diffing import Change
from webapp.texts.preview import Preview, preview
from webapp.texts.reading import Template
from webapp.texts.render import MergeFields
from webapp.texts.showing import Added, Shown
from webapp.web.fragments import is_fragment
from webapp.web.problems import Problem

#: In addresses and forms: the new step comes in front of all others.
FIRST = "start"

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
    reader = people.match(conn, actor, typed, stands_in=version.signed_by)
    offered = choices(conn, actor)
    opened = told.opened
    return {
        "campaign": campaign,
        "version": version,
        "editable": campaign.status not in _OVER,
        "launched": campaign.launched_at is not None,
        "enrolled": overview.audience(conn, campaign.id) if campaign.launched_at is None else 0,
        "cards": _cards(conn, actor, campaign, version, people.fields_of(conn, reader, version.signed_by)),
        "reader": reader,
        "typed": typed,
        "summary": rule_words.sentence(version.rules, campaign, offered.numbers),
        "rules_form": told.rules_form or RulesForm.of(version.rules, campaign, offered),
        "name_form": told.name_form or NameForm(formdata=None, name=campaign.name),
        "shown": _opened_as_sent(conn, actor, version, opened, typed) if opened else None,
        "pushed": _pushed(version, opened),
        "own_fields": people.own_fields(conn, actor) if opened else [],
        "templates": _templates(conn, actor) if opened and not is_fragment() else [],
    }


def choices(conn: Connection, actor: Actor) -> Choices:
    """What the form of the rules offers: who gets leads is for a manager to say."""
    return Choices(senders(conn), assigning.people(conn) if actor.sees_all else None, account_hours(conn))


def as_sent(conn: Connection, actor: Actor, version: Version, body: str, typed: str, *, first: bool) -> Shown:
    """A text as the engine would send it: signed by whom the lead is assigned to, else by whose campaign it is.

    ``first``: it is the first that somebody gets, with what the law has it say.
    """
    shown = showing.show(conn, actor, body, typed, stands_in=version.signed_by)
    if not first or not shown.preview.text:
        return shown
    signed_by = shown.reader.fields.my_name if shown.reader else version.signed_by
    return replace(shown, added=_added(conn, shown.preview, signed_by))


def _opened_as_sent(conn: Connection, actor: Actor, version: Version, opened: Opened, typed: str) -> Shown:
    keys = [step.key for step in version.steps]
    first = not keys or (opened.key == keys[0] if opened.key else opened.after == FIRST)
    return as_sent(conn, actor, version, opened.form.written, typed, first=first)


def _pushed(version: Version, opened: Opened | None) -> str:
    """When the step that is first now comes, once the one that is being written stands in front of it."""
    if not version.steps or opened is None or opened.key or opened.after != FIRST:
        return ""
    return timeline.when_words(drafting.following(version.steps)[0], 1)


def _cards(conn: Connection, actor: Actor, campaign: Campaign, version: Version, known: MergeFields) -> list[Card]:
    marks = timeline.rail(version.steps, clock.now(), actor.timezone)
    figures = _figures(conn, campaign, version)
    cards = [
        Card(number, step, mark, preview(step.body, known), figures.get(step.key))
        for number, (step, mark) in enumerate(zip(version.steps, marks, strict=True), 1)
    ]
    return [replace(cards[0], added=_added(conn, cards[0].preview, known.my_name)), *cards[1:]] if cards else []


def _added(conn: Connection, read: Preview, signed_by: str) -> Added | None:
    """As the engine adds it to the first text that somebody gets."""
    settings = account_settings.load(conn)
    signature = Signature(signed_by, settings.business_name, settings.business_website or settings.business_contact)
    text = footers.added(read.text, "first", signature)
    if not text or read.error:
        return None
    counted = segments.count(read.text + text)
    return Added(text.strip(), counted.segments, prices.estimate(counted.segments))


def _figures(conn: Connection, campaign: Campaign, version: Version) -> dict[str, stats.StepFigures]:
    """What became of each step so far; nothing before the launch, for there would only be noughts."""
    if campaign.launched_at is None:
        return {}
    return {each.step_key: each for each in stats.of(conn, version).steps}


def _templates(conn: Connection, actor: Actor) -> list[tuple[str, list[Template]]]:
    """What the library offers, by category, to a browser without scripts; others open the picker."""
    found = reading.find_page(conn, actor, reading.Filter())
    groups = [list(group) for _, group in groupby(found, lambda each: each.category.lower())]
    return [(group[0].category or "Without a category", group) for group in groups]
