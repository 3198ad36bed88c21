"""Caps, keywords and the answers to them."""

from __future__ import annotations

from typing import cast

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.settings import AccountSettings
from webapp.carrier import carrier_from_settings, segments
from webapp.carrier.errors import CarrierError
from webapp.compliance.pages.blueprint import blueprint
from webapp.compliance.texting import answers, changing, validity
from webapp.compliance.texting.changing import Draft
from webapp.compliance.texting.forms import ANSWERS, TextingForm
from webapp.config import Settings
from webapp.web.fragments import go_to, toast


@blueprint.get("/compliance/texting")
@requires(Permission.MANAGE)
def texting_page() -> ResponseReturnValue:
    """What is answered to whom, what stops texts, and how many may go. Admins change it."""
    with database.transaction() as conn:
        settings = account_settings.read(conn)
    return _page(TextingForm.showing(settings), settings)


@blueprint.post("/compliance/texting")
@requires(Permission.ADMIN)
def save_texting() -> ResponseReturnValue:
    """Tightens at once; what loosens is named first, and done when the same form comes again with its seal."""
    form = TextingForm()
    with database.transaction() as conn:
        before = account_settings.read(conn)
    if not form.read():
        return _page(form, before), 422
    made = changing.draft(before, form.changes())
    if made.loosened and form.agreed.data != made.seal:
        form.agreed.data = made.seal
        return _page(form, before, made)
    minutes = cast(int, form.validity_minutes.data)
    if minutes < before.validity_minutes and not _told_twilio(minutes, form):
        return _page(form, before), 422
    with database.transaction() as conn:
        letters = changing.save(conn, current_actor(), made)
    notices.send_aside(_config(), letters)
    if minutes > before.validity_minutes and not _told_twilio(minutes, form):
        toast(f"Saved. {form.validity_minutes.errors[0]} It keeps texts for less long until then, which is safe.")
    else:
        toast("Saved.")
    return go_to(url_for("compliance.texting_page"))


@blueprint.post("/compliance/texting/preview")
@requires(Permission.MANAGE)
def preview_texting() -> ResponseReturnValue:
    """The answers as people would read them, for the page that they are being typed into. Nothing is kept."""
    form = TextingForm()
    form.read()
    return render_template("compliance/texting_preview.html", answers=_answers(form), form=form)


def _told_twilio(minutes: int, form: TextingForm) -> bool:
    """Before a shorter time is saved, after a longer one: so what Twilio does is never more than the gate believes."""
    config = _config()
    if not config.twilio_account_sid:
        return True
    try:
        validity.apply(carrier_from_settings(config), minutes)
    except CarrierError as error:
        form.validity_minutes.errors = [f"Twilio did not take {minutes} minutes: {error}."]
        return False
    return True


def _page(form: TextingForm, settings: AccountSettings, made: Draft | None = None) -> str:
    with database.transaction() as conn:
        used = changing.used(conn, settings, clock.now())
        complaint = validity.complaint(conn)
    return render_template(
        "compliance/texting.html",
        form=form,
        made=made,
        used=used,
        complaint=complaint,
        tiers=changing.BRAND_TIERS,
        answers=_answers(form),
    )


def _answers(form: TextingForm) -> list[tuple[str, str, int]]:
    """Each answer's field, what people would read, and its segments."""
    known = {name: form[name].data or "" for name in ("business_name", "business_contact", "message_frequency")}
    frequency = known["message_frequency"] or AccountSettings().message_frequency
    settings = AccountSettings().model_copy(update=known | {"message_frequency": frequency})  # as typed, right or not
    read = [(name, form[name].data or answers.standard(kind, settings)) for name, kind in ANSWERS]
    return [(name, words, segments.count(words).segments) for name, words in read]


def _config() -> Settings:
    config = current_app.extensions["leadline"]
    assert isinstance(config, Settings)
    return config
