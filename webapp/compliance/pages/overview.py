"""The state of the law here, at a glance, and the button that pauses all automatic texts."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor
from webapp.accounts.pages.login import safe_next
from webapp.accounts.permissions import Permission, requires
from webapp.compliance import asking, automation, jobs, overview, stopped_senders
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.config import Settings
from webapp.web.fragments import toast


@blueprint.get("/compliance")
@requires(Permission.MANAGE)
def home() -> ResponseReturnValue:
    """What waits for a person, and what keeps texts back."""
    actor, config = current_actor(), _config()
    with database.transaction() as conn:
        settings = account_settings.read(conn)
        ledger = overview.ledger_state(conn)
        may_run = actor.may(Permission.ADMIN)
        found = overview.todos(conn, settings, clock.now(), simulated=config.simulated, admin=may_run)
        return render_template(
            "compliance/overview.html",
            todos=list(found),
            flood=overview.flood(conn),
            senders=stopped_senders.all_of_them(conn),
            held=overview.held(conn),
            most=overview.COUNTED_AT_MOST,
            rules=overview.rules_in_force(settings),
            paused=settings.automation_paused,
            stopped=automation.stopped(settings) is not None,
            ledger=ledger,
            waits=asking.waits(conn, request.args.get("asked"), ledger.checked_at),
        )


@blueprint.post("/compliance/automation/pause")
@requires(Permission.MANAGE)
def pause_automation() -> ResponseReturnValue:
    """Holds every automatic text, and says what is past taking back."""
    with database.transaction() as conn:
        going = automation.pause(conn, current_actor(), clock.now())
    texts = "1 was" if going == 1 else f"{going:,} were"
    already = f"{texts} already with the carrier and may still arrive." if going else "None was on its way."
    undo = url_for("compliance.resume_automation", next=request.values.get("next") or None)
    toast(f"All automatic texts are paused. {already}", undo=undo)
    return _back()


@blueprint.post("/compliance/automation/resume")
@requires(Permission.MANAGE)
def resume_automation() -> ResponseReturnValue:
    """Lets them go, as each may."""
    with database.transaction() as conn:
        waited = automation.resume(conn, current_actor())
    texts = "1 text that waited goes" if waited == 1 else f"{waited:,} texts that waited go"
    toast("Automatic texts go again." + (f" {texts} as soon as the rules allow." if waited else ""))
    return _back()


@blueprint.post(f"/compliance/senders/<{ID}:sender_id>/resume")
@requires(Permission.MANAGE)
def resume_sender(sender_id: int) -> ResponseReturnValue:
    """One of our numbers that was stopped for its figures writes again."""
    with database.transaction() as conn:
        resumed = stopped_senders.resume(conn, sender_id, current_actor())
    toast("It writes again, as soon as the rules allow." if resumed else "It is not stopped any more.")
    return _back()


@blueprint.post("/compliance/ledger/check")
@requires(Permission.MANAGE)
def check_ledger() -> ResponseReturnValue:
    """Has every row and seal of the consent ledger computed again, by a worker."""
    with database.transaction() as conn:
        now = asking.now(conn)
    jobs.ring_ledger()
    return redirect(url_for("compliance.home", asked=now), 303)


def _back() -> ResponseReturnValue:
    """To the page where the button was pressed."""
    asked = request.values.get("next")
    return redirect(safe_next(asked) if asked else url_for("compliance.home"), 303)


def _config() -> Settings:
    config = current_app.extensions["leadline"]
    assert isinstance(config, Settings)
    return config
