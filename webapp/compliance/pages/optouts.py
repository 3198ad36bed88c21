"""Who must not be texted, and how everybody else agreed: the list, and what is done from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp import clock, database
from webapp.accounts import audit, notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.consent.words import source_words
from webapp.compliance.optouts import business_days, by_hand, doubts, floods, standings
from webapp.compliance.optouts.forms import AddForm
from webapp.compliance.optouts.standings import Position, Show, Standing
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.config import Settings
from webapp.leads.contacts import ensure_contact_number
from webapp.rules.phones import display
from webapp.web import csvsafe
from webapp.web.fragments import toast
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import Problem
from webapp.web.times import rfc3339

_LONGEST_SEARCH = 200
_EXPORTED_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class View:
    """What the list is asked to show. A search looks at all numbers, however they stand."""

    show: Show
    typed: str

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """The view that an address means; what makes no sense in it is passed over."""
        show = given.get("show", "")
        typed = given.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").strip()
        return cls(Show(show) if show in set(Show) else Show.SUPPRESSED, typed)

    def at(self, **more: str | None) -> str:
        """The list's address with this view; ``more`` replaces parts of it, None leaves them out."""
        parts = {"show": str(self.show), "q": self.typed, **more}
        kept: dict[str, Any] = {
            name: value for name, value in parts.items() if value not in ("", None, Show.SUPPRESSED)
        }
        return url_for("compliance.opt_outs", **kept)

    @property
    def ordered_by(self) -> Show | None:
        return None if self.typed else self.show


@blueprint.get("/compliance/opt-outs")
@requires(Permission.MANAGE)
def opt_outs() -> ResponseReturnValue:
    """The list: by standing, or what was searched for; one page of it."""
    return _page(View.read(request.args), AddForm())


@blueprint.post("/compliance/opt-outs")
@requires(Permission.MANAGE)
def add_opt_out() -> ResponseReturnValue:
    """Opts a number out that somebody typed in."""
    actor, form, now = current_actor(), AddForm(), clock.now()
    valid = form.validate()
    e164 = form.read_phone()
    if not valid or e164 is None:
        return _page(View.read(request.args), form), 422
    with database.transaction() as conn:
        number = ensure_contact_number(conn, e164, now)
        fresh = by_hand.opt_out(conn, number, form.method.data, form.note.data or "", actor=actor, now=now)
    undo = url_for("compliance.undo_opt_out", number_id=number) if fresh else None
    said = "is opted out." if fresh else f"was opted out already. {by_hand.NOTED}"
    toast(f"{display(e164)} {said}", undo=undo)
    return redirect(url_for("compliance.opt_outs"), 303)


@blueprint.post(f"/compliance/opt-outs/<{ID}:number_id>/confirm")
@requires(Permission.MANAGE)
def confirm_opt_out(number_id: int) -> ResponseReturnValue:
    """It was an opt-out."""
    with database.transaction() as conn:
        done = doubts.confirm(conn, [number_id], actor_id=current_actor().id, now=clock.now())
    return _decided(number_id, "Opted out.", done=done)


@blueprint.post(f"/compliance/opt-outs/<{ID}:number_id>/dismiss")
@requires(Permission.MANAGE)
def dismiss_opt_out(number_id: int) -> ResponseReturnValue:
    """It was none."""
    with database.transaction() as conn:
        done = doubts.dismiss(conn, [number_id], actor_id=current_actor().id, now=clock.now())
    return _decided(number_id, "Not an opt-out. Automatic texts go on.", done=done)


@blueprint.post("/compliance/opt-outs/flood")
@requires(Permission.MANAGE)
def settle_flood() -> ResponseReturnValue:
    """The answer for all that the carrier reported at once. ``answer``: real, or wrong."""
    answer = request.form.get("answer")
    if answer not in ("real", "wrong"):
        raise Problem.invalid([("answer", "Say whether they are real.")])
    with database.transaction() as conn:
        settled = floods.settle(conn, current_actor(), real=answer == "real", now=clock.now())
    toast(f"{settled:,} opted out." if answer == "real" else f"{settled:,} dismissed. Automatic texts go on.")
    return redirect(url_for("compliance.opt_outs"), 303)


@blueprint.post("/compliance/opt-outs/export")
@requires(Permission.ADMIN)
def export_opt_outs() -> ResponseReturnValue:
    """Everybody who is opted out, as a file. Audited, and the owners are told."""
    actor = current_actor()
    with database.transaction() as conn:
        rows = standings.count_suppressed(conn)
        audit.record(conn, actor.id, "opt_outs.exported", "account", rows=rows)
        letters = notices.to_owners(conn, "the opt-out list was exported", f"{actor.name} exported {rows:,} numbers.")
    notices.send_aside(_settings(), letters)
    name = f"opt-outs-{clock.now():%Y-%m-%d}.csv"
    return Response(
        csvsafe.lines(_exported()),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _decided(number_id: int, said: str, *, done: int) -> ResponseReturnValue:
    """Back to what is still to be decided, which the focus stays in; for a moment the click can be taken back."""
    undo = url_for("compliance.undo_opt_out", number_id=number_id)
    toast(said if done else "This was decided already.", undo=undo if done else None)
    return redirect(View(Show.DOUBT, "").at(_anchor="numbers"), 303)


def _page(view: View, form: AddForm) -> str:
    with database.transaction() as conn:
        rows = _rows(conn, view, _position(view))
        after = standings.last_position(rows, view.ordered_by)
        zone = account_settings.load(conn).default_timezone
        return render_template(
            "compliance/optouts.html",
            view=view,
            rows=rows[: standings.PAGE],
            next_cursor=encode_cursor(*after, scope=_scope(view)) if after else None,
            counts=standings.counts(conn),
            most=standings.COUNTED_AT_MOST,
            flood=floods.present(conn),
            form=form,
            source_words=source_words,
            days_left=lambda since: business_days.days_left(since, clock.now(), zone),
        )


def _rows(conn: database.Connection, view: View, after: Position) -> list[Standing]:
    """A page, and one row more if there is one."""
    if view.typed:
        return standings.matching(conn, view.typed, after=after, limit=standings.PAGE + 1)
    return standings.listed(conn, view.show, after=after, limit=standings.PAGE + 1)


def _position(view: View) -> Position:
    """From the top where the cursor is of another view, or from before the secret key changed."""
    cursor = request.args.get("after")
    try:
        return decode_cursor(cursor, scope=_scope(view)) if cursor else ()
    except Problem:
        return ()


def _scope(view: View) -> str:
    """A cursor of one view means nothing in another."""
    return f"opt-outs {view.at()}"


def _exported() -> Iterator[tuple[object, ...]]:
    """The file's rows, read a few thousand at a time: the answer is on its way before the last is read."""
    yield ("Phone", "First name", "Last name", "Opted out at", "How", "Words or note", "Entered by")
    after: Position = ()
    while True:
        with database.autocommit() as conn:
            rows = standings.listed(conn, Show.SUPPRESSED, after=after, limit=_EXPORTED_AT_ONCE)
        yield from (_exported_row(row) for row in rows)
        if len(rows) < _EXPORTED_AT_ONCE:
            return
        after = standings.position_of(rows[-1], Show.SUPPRESSED)


def _exported_row(row: Standing) -> tuple[object, ...]:
    phone = "erased" if row.erased_at else display(row.e164)
    since: datetime | None = row.suppressed_at
    return (
        *(phone, row.first_name, row.last_name, rfc3339(since) if since else ""),
        *(source_words(row.suppression_source), row.suppression_reason, row.by),
    )


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
