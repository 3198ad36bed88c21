"""The words that people agree to on the opt-in page: kept verbatim, in versions, for the consents that cite them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.compliance.public.programme import Programme
from webapp.database import Connection

WEB_FORM = "web_form"

#: What a privacy page must say, or the campaign is rejected (Twilio error 30932).
NO_SHARING = (
    "Mobile opt-in data and consent are not shared with or sold to third parties or affiliates"
    " for marketing or promotional purposes."
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One version. ``consents``: how many rows of the ledger cite it."""

    id: int
    version: int
    text: str
    created_at: datetime
    consents: int = 0


def web_form_text(programme: Programme) -> str:
    """What stands beside the box that people tick: 47 CFR 64.1200(f)(9), and CTIA's call to action.

    Marketing alone: carriers reject one consent for several kinds of texts (Twilio error 30913).
    """
    business = programme.settings.business_name
    return (
        f"I agree to receive recurring marketing text messages from {business}, sent by automated means, about"
        f" {programme.topics}, at the mobile number I entered. Consent is not a condition of any purchase."
        f" {programme.frequency}. Msg & data rates may apply. Reply STOP to opt out, HELP for help."
    )


def current(conn: Connection, text: str, render: Callable[[int], str]) -> Disclosure:
    """The version that says exactly ``text``, if it is the newest; else a new one.

    ``render`` gives the page around the words as HTML, for the version that is being made.
    """
    newest = _newest(conn)
    if newest is not None and newest.text == text:
        return newest
    conn.execute(
        "SELECT pg_advisory_xact_lock(hashtext('disclosures'))"
    )  # one maker at a time, or two versions are one
    newest = _newest(conn)
    if newest is not None and newest.text == text:
        return newest
    return _make(conn, 1 if newest is None else newest.version + 1, text, render)


def versions(conn: Connection) -> list[Disclosure]:
    """All of them, newest first, with how often each is cited."""
    with conn.cursor(row_factory=class_row(Disclosure)) as cursor:
        return cursor.execute(
            """
            SELECT d.id, d.version, d.text, d.created_at,
                   (SELECT count(*) FROM consent_events c WHERE c.disclosure_id = d.id) AS consents
            FROM disclosures d WHERE d.kind = %s ORDER BY d.version DESC
            """,
            [WEB_FORM],
        ).fetchall()


def page_of(conn: Connection, version: int) -> str | None:
    """The page as it was shown around a version's words; None where there is no such version."""
    row = conn.execute("SELECT page FROM disclosures WHERE kind = %s AND version = %s", [WEB_FORM, version]).fetchone()
    return None if row is None else str(row[0])


def digest(text: str, page: str) -> bytes:
    """What proves that neither the words nor the page around them were changed: SHA-256 over both, NUL between."""
    return hashlib.sha256(f"{text}\0{page}".encode()).digest()


def _newest(conn: Connection) -> Disclosure | None:
    with conn.cursor(row_factory=class_row(Disclosure)) as cursor:
        return cursor.execute(
            "SELECT id, version, text, created_at FROM disclosures WHERE kind = %s ORDER BY version DESC LIMIT 1",
            [WEB_FORM],
        ).fetchone()


def _make(conn: Connection, version: int, text: str, render: Callable[[int], str]) -> Disclosure:
    page = render(version)
    row = conn.execute(
        """
        INSERT INTO disclosures (kind, version, text, page, sha256) VALUES (%s, %s, %s, %s, %s)
        RETURNING id, created_at
        """,
        [WEB_FORM, version, text, page, digest(text, page)],
    ).fetchone()
    assert row is not None
    return Disclosure(int(row[0]), version, text, row[1])
