"""Pages and fragments of the inbox, rendered from what is on screen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from flask import make_response, render_template
from flask.wrappers import Response

from webapp import clock
from webapp.accounts.actors import Actor
from webapp.accounts.sessions import session_identity
from webapp.database import Connection
from webapp.inbox import composer, screens, versions
from webapp.inbox.pages.blueprint import demand_thread
from webapp.inbox.screens import ListPane, ThreadPane
from webapp.inbox.sending import Result, Typed
from webapp.inbox.view import OnScreen, Page
from webapp.messaging import threads as conversations
from webapp.web.fragments import is_fragment


@dataclass(frozen=True, slots=True)
class Opened:
    """A thread as it is opened: what is on screen now, and the tag that its polls begin with."""

    pane: ThreadPane | None
    on_screen: OnScreen
    tag: str


def open_thread(conn: Connection, actor: Actor, on_screen: OnScreen) -> Opened:
    """Loads the thread of ``on_screen``, if any; to open it is to read it. Raises a 404 Problem.

    The tag is read before the content: what changes in between is caught by the first poll.
    """
    if on_screen.thread is None:
        return Opened(None, on_screen, current_tag(conn, on_screen))
    head = demand_thread(conn, actor, on_screen.thread)
    conversations.mark_read(conn, head.id)
    tag = current_tag(conn, on_screen)
    pane = screens.load_thread(conn, actor, head, now=clock.now())
    return Opened(pane, on_screen.with_thread(head.id, pane.since), tag)


def current_tag(conn: Connection, on_screen: OnScreen) -> str:
    """The tag of what is on screen. Empty for a caller without a session, who never polls.

    A fragment comes beside a list that may be old: its tag says nothing about the list, so that the next poll does.
    """
    identity = session_identity()
    found = versions.read(conn, identity, on_screen.thread) if identity else None
    if found is None:
        return ""
    return f".{found.thread_tag}" if is_fragment() else found.tag


def whole_page(conn: Connection, actor: Actor, on_screen: OnScreen) -> str:
    """The inbox with its list and, if one is open, its thread."""
    opened = open_thread(conn, actor, on_screen)
    return render_page(opened, screens.load_list(conn, actor, opened.on_screen))


def render_page(opened: Opened, listed: ListPane) -> str:
    return render_template(
        "inbox/page.html", pane=opened.pane, listed=listed, on_screen=opened.on_screen, tag=opened.tag
    )


def conversation(opened: Opened) -> str:
    """The panes beside the list: thread, lead, and the poller."""
    return render_template("inbox/_conversation.html", pane=opened.pane, on_screen=opened.on_screen, tag=opened.tag)


def changes(pane: ThreadPane | None, listed: ListPane | None, on_screen: OnScreen, *, gone: bool = False) -> str:
    """What changed, each fragment for its own place. ``gone``: the open thread may no longer be seen."""
    return render_template("inbox/changes.html", pane=pane, listed=listed, on_screen=on_screen, gone=gone)


def after_an_act(conn: Connection, actor: Actor, on_screen: OnScreen, now: datetime) -> Response:
    """Thread and list as they are after something was done to the thread."""
    return make_response(changes(*_reloaded(conn, actor, on_screen, now)))


def after_sending(
    conn: Connection, actor: Actor, on_screen: OnScreen, typed: Typed, result: Result, now: datetime
) -> Response:
    """The same, with what the composer has to say."""
    pane, listed, on_screen = _reloaded(conn, actor, on_screen, now)
    pane = _answering(pane, typed, result)
    response = make_response(changes(pane, listed, on_screen), result.status)
    response.headers["HX-Trigger"] = json.dumps(_tell_the_composer(pane.composer.client_key, typed, result))
    return response


def _tell_the_composer(next_key: str, typed: Typed, result: Result) -> dict[str, dict[str, str]]:
    """Events for the page, which keeps box and key through every swap: which key is used up, and the one that follows.

    A text that the page is told has gone leaves the box; then its status is polled for every second.
    """
    if result.ok:
        return {"text-sent": {"key": typed.client_key, "next": next_key}, "poll-fast": {}}
    return {"new-key": {"next": next_key}} if result.fresh_key else {}


def page_after_sending(conn: Connection, actor: Actor, on_screen: OnScreen, typed: Typed, result: Result) -> Response:
    """The whole page for a browser without scripts, with the text still in the box."""
    opened = open_thread(conn, actor, on_screen)
    assert opened.pane is not None
    pane = _answering(opened.pane, typed, result)
    pane = replace(pane, composer=replace(pane.composer, draft=typed.body))
    opened = replace(opened, pane=pane)
    return make_response(render_page(opened, screens.load_list(conn, actor, opened.on_screen)), result.status)


def _reloaded(
    conn: Connection, actor: Actor, on_screen: OnScreen, now: datetime
) -> tuple[ThreadPane, ListPane | None, OnScreen]:
    assert on_screen.thread is not None
    head = demand_thread(conn, actor, on_screen.thread)
    pane = screens.load_thread(conn, actor, head, since=on_screen.since, now=now)
    listed = screens.load_list(conn, actor, on_screen) if on_screen.page is Page.INBOX else None
    return pane, listed, on_screen.with_thread(head.id, pane.since)


def _answering(pane: ThreadPane, typed: Typed, result: Result) -> ThreadPane:
    """The composer with the error, and with the same key unless the text now is another one."""
    if result.ok:
        return pane
    key = composer.new_key() if result.fresh_key else typed.client_key
    said = replace(pane.composer, error=result.error, answered=result.answered, client_key=key)
    return replace(pane, composer=said)
