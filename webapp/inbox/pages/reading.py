"""Looking at the inbox: the page, its fragments, and why a text went or did not."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.inbox import ledger, lists, media, screens, threads
from webapp.inbox.lists import Key
from webapp.inbox.pages import answers
from webapp.inbox.pages.blueprint import ID, blueprint, demand_thread
from webapp.inbox.view import OnScreen, read_id
from webapp.leads.fields import REGION
from webapp.rules.phones import parse
from webapp.web.fragments import is_fragment
from webapp.web.paging import decode_cursor
from webapp.web.problems import Problem


@blueprint.get("/")
@requires(Permission.SIGNED_IN)
def start() -> ResponseReturnValue:
    """The inbox is where a day begins."""
    return redirect(url_for("inbox.index"))


@blueprint.get("/inbox")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """The list; ``?phone=`` goes on to the thread of that number."""
    actor = current_actor()
    with database.transaction() as conn:
        if "phone" in request.args:
            return redirect(_address_of_number(conn, actor, request.args["phone"]))
        return answers.whole_page(conn, actor, OnScreen.read(request.args).with_thread(None))


@blueprint.get(f"/inbox/<{ID}:conversation_id>")
@requires(Permission.SIGNED_IN)
def thread(conversation_id: int) -> ResponseReturnValue:
    """The list with one conversation open."""
    with database.transaction() as conn:
        return answers.whole_page(conn, current_actor(), OnScreen.read(request.args).with_thread(conversation_id))


@blueprint.get(f"/inbox/<{ID}:conversation_id>/pane")
@requires(Permission.SIGNED_IN)
def pane(conversation_id: int) -> ResponseReturnValue:
    """One conversation, to be put beside the list that is already there."""
    with database.transaction() as conn:
        on_screen = OnScreen.read(request.args).with_thread(conversation_id)
        return answers.conversation(answers.open_thread(conn, current_actor(), on_screen))


@blueprint.get(f"/inbox/<{ID}:conversation_id>/older")
@requires(Permission.SIGNED_IN)
def older(conversation_id: int) -> ResponseReturnValue:
    """The thread from text ``from`` on: with one more page above what was shown."""
    actor, since = current_actor(), read_id(request.args.get("from")) or 0
    on_screen = OnScreen.read(request.args).with_thread(conversation_id, since)
    with database.autocommit() as conn:
        head = demand_thread(conn, actor, conversation_id)
        found = screens.load_thread(conn, actor, head, since=on_screen.since, now=clock.now())
    return answers.changes(found, None, on_screen.with_thread(conversation_id, found.since))


@blueprint.get("/inbox/rows")
@requires(Permission.SIGNED_IN)
def rows() -> ResponseReturnValue:
    """The next page of the list."""
    actor, on_screen = current_actor(), OnScreen.read(request.args)
    scope = screens.cursor_scope(on_screen.selection)
    at, last_id = decode_cursor(request.args.get("cursor", ""), scope=scope)
    assert isinstance(at, datetime)
    with database.autocommit() as conn:
        more, cursor = screens.load_rows(conn, actor, on_screen.selection, after=Key(at, last_id))
    shown = on_screen.shown + lists.PAGE
    return render_template("inbox/more.html", rows=more, next_cursor=cursor, on_screen=on_screen, shown=shown)


@blueprint.get(f"/inbox/messages/<{ID}:message_id>/why")
@requires(Permission.SIGNED_IN)
def why(message_id: int) -> ResponseReturnValue:
    """Every decision on a text, or on a group of them (``from``), in sentences."""
    actor = current_actor()
    first = min(read_id(request.args.get("from")) or message_id, message_id)
    with database.autocommit() as conn:
        if threads.of_message(conn, actor, message_id) is None:
            raise Problem.not_found("text")
        explained = ledger.explain(conn, actor, first, message_id)
    return render_template("inbox/why.html", texts=explained, bare=is_fragment(), zone=actor.timezone)


@blueprint.get(f"/inbox/<{ID}:conversation_id>/why")
@requires(Permission.SIGNED_IN)
def why_closed(conversation_id: int) -> ResponseReturnValue:
    """What the gate says to a text of this moment, and by which rule."""
    actor = current_actor()
    with database.autocommit() as conn:
        head = demand_thread(conn, actor, conversation_id)
        decision, history = ledger.forecast(conn, head, clock.now())
    return render_template(
        "inbox/why_closed.html", decision=decision, history=history, bare=is_fragment(), zone=actor.timezone
    )


@blueprint.get(f"/media/<{ID}:media_id>")
@requires(Permission.SIGNED_IN)
def attachment(media_id: int) -> ResponseReturnValue:
    """A picture in the page; anything else as a download, whatever its sender called it."""
    with database.autocommit() as conn:
        found = media.find(conn, current_actor(), media_id)
    if found is None:
        raise Problem.not_found("file")
    response = send_file(
        BytesIO(found.content),
        mimetype=found.content_type if found.inline else "application/octet-stream",
        as_attachment=not found.inline,
        download_name=found.filename or f"attachment-{media_id}",
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _address_of_number(conn: Connection, actor: Actor, typed: str) -> str:
    e164 = parse(typed.strip(), REGION).e164
    found = threads.find_of_number(conn, actor, e164) if e164 else None
    if found is not None:
        return url_for("inbox.thread", conversation_id=found)
    return url_for("inbox.index", q=typed)
