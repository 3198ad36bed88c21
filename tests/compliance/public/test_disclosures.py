"""The words that people agree to: verbatim, in versions that stay for the consents that cite them."""

from __future__ import annotations

import threading

import psycopg
from flask import Flask

from tests.compliance.public.support import OPEN, Stranger, configure
from tests.support.people import Cast
from tests.support.sessions import signed_in
from tests.support.world import add_sender
from webapp import database
from webapp.compliance.public import disclosures


def test_the_words_say_all_that_consent_in_writing_needs(app: Flask, conn: psycopg.Connection) -> None:
    _open(conn)

    page = Stranger(app).opens().text

    text = _versions(conn)[0][1]
    for words in (
        "marketing text messages from Lone Star Homes",
        "automated means",
        "homes for sale and open houses",
        "not a condition of any purchase",
        "Up to 4 msgs/month.",
        "Msg & data rates may apply",
        "Reply STOP to opt out, HELP for help",
    ):
        assert words in text, words
    assert text.replace("&", "&amp;") in page


def test_the_same_words_are_one_version_and_new_words_a_new_one_beside_the_old(
    app: Flask, conn: psycopg.Connection
) -> None:
    _open(conn)
    Stranger(app).opens()
    Stranger(app).opens()
    configure(conn, {"message_frequency": "Up to 8 msgs/month"})
    Stranger(app).opens()
    configure(conn, {"business_address": "2 Congress Ave"})
    Stranger(app).opens()

    kept = _versions(conn)

    assert [version for version, *_ in kept] == [1, 2]
    assert "Up to 4 msgs/month" in kept[0][1]
    assert "Up to 8 msgs/month" in kept[1][1]


def test_a_version_keeps_the_page_and_a_hash_over_both_and_nobodys_token(app: Flask, conn: psycopg.Connection) -> None:
    _open(conn)
    Stranger(app).opens()

    _, text, page, sha256 = _versions(conn)[0]

    assert text.replace("&", "&amp;") in page
    assert "<!doctype html>" in page
    assert "csrf_token" not in page
    assert sha256 == disclosures.digest(text, page)


def test_many_first_readers_at_once_make_one_version(app: Flask, conn: psycopg.Connection) -> None:
    _open(conn)
    start = threading.Barrier(8)

    def read() -> None:
        with app.app_context(), database.transaction() as mine:
            start.wait()
            disclosures.current(mine, "the words", lambda _version: "the page")

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert [(version, text) for version, text, *_ in _versions(conn)] == [(1, "the words")]


def test_managers_see_every_version_with_its_consents_and_get_the_page_as_it_was(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    _open(conn)
    Stranger(app).signs_up("512-555-0111")
    configure(conn, {"message_topics": "rentals"})
    Stranger(app).opens()

    manager = signed_in(app, cast.manager)
    listed = manager.get("/compliance/public").text
    page = manager.get("/compliance/public/disclosures/1")

    assert "homes for sale and open houses, at the mobile number" in listed
    assert "rentals, at the mobile number" in listed
    assert [row.consents for row in disclosures.versions(conn)] == [0, 1]
    assert "homes for sale and open houses" in page.text
    assert "attachment" in page.headers["Content-Disposition"]
    assert manager.get("/compliance/public/disclosures/3").status_code == 404


def _open(conn: psycopg.Connection) -> None:
    configure(conn, OPEN)
    add_sender(conn, "+15125550100")


def _versions(conn: psycopg.Connection) -> list[tuple[int, str, str, bytes]]:
    return conn.execute("SELECT version, text, page, sha256 FROM disclosures ORDER BY version").fetchall()
