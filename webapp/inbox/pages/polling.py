"""What pages ask every few seconds. Unchanged costs one query; nothing here extends a session."""

from __future__ import annotations

from flask import Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.sessions import session_identity
from webapp.database import Connection
from webapp.inbox import screens, threads, versions
from webapp.inbox.pages import answers
from webapp.inbox.pages.blueprint import blueprint
from webapp.inbox.screens import ThreadPane
from webapp.inbox.versions import Versions
from webapp.inbox.view import OnScreen, Page
from webapp.messaging import threads as conversations
from webapp.web.fragments import not_modified, tagged, unchanged


@blueprint.get("/inbox/poll")
@requires(Permission.SIGNED_IN, poll=True)
def poll() -> ResponseReturnValue:
    """One request for everything that the page shows: 304, or the fragments that changed."""
    identity = _identity()
    on_screen = OnScreen.read(request.args)
    with database.autocommit() as conn:
        found = versions.read(conn, identity, on_screen.thread)
        if found is None:
            abort(401)
        if unchanged(found.tag):
            return not_modified()
        return _changed(conn, identity, found, on_screen)


@blueprint.get("/pulse")
@requires(Permission.SIGNED_IN, poll=True)
def pulse() -> ResponseReturnValue:
    """What a hidden tab asks: how many wait for this person or for nobody, and the newest inbound text's id."""
    with database.autocommit() as conn:
        found = versions.pulse(conn, _identity())
    if found is None:
        abort(401)
    newest = None if found.newest_inbound is None else str(found.newest_inbound)
    return jsonify(waiting=found.waiting, newest_inbound_id=newest)


def _identity() -> tuple[int, int]:
    identity = session_identity()
    if identity is None:
        abort(401)
    return identity


def _changed(conn: Connection, identity: tuple[int, int], found: Versions, on_screen: OnScreen) -> Response:
    """Only what the asker's tag does not have yet. What is on the screen is read."""
    g.actor = found.actor
    list_tag, _, thread_tag = request.headers.get("HX-PTag", "").rpartition(".")
    if on_screen.thread and found.thread is not None and conversations.mark_read(conn, on_screen.thread):
        found = versions.read(conn, identity, on_screen.thread) or found
    pane = _load_thread(conn, found, on_screen) if found.thread_tag != thread_tag else None
    listed = None
    if on_screen.page is Page.INBOX and found.list_tag != list_tag:
        listed = screens.load_list(conn, found.actor, on_screen)
    if pane is not None:
        on_screen = on_screen.with_thread(pane.head.id, pane.since)
    gone = on_screen.thread is not None and found.thread is None
    return tagged(answers.changes(pane, listed, on_screen, gone=gone), found.tag)


def _load_thread(conn: Connection, found: Versions, on_screen: OnScreen) -> ThreadPane | None:
    head = threads.find(conn, found.actor, on_screen.thread) if on_screen.thread is not None else None
    if head is None:
        return None
    return screens.load_thread(conn, found.actor, head, since=on_screen.since, now=clock.now())
