"""Requests about people's data, and how long things are kept."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import audit, notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance import jobs
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.compliance.privacy import data_requests, export
from webapp.compliance.privacy import retention as keeping
from webapp.compliance.privacy.data_requests import NewRequest, Request
from webapp.compliance.privacy.erasure import AlreadyErasedError
from webapp.compliance.privacy.forms import EraseForm, RequestForm, RetentionForm
from webapp.compliance.privacy.retention import Loss
from webapp.config import Settings
from webapp.database import Connection
from webapp.leads.fields import REGION
from webapp.models.constants import PrivacyKind
from webapp.rules import phones
from webapp.web.fragments import toast
from webapp.web.problems import Problem

_NOTHING_KEPT = (
    "Nothing is kept about this number: nobody texted it or heard of it. There is nothing to hand out or delete."
)
_REPLAY = "Should an older backup ever be restored, erase this number again: it has the same id there."
_ID_DIGITS = 18


@blueprint.get("/compliance/privacy")
@requires(Permission.ADMIN)
def privacy_page() -> ResponseReturnValue:
    """The requests, the most urgent first. ``?number=ID`` fills in whom a new one is about."""
    return _page()


@blueprint.post("/compliance/privacy")
@requires(Permission.ADMIN)
def add_privacy_request() -> ResponseReturnValue:
    """Writes a request down."""
    actor, form = current_actor(), RequestForm()
    with database.transaction() as conn:
        new = _read(conn, form, actor)
        request_id = data_requests.add(conn, new, actor) if new else None
    if new is None or request_id is None:
        return _page(form=form), 422
    if new.kind is PrivacyKind.ERASURE:
        return redirect(url_for("compliance.ask_to_erase", request_id=request_id), 303)
    return redirect(url_for("compliance.privacy_page"), 303)


@blueprint.get(f"/compliance/privacy/<{ID}:request_id>/erase")
@requires(Permission.ADMIN)
def ask_to_erase(request_id: int) -> ResponseReturnValue:
    """What will go, what will stay, and the question."""
    return render_template(
        "compliance/privacy_erase.html", wanted=_demand(request_id, PrivacyKind.ERASURE), form=EraseForm()
    )


@blueprint.post(f"/compliance/privacy/<{ID}:request_id>/erase")
@requires(Permission.ADMIN)
def erase_now(request_id: int) -> ResponseReturnValue:
    """Erases, once the last four digits are typed. It cannot be undone."""
    actor, form = current_actor(), EraseForm()
    wanted = _demand(request_id, PrivacyKind.ERASURE)
    if not (form.validate_on_submit() and form.matches(wanted.last_four)):
        return render_template("compliance/privacy_erase.html", wanted=wanted, form=form), 422
    try:
        with database.transaction() as conn:
            data_requests.carry_out_erasure(conn, wanted, actor, clock.now())
            told = f"{actor.name} erased the data of number {wanted.contact_number_id} (request {wanted.id})."
            letters = notices.to_owners(conn, "a person's data was erased", f"{told}\n\n{_REPLAY}")
    except AlreadyErasedError:
        raise Problem.conflict("This person's data is erased already.") from None
    jobs.ring_erasures()
    notices.send_aside(_settings(), letters)
    toast("Erased. The carrier's copy is being deleted now.")
    return redirect(url_for("compliance.privacy_page"), 303)


@blueprint.post(f"/compliance/privacy/<{ID}:request_id>/export")
@requires(Permission.ADMIN)
def export_person(request_id: int) -> ResponseReturnValue:
    """All that is kept about the person, as a ZIP. Audited, and the owners are told."""
    actor, now = current_actor(), clock.now()
    wanted = _demand(request_id, PrivacyKind.EXPORT)
    with database.transaction() as conn:
        written = export.write(conn, wanted.contact_number_id, by=actor.name, at=now)
        if written is None:
            raise Problem.not_found("number")
        file, texts = written
        audit.record(
            conn, actor.id, "privacy.exported", f"number:{wanted.contact_number_id}", request=request_id, texts=texts
        )
        data_requests.mark_done(conn, wanted, now, {"texts": texts})
        told = f"{actor.name} took the data of number {wanted.contact_number_id} ({texts:,} texts)."
        letters = notices.to_owners(conn, "a person's data was exported", told)
    notices.send_aside(_settings(), letters)
    name = f"data-of-number-{wanted.contact_number_id}.zip"
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)


@blueprint.post("/compliance/privacy/retention")
@requires(Permission.ADMIN)
def save_retention() -> ResponseReturnValue:
    """How long things are kept, from the next night on. Asks first where words or files would go for good."""
    form = RetentionForm()
    if not form.validate_on_submit():
        return _page(retention=form), 422
    with database.transaction() as conn:
        loss = _loss(conn, form)
    if loss and form.sure.data != form.asked_for:
        return _page(retention=form, loss=loss), 422
    with database.transaction() as conn:
        account_settings.save(
            conn,
            current_actor(),
            keep_bodies_days=form.keep_bodies_days.data,
            keep_media_days=form.keep_media_days.data,
            keep_webhooks_days=form.keep_webhooks_days.data,
        )
    toast("Saved. What is older goes within a day.")
    return redirect(url_for("compliance.privacy_page"), 303)


def _loss(conn: Connection, form: RetentionForm) -> Loss | None:
    """What goes by a shorter time than until now; None when nothing does."""
    bodies, files = form.keep_bodies_days.data, form.keep_media_days.data
    assert bodies is not None
    assert files is not None
    settings = account_settings.read(conn)
    if bodies >= settings.keep_bodies_days and files >= settings.keep_media_days:
        return None
    found = keeping.loss(conn, clock.now(), bodies_days=bodies, files_days=files)
    return found if found.bodies or found.files else None


def _read(conn: Connection, form: RequestForm, actor: Actor) -> NewRequest | None:
    """The request that the form means; None when the form says what is wrong."""
    if not form.validate_on_submit():
        return None
    today = clock.now().astimezone(ZoneInfo(actor.timezone)).date()
    parsed = phones.parse(form.phone.data or "", REGION)
    number = data_requests.find_number(conn, parsed.e164) if parsed.e164 else None
    if number is None:
        form.phone.errors = [_NOTHING_KEPT if parsed.e164 else parsed.warning or "This is no phone number."]
    if not form.check_day(today) or number is None or form.received_on.data is None:
        return None
    received = datetime.combine(form.received_on.data, time(12), ZoneInfo(actor.timezone))
    return NewRequest(
        PrivacyKind(form.kind.data),
        number,
        min(received, clock.now()),
        form.received_by.data,
        " ".join((form.note.data or "").replace("\x00", "").split()),
    )


def _demand(request_id: int, kind: PrivacyKind) -> Request:
    """The request, of this kind and, if it is an erasure, not done yet."""
    with database.transaction() as conn:
        found = data_requests.find(conn, request_id)
    if found is None or found.kind != kind:
        raise Problem.not_found("request")
    if kind is PrivacyKind.ERASURE and found.erased:
        raise Problem.conflict("This person's data is erased already.")
    return found


def _page(*, form: RequestForm | None = None, retention: RetentionForm | None = None, loss: Loss | None = None) -> str:
    today = clock.now().astimezone(ZoneInfo(current_actor().timezone)).date()
    named = request.args.get("number", "")
    with database.transaction() as conn:
        phone = data_requests.phone_of(conn, int(named)) if named.isdecimal() and len(named) <= _ID_DIGITS else None
        settings = account_settings.read(conn)
        return render_template(
            "compliance/privacy.html",
            requests=data_requests.listed(conn),
            form=form or RequestForm(formdata=None, phone=phones.display(phone) if phone else "", received_on=today),
            opened=form is not None or phone is not None,
            loss=loss,
            retention=retention or RetentionForm(formdata=None, obj=settings),
            at=clock.now(),
        )


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
