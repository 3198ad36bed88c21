"""The builder: the draft's steps on a rail, edited in place. A live version is never touched: its draft is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import store
from webapp.campaigns.building import drafting
from webapp.campaigns.building.drafting import FullError, GoneError, OutdatedError, Steps
from webapp.campaigns.building.open_hours import account_hours
from webapp.campaigns.building.step_form import StepForm
from webapp.campaigns.doors import demand
from webapp.campaigns.pages import building
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.pages.building import FIRST, Opened, Removed, Told
from webapp.campaigns.steps import new_key
from webapp.database import Connection
from webapp.texts import reading
from webapp.texts.diffing import word_diff
from webapp.texts.preview import in_plain_characters
from webapp.web.fragments import is_fragment

_GONE = "Somebody took this step out meanwhile."
_WAITS_NOW = "The one that was first waits now."
_AS_IT_WAS = "It stands there already: nothing has changed."
#: Buttons of a step's form that only change its text.
_REWORDS = {"insert", "plain"}
_ID_DIGITS = 18
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


@blueprint.get(f"/<{ID}:campaign_id>/edit")
@requires(Permission.SIGNED_IN)
def edit(campaign_id: int) -> ResponseReturnValue:
    """The steps; ``step`` opens the form of one, ``after`` that of a new one behind the step that it names."""
    actor, key, after = current_actor(), request.args.get("step", ""), request.args.get("after", "")
    with database.transaction() as conn:
        steps = store.shown_version(conn, demand(conn, actor, campaign_id)).steps
        opened = None
        if key and any(step.key == key for step in steps):
            opened = Opened(StepForm.of(drafting.find(steps, key)), key=key)
        elif after:
            opened = Opened(StepForm.new(first=not steps or after == FIRST), after=after)
        focus = "" if opened else request.args.get("focus", "")
        return building.page(conn, actor, campaign_id, Told(opened=opened, focus=focus))


@blueprint.post(f"/<{ID}:campaign_id>/steps")
@requires(Permission.SIGNED_IN)
def add(campaign_id: int) -> ResponseReturnValue:
    """Adds a step behind the one that ``after`` names, or rewords its text without saving it."""
    actor, form, after, key = current_actor(), StepForm(), request.form.get("after", FIRST), new_key()
    with database.transaction() as conn:
        if _REWORDS & request.form.keys():
            return _reworded(conn, actor, campaign_id, Opened(form, after=after))
        step = form.read(key, account_hours(conn))
        if step is None:
            return _wrong(conn, actor, campaign_id, Opened(form, after=after))
        behind = "" if after == FIRST else after

        def put_in(steps: Steps) -> Steps:
            return drafting.added(steps, step, behind)

        return _change(conn, actor, campaign_id, put_in, Told("The step is added.", f"edit-{key}"))


@blueprint.post(f"/<{ID}:campaign_id>/steps/<key>")
@requires(Permission.SIGNED_IN)
def save(campaign_id: int, key: str) -> ResponseReturnValue:
    """Saves a step, or only rewords its text. Where somebody was faster it says so, and keeps both."""
    actor, form = current_actor(), StepForm()
    with database.transaction() as conn:
        if _REWORDS & request.form.keys():
            return _reworded(conn, actor, campaign_id, Opened(form, key=key))
        step = form.read(key, account_hours(conn))
        if step is None:
            return _wrong(conn, actor, campaign_id, Opened(form, key=key))
        campaign = building.demand_editable(conn, actor, campaign_id)
        steps = store.shown_version(conn, campaign).steps
        try:
            store.set_draft(conn, campaign, clock.now(), new_steps=drafting.changed(steps, step, form.seen.data or ""))
        except GoneError:
            opened = Opened(form, after=steps[-1].key if steps else FIRST, gone=True)
            return _conflict(building.page(conn, actor, campaign_id, Told(opened=opened)))
        except OutdatedError:
            theirs = drafting.find(steps, key)
            form.seen.data = drafting.fingerprint(theirs)
            opened = Opened(form, key=key, theirs=word_diff(theirs.body, step.body))
            return _conflict(building.page(conn, actor, campaign_id, Told(opened=opened)))
        return _after(conn, actor, campaign_id, Told("The step is saved.", f"edit-{key}"))


@blueprint.post(f"/<{ID}:campaign_id>/steps/<key>/move")
@requires(Permission.SIGNED_IN)
def move(campaign_id: int, key: str) -> ResponseReturnValue:
    """Moves a step up or down by one."""
    actor, up = current_actor(), request.form.get("way") == "up"
    with database.transaction() as conn:

        def shift(steps: Steps) -> Steps:
            return drafting.moved(steps, key, -1 if up else 1)

        told = Told("The step is moved.", f"{'up' if up else 'down'}-{key}")
        return _change(conn, actor, campaign_id, shift, told)


@blueprint.post(f"/<{ID}:campaign_id>/order")
@requires(Permission.SIGNED_IN)
def arrange(campaign_id: int) -> ResponseReturnValue:
    """Puts the steps into the order of ``keys``, as somebody dragged them; ``dragged`` is the one."""
    actor, keys, dragged = current_actor(), request.form.get("keys", "").split(), request.form.get("dragged", "")
    with database.transaction() as conn:

        def sort(steps: Steps) -> Steps:
            return drafting.arranged(steps, keys)

        return _change(conn, actor, campaign_id, sort, Told("The step is moved.", f"edit-{dragged}"))


@blueprint.post(f"/<{ID}:campaign_id>/steps/<key>/duplicate")
@requires(Permission.SIGNED_IN)
def duplicate_step(campaign_id: int, key: str) -> ResponseReturnValue:
    """Puts a copy behind the step."""
    actor, copy_key = current_actor(), new_key()
    with database.transaction() as conn:

        def copy(steps: Steps) -> Steps:
            return drafting.duplicated(steps, key, copy_key)

        return _change(conn, actor, campaign_id, copy, Told("The copy stands behind it.", f"edit-{copy_key}"))


@blueprint.post(f"/<{ID}:campaign_id>/steps/<key>/remove")
@requires(Permission.SIGNED_IN)
def remove(campaign_id: int, key: str) -> ResponseReturnValue:
    """Takes the step out. The page that follows holds it, so that it can be put back."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = building.demand_editable(conn, actor, campaign_id)
        steps = store.shown_version(conn, campaign).steps
        if all(step.key != key for step in steps):
            return _after(conn, actor, campaign_id, Told(_GONE))
        store.set_draft(conn, campaign, clock.now(), new_steps=drafting.without(steps, key))
        removed = Removed(drafting.find(steps, key), drafting.place(steps, key))
        told = Told(f"Step {removed.place + 1} is taken out.", "undo", removed=removed)
        return building.page(conn, actor, campaign_id, told)


@blueprint.post(f"/<{ID}:campaign_id>/restore")
@requires(Permission.SIGNED_IN)
def restore(campaign_id: int) -> ResponseReturnValue:
    """Puts a step back that was taken out, as the form that undoes it has it."""
    actor, form, key, place = current_actor(), StepForm(), request.form.get("key", ""), request.form.get("place", "")
    key = key if _KEY.fullmatch(key) else new_key()
    with database.transaction() as conn:
        step = form.read(key)
        if step is None:
            return _wrong(conn, actor, campaign_id, Opened(form, after=FIRST))
        number = int(place) if place.isascii() and place.isdigit() and len(place) <= _ID_DIGITS else 0

        def put_back(steps: Steps) -> Steps:
            return drafting.restored(steps, step, number)

        return _change(conn, actor, campaign_id, put_back, Told("The step is back.", f"edit-{key}"))


def _change(
    conn: Connection, actor: Actor, campaign_id: int, change: Callable[[Steps], Steps], told: Told
) -> ResponseReturnValue:
    """The draft with its steps changed; as it is, with the reason, where that cannot be."""
    campaign = building.demand_editable(conn, actor, campaign_id)
    steps = store.shown_version(conn, campaign).steps
    try:
        changed = change(steps)
    except GoneError:
        return _conflict(building.page(conn, actor, campaign_id, Told(alert=_GONE)))
    except OutdatedError:
        alert = "Somebody else changed the steps meanwhile. This is how they are now: move yours again."
        return _conflict(building.page(conn, actor, campaign_id, Told(alert=alert)))
    except FullError as full:
        return _conflict(building.page(conn, actor, campaign_id, Told(alert=str(full))))
    if changed == steps:
        return _after(conn, actor, campaign_id, replace(told, said=_AS_IT_WAS))
    store.set_draft(conn, campaign, clock.now(), new_steps=changed)
    if _waits_changed(steps, changed):
        told = replace(told, said=f"{told.said} {_WAITS_NOW}")
    return _after(conn, actor, campaign_id, told)


def _waits_changed(before: Steps, after: Steps) -> bool:
    waits = {step.key: step.delay_minutes for step in before}
    return any(waits.get(step.key, step.delay_minutes) != step.delay_minutes for step in after)


def _after(conn: Connection, actor: Actor, campaign_id: int, told: Told) -> ResponseReturnValue:
    """The steps as they are now: at once for HTMX, on the page that a browser goes on to otherwise."""
    if is_fragment():
        return building.page(conn, actor, campaign_id, told)
    for_whom: dict[str, Any] = {"for": request.form["for"]} if request.form.get("for") else {}
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id, focus=told.focus, **for_whom), 303)


def _reworded(conn: Connection, actor: Actor, campaign_id: int, opened: Opened) -> ResponseReturnValue:
    """The form with a template behind what its text says already, or with that in plain characters; not saved."""
    if "plain" in request.form:
        opened.form.body.data = in_plain_characters(opened.form.written)
        return building.page(conn, actor, campaign_id, Told(opened=opened))
    given = request.form.get("template", "")
    is_id = given.isascii() and given.isdigit() and len(given) <= _ID_DIGITS
    template = reading.find(conn, actor, int(given)) if is_id else None
    if template is not None:
        opened.form.body.data = "\n".join(filter(None, [opened.form.written, template.body]))
    return building.page(conn, actor, campaign_id, Told(opened=opened))


def _wrong(conn: Connection, actor: Actor, campaign_id: int, opened: Opened) -> Response:
    response = building.page(conn, actor, campaign_id, Told(opened=opened))
    response.status_code = 422
    return response


def _conflict(response: Response) -> Response:
    response.status_code = 409
    return response
