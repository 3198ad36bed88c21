"""When texts may go: each law with its source, what the account makes of it, its stop, and two boxes to try them."""

from __future__ import annotations

from datetime import date

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor
from webapp.accounts.mail import Letter
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.settings import AccountSettings
from webapp.compliance import hours
from webapp.compliance.optouts import own_words
from webapp.compliance.pages.blueprint import blueprint
from webapp.compliance.sending_hours import changing, view
from webapp.compliance.sending_hours.changing import Draft
from webapp.compliance.sending_hours.forms import DAYS, HoursForm, StopForm, TryHourForm, TryTextForm
from webapp.config import Settings
from webapp.rules import quiet_hours
from webapp.rules.laws import ACCOUNT, Law, is_jurisdiction, law_of
from webapp.rules.loosening import looser_than_law, title
from webapp.rules.policy import NO_CHANGE
from webapp.web.fragments import go_to, is_fragment, toast
from webapp.web.problems import Problem


@blueprint.get("/compliance/rules")
@requires(Permission.MANAGE)
def sending_rules() -> ResponseReturnValue:
    """The laws, the account's own hours, what is stopped, and the test boxes."""
    return _rules_page(TryHourForm(formdata=None), TryTextForm(formdata=None))


@blueprint.post("/compliance/rules/try-hour")
@requires(Permission.MANAGE)
def try_hour() -> ResponseReturnValue:
    """Whether a text to a number may go at a moment, and why. A POST: the number is in no address and no log."""
    form, actor = TryHourForm(), current_actor()
    e164 = form.read_phone()
    if e164 is None:
        return _tried("hour", form, TryTextForm(formdata=None), 422)
    with database.transaction() as conn:
        settings = account_settings.read(conn)
    at = form.instant(actor.timezone, clock.now())
    verdict = quiet_hours.judge(
        e164, form.state.data or None, form.postal_code.data, form.timezone.data or None, hours.policy_of(settings), at
    )
    guard = hours.guard_of(settings)
    found = {"verdict": verdict, "clocks": view.clocks(verdict), "dispatch_until": verdict.dispatch_until(guard)}
    return _tried("hour", form, TryTextForm(formdata=None), 200, **found)


@blueprint.post("/compliance/rules/try-text")
@requires(Permission.MANAGE)
def try_text() -> ResponseReturnValue:
    """What an incoming text would be taken for."""
    form = TryTextForm()
    if not form.validate():
        return _tried("text", TryHourForm(formdata=None), form, 422)
    with database.transaction() as conn:
        read = own_words.classify(form.text.data or "", form.context.data, account_settings.load(conn))
    return _tried("text", TryHourForm(formdata=None), form, 200, read=read)


@blueprint.get("/compliance/rules/<jurisdiction>")
@requires(Permission.MANAGE)
def sending_rule(jurisdiction: str) -> ResponseReturnValue:
    """One law: what it says, where that is from, and what the account makes of it."""
    law = _demand(jurisdiction)
    with database.transaction() as conn:
        settings = account_settings.read(conn)
    return _law_page(jurisdiction, settings, _form(jurisdiction, law, settings))


@blueprint.post("/compliance/rules/<jurisdiction>")
@requires(Permission.ADMIN)
def save_sending_rule(jurisdiction: str) -> ResponseReturnValue:
    """Tightens at once; what loosens is named first, and done when the same form comes again with its seal."""
    law, form = _demand(jurisdiction), HoursForm()
    with database.transaction() as conn:
        settings = changing.lock(conn)
        change = form.read(settings.hours_policy.change_of(jurisdiction), law)
        if change is None:
            return _law_page(jurisdiction, settings, form), 422
        made = changing.draft(settings, jurisdiction, change)
        if made.loosened and form.agreed.data != made.seal:
            form.agreed.data = made.seal
            return _law_page(jurisdiction, settings, form, made)
        letters = changing.save(conn, current_actor(), made)
    _tell(letters)
    toast("Saved. Texts that wait are judged again." if made.loosened else "Saved.")
    return go_to(url_for("compliance.sending_rules"))


@blueprint.post("/compliance/rules/<jurisdiction>/stop")
@requires(Permission.MANAGE)
def stop_sending(jurisdiction: str) -> ResponseReturnValue:
    """Stops every text there, or all of them; takes effect with the next text."""
    _demand(jurisdiction)
    form = StopForm()
    with database.transaction() as conn:
        if not form.validate():
            settings = account_settings.read(conn)
            return _law_page(
                jurisdiction, settings, _form(jurisdiction, _demand(jurisdiction), settings), stop=form
            ), 422
        changing.stop(conn, current_actor(), jurisdiction, form.because.data or "")
    toast("All texts are stopped." if jurisdiction == ACCOUNT else f"Texts to {title(jurisdiction)} are stopped.")
    return go_to(url_for("compliance.sending_rules"))


@blueprint.post("/compliance/rules/<jurisdiction>/lift")
@requires(Permission.MANAGE)
def lift_stop(jurisdiction: str) -> ResponseReturnValue:
    """Lets texts go there again, as the hours allow."""
    _demand(jurisdiction)
    with database.transaction() as conn:
        letters = changing.lift(conn, current_actor(), jurisdiction)
    _tell(letters)
    toast("The stop is lifted. What waited goes as the hours allow.")
    return go_to(url_for("compliance.sending_rules"))


def _demand(jurisdiction: str) -> Law | None:
    """The law; None for the account's own hours. 404 for what is no jurisdiction."""
    if jurisdiction == ACCOUNT:
        return None
    if not is_jurisdiction(jurisdiction):
        raise Problem.not_found("rule")
    return law_of(jurisdiction)


def _form(jurisdiction: str, law: Law | None, settings: AccountSettings) -> HoursForm:
    policy = hours.policy_of(settings)
    change, rule = policy.change_of(jurisdiction), view.shown_rule(policy, jurisdiction)
    enforced = law is None or (law.enforced if change.enforced is None else change.enforced)
    return HoursForm.showing(rule.week, change, enforced=enforced, holidays=rule.calendar is not None)


def _law_page(
    jurisdiction: str,
    settings: AccountSettings,
    form: HoursForm,
    made: Draft | None = None,
    stop: StopForm | None = None,
) -> str:
    law = _demand(jurisdiction)
    policy = settings.hours_policy
    change = policy.change_of(jurisdiction)
    return render_template(
        "compliance/rules_law.html",
        key=jurisdiction,
        law=law,
        name=title(jurisdiction),
        form=form,
        stop_form=stop or StopForm(formdata=None),
        made=made,
        change=change,
        changed=change != NO_CHANGE,
        days=DAYS,
        read_on=date.fromisoformat(law.version) if law else None,
        in_words=view.week_words(law.week) if law else "",
        confidence=view.CONFIDENCE,
        holidays=view.holidays_of(law, clock.now().date()),
        opened=[found for found in looser_than_law(policy) if found.jurisdiction == jurisdiction],
    )


def _rules_page(hour_form: TryHourForm, text_form: TryTextForm, **found: object) -> str:
    with database.transaction() as conn:
        settings = account_settings.read(conn)
    policy = hours.policy_of(settings)
    return render_template(
        "compliance/rules.html",
        lines=view.lines(settings),
        others=view.others(settings),
        own=view.shown_rule(policy, ACCOUNT),
        own_hours=view.week_words(view.shown_rule(policy, ACCOUNT).week),
        stops=changing.stops(settings),
        opened=looser_than_law(policy),
        confidence=view.CONFIDENCE,
        validity_minutes=settings.validity_minutes,
        hour_form=hour_form,
        text_form=text_form,
        **found,
    )


def _tried(
    box: str, hour_form: TryHourForm, text_form: TryTextForm, status: int, **found: object
) -> ResponseReturnValue:
    """The box alone for the page that asked; the whole page without scripts."""
    if not is_fragment():
        return _rules_page(hour_form, text_form, **found), status
    template = f"compliance/_rules_try_{box}.html"
    return render_template(template, hour_form=hour_form, text_form=text_form, **found), status


def _tell(letters: list[Letter]) -> None:
    config = current_app.extensions["leadline"]
    assert isinstance(config, Settings)
    notices.send_aside(config, letters)
