"""Loads what a page or fragment of the inbox shows: nothing more, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.compliance.optouts import business_days
from webapp.database import Connection
from webapp.inbox import composer, drafts, happenings, lists, threads, timeline
from webapp.inbox.composer import Composer
from webapp.inbox.lists import Counts, Key, Row
from webapp.inbox.places import Place, place_of
from webapp.inbox.selection import Selection
from webapp.inbox.threads import Head
from webapp.inbox.timeline import Item
from webapp.inbox.view import OnScreen
from webapp.inbox.wording import Reader
from webapp.leads import contacts
from webapp.web.paging import encode_cursor


@dataclass(frozen=True, slots=True)
class ListPane:
    """The list; ``next_cursor`` leads to the rows after those shown."""

    selection: Selection
    rows: Sequence[Row]
    next_cursor: str | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a conversation may be assigned to."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ThreadPane:
    """An open conversation, shown from text ``since`` on; ``older`` is where the page before that begins.

    ``days_left``: business days to decide whether it has an opt-out, where somebody must.
    """

    head: Head
    place: Place
    items: Sequence[Item]
    since: int
    older: int | None
    composer: Composer
    people: Sequence[Person]
    days_left: int | None


def load_list(conn: Connection, actor: Actor, on_screen: OnScreen) -> ListPane:
    """The list as far as it is shown."""
    rows, next_cursor = load_rows(conn, actor, on_screen.selection, limit=on_screen.shown)
    return ListPane(on_screen.selection, rows, next_cursor, lists.counts(conn, actor))


def load_rows(
    conn: Connection, actor: Actor, selection: Selection, *, limit: int = lists.PAGE, after: Key | None = None
) -> tuple[Sequence[Row], str | None]:
    """Rows of a list, and the cursor of those that follow."""
    rows = lists.load(conn, actor, selection, limit=limit + 1, after=after)
    if len(rows) <= limit:
        return rows, None
    last = lists.key_of(rows[limit - 1], selection)
    return rows[:limit], encode_cursor(last.at, last.id, scope=cursor_scope(selection))


def cursor_scope(selection: Selection) -> str:
    """A cursor of one list means nothing in another."""
    return f"inbox?{selection.query()}"


def load_thread(conn: Connection, actor: Actor, head: Head, *, since: int = 0, now: datetime) -> ThreadPane:
    """A conversation that the actor may see. ``since`` 0: its newest texts. ``now`` is business time."""
    texts = threads.texts(conn, head.id, since=since, limit=threads.LONGEST if since else threads.PAGE)
    our_zone = account_settings.load(conn).default_timezone
    place = place_of(head.phone, head.region, head.timezone, our_zone)
    since = texts[0].id if texts else 0
    older = threads.page_before(conn, head.id, since) if since else None
    items = timeline.build(
        texts,
        threads.attachments(conn, [text.id for text in texts]),
        happenings.of(conn, head.id, since=texts[0].created_at if older else None),
        Reader(actor.id, actor.timezone, place, contacts.simulated()),
    )
    return ThreadPane(
        head,
        place,
        items,
        since,
        older,
        _composer(conn, actor, head, place, now),
        _people(conn),
        business_days.days_left(head.doubt_at, now, our_zone) if head.doubt_at else None,
    )


def _composer(conn: Connection, actor: Actor, head: Head, place: Place, now: datetime) -> Composer:
    composed = composer.compose(head, place, actor.timezone, composer.forecast(conn, head, now))
    return replace(composed, draft=drafts.load(conn, head.id, actor.id))


def _people(conn: Connection) -> list[Person]:
    with conn.cursor(row_factory=class_row(Person)) as cursor:
        return cursor.execute("SELECT id, name FROM users WHERE active ORDER BY name, id").fetchall()
