"""Leases: work that may run once at a time, over any number of machines."""

from __future__ import annotations

import psycopg
from flask import Flask

from webapp.jobs.leases import abandoned, lease


def test_while_one_works_another_is_turned_away(app: Flask):
    with lease("sweep", seconds=60) as first, lease("sweep", seconds=60) as second:
        assert (first, second) == (True, False)
    with lease("sweep", seconds=60) as again:
        assert again


def test_a_dead_holders_lease_ends_by_itself(app: Flask, conn: psycopg.Connection):
    with lease("sweep", seconds=0.05), lease("sweep", seconds=60) as early:
        assert not early
        conn.execute("SELECT pg_sleep(0.1)")
        with lease("sweep", seconds=60) as late:
            assert late


def test_its_end_is_a_heartbeat(app: Flask, conn: psycopg.Connection):
    with lease("sweep", seconds=60):
        pass
    row = conn.execute("SELECT clock_timestamp() - at < interval '5 seconds' FROM heartbeats WHERE name = 'sweep'")
    assert row.fetchone() == (True,)


def test_what_a_dead_holder_left_is_known_once_its_time_is_up(app: Flask, conn: psycopg.Connection):
    dead = lease("retention", seconds=0.05)
    dead.__enter__()  # and never comes back
    with lease("sweep", seconds=60):
        assert abandoned() == []
        conn.execute("SELECT pg_sleep(0.1)")
        assert abandoned() == ["retention"]
        with lease("retention", seconds=60):
            assert abandoned() == [], "somebody is at it"
    assert abandoned() == []
