"""Contact numbers: one row per number, whoever asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask

from tests.leads.support import NOW, one
from webapp import database
from webapp.leads import contacts
from webapp.leads.contacts import ensure_contact_number


def test_a_number_has_one_row_however_often_it_is_asked_for(conn: psycopg.Connection) -> None:
    first = ensure_contact_number(conn, "+12125550123", NOW)
    assert ensure_contact_number(conn, "+12125550123", NOW) == first
    assert ensure_contact_number(conn, "+12125550124", NOW) != first


def test_many_at_once_get_the_same_row(app: Flask, conn: psycopg.Connection) -> None:
    def ask(_: int) -> int:
        with database.transaction() as own:
            return ensure_contact_number(own, "+12125550123", NOW)

    with ThreadPoolExecutor(10) as pool:
        ids = set(pool.map(ask, range(50)))
    assert len(ids) == 1
    assert one(conn, "SELECT count(*) FROM contact_numbers") == 1


def test_a_number_made_under_the_simulated_carrier_is_marked(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "_carrier", contacts._Carrier())
    contacts.use_carrier(simulated=True)
    ensure_contact_number(conn, "+12125550123", NOW)
    contacts.use_carrier(simulated=False)
    ensure_contact_number(conn, "+12125550124", NOW)
    rows = conn.execute("SELECT e164, simulated FROM contact_numbers ORDER BY e164").fetchall()
    assert rows == [("+12125550123", True), ("+12125550124", False)]
