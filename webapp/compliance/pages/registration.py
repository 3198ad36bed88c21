"""What carriers ask before a business may text: a checklist, its state, and a document to print."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField

from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance import asking, jobs
from webapp.compliance.pages.blueprint import blueprint
from webapp.compliance.pages.public import programme_of
from webapp.compliance.registration import drafts, reading
from webapp.compliance.registration.drafts import Draft
from webapp.compliance.registration.fields import Field
from webapp.compliance.registration.reading import WORDS
from webapp.database import Connection
from webapp.models.constants import RegistrationKind
from webapp.web.fragments import toast
from webapp.web.problems import Problem

#: The tabs: address and kind.
_KINDS = {"10dlc": RegistrationKind.TEN_DLC, "toll-free": RegistrationKind.TOLL_FREE}


class StateForm(FlaskForm):
    """Where the review stands, as an admin says it."""

    registration_state = RadioField(
        "State of the registration",
        choices={
            "unknown": "Nobody has said",
            "pending": "Under review",
            "approved": "Approved",
            "rejected": "Rejected",
        },
    )


@blueprint.get("/compliance/registration")
@requires(Permission.MANAGE)
def registration_home() -> ResponseReturnValue:
    """The registration of local numbers: what most accounts need."""
    return _show("10dlc")


@blueprint.get("/compliance/registration/<slug>")
@requires(Permission.MANAGE)
def registration_page(slug: str) -> ResponseReturnValue:
    """The checklist of one registration."""
    return _show(slug)


@blueprint.post("/compliance/registration/<slug>")
@requires(Permission.MANAGE)
def save_registration(slug: str) -> ResponseReturnValue:
    """Saves the draft, ready or not."""
    kind = _kind(slug)
    with database.transaction() as conn:
        draft = drafts.save(conn, kind, _given(kind), programme_of(conn), current_actor())
    toast(f"Draft saved. {draft.ready} of {len(draft.counted)} fields are ready.")
    return redirect(url_for("compliance.registration_page", slug=slug), 303)


@blueprint.post("/compliance/registration/<slug>/check")
@requires(Permission.MANAGE)
def check_registration(slug: str) -> ResponseReturnValue:
    """What would be said of these answers, for the page that they are being typed into. Nothing is kept."""
    kind = _kind(slug)
    with database.transaction() as conn:
        draft = drafts.preview(conn, kind, _given(kind), programme_of(conn))
    return render_template("compliance/registration_check.html", draft=draft)


@blueprint.get("/compliance/registration/<slug>/print")
@requires(Permission.MANAGE)
def print_registration(slug: str) -> ResponseReturnValue:
    """The answers as a document for whoever fills in Twilio's form."""
    with database.transaction() as conn:
        programme = programme_of(conn)
        draft = drafts.load(conn, _kind(slug), programme)
    return render_template("compliance/registration_print.html", draft=draft, programme=programme, slug=slug)


@blueprint.post("/compliance/registration/state")
@requires(Permission.ADMIN)
def set_registration_state() -> ResponseReturnValue:
    """Says where the review stands: while it is not through, the live carrier gets no text."""
    form = StateForm()
    if not form.validate_on_submit():
        raise Problem.invalid([("registration_state", "Choose one of the four.")])
    with database.transaction() as conn:
        account_settings.save(conn, current_actor(), registration_state=form.registration_state.data)
    toast("Saved.")
    return redirect(url_for("compliance.registration_page", slug=_slug()), 303)


@blueprint.post("/compliance/registration/ask")
@requires(Permission.MANAGE)
def ask_carrier() -> ResponseReturnValue:
    """Has the carrier asked how far it is; a worker does, and the page looks again until it knows."""
    slug = _slug()
    with database.transaction() as conn:
        now = asking.now(conn)
    jobs.ring_registration()
    return redirect(url_for("compliance.registration_page", slug=slug, asked=now), 303)


def _show(slug: str) -> ResponseReturnValue:
    kind = _kind(slug)
    with database.transaction() as conn:
        programme = programme_of(conn)
        draft = drafts.load(conn, kind, programme)
        return _page(conn, slug, draft)


def _page(conn: Connection, slug: str, draft: Draft) -> str:
    settings, seen = account_settings.read(conn), reading.last(conn)
    return render_template(
        "compliance/registration.html",
        waits=asking.waits(conn, request.args.get("asked"), seen.at if seen else None),
        slug=slug,
        draft=draft,
        state_form=StateForm(formdata=None, registration_state=settings.registration_state),
        seen=seen,
        words=WORDS,
        kinds=[(each, drafts.QUESTIONNAIRES[kind].title) for each, kind in _KINDS.items()],
    )


def _kind(slug: str) -> RegistrationKind:
    if slug not in _KINDS:
        raise Problem.not_found()
    return _KINDS[slug]


def _slug() -> str:
    """The registration whose page has the button that was pressed."""
    slug = request.form.get("slug", "10dlc")
    _kind(slug)
    return slug


def _given(kind: RegistrationKind) -> dict[str, str]:
    return {field.key: _answer(field) for field in drafts.QUESTIONNAIRES[kind].fields()}


def _answer(field: Field) -> str:
    if field.kind == "several":
        return ", ".join(request.form.getlist(field.key))
    return drafts.tidy(request.form.get(field.key, ""))
