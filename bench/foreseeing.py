"""The dry run of 100,000 texts: how long it takes, and how much memory the process that counts needs meanwhile."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from datetime import timedelta

from bench import campaigns, inside, seeding, stack
from bench.stack import ROOT, Servers
from bench.tables import Report, median, spread

SECTION = "foreseeing"
_STEPS = 5
#: What is asked of it, and the settings and the pace (leads an hour) that make it so.
_WAYS: dict[str, tuple[dict[str, str], int | None]] = {
    "each lead by itself": ({}, None),
    "2,000 leads begin in an hour": ({}, 2000),
    "a cap of 1,000 texts an hour": ({"cap_account_hour": "1000"}, None),
}


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    """Each way in a process of its own, as a worker would be: what it holds is let go with it."""
    leads = 4_000 if quick else 20_000
    rows = []
    for name, (settings, pace) in _WAYS.items():
        _seed(servers, leads, settings, pace)
        found = [_in_a_process(servers.postgres.url) for _ in range(rounds)]
        seconds, work, grown = ([one[n] for one in found] for n in (0, 1, 2))
        per_second = leads * _STEPS / median(seconds)
        rows.append((name, spread(seconds), spread(work), f"{per_second:,.0f}", f"{median(grown):,.0f}"))
    report.table(
        SECTION,
        f"Dry run of {leads:,} leads and {_STEPS} steps: {leads * _STEPS:,} texts foreseen and counted",
        ("", "seconds", "CPU s of Python", "texts a second", "MB more"),
        rows,
    )


def _seed(servers: Servers, leads: int, settings: dict[str, str], pace: int | None) -> None:
    now = stack.noon()
    servers.empty()
    with servers.connect() as conn:
        seeding.sender(conn, "+15125550100", 1000)
        seeding.leads(conn, leads, now=now - timedelta(days=2))
        for key, value in ({"business_name": '"Bluebonnet"'} | settings).items():
            conn.execute("INSERT INTO settings (key, value) VALUES (%s, %s::jsonb)", [key, value])
        times = ["10:05" if number % 2 else None for number in range(_STEPS)]
        made = campaigns.create(conn, campaigns.FIVE, now, at_local=times, draft=True, pace=pace)
        campaigns.enter_everybody(conn, made, now, due=now, parked=True)
        conn.execute("VACUUM ANALYZE")


def _in_a_process(database_url: str) -> tuple[float, float, float]:
    """Seconds, seconds of CPU of the process that counts, and the megabytes by which it grew."""
    command = [sys.executable, "-m", "bench.foreseeing", database_url]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, work, grown = map(float, said.split()[-3:])
    return seconds, work, grown


def _count(database_url: str) -> None:
    from webapp import database
    from webapp.accounts.actors import Actor
    from webapp.campaigns import store
    from webapp.campaigns.plans.preview import preview
    from webapp.models.constants import Role

    with inside.leadline(database_url, "redis://127.0.0.1:1") as now:
        before, work, started = _peak_megabytes(), time.process_time(), time.perf_counter()
        with database.transaction() as conn:
            campaign = store.find(conn, Actor(1, "Max", "max@bench.example", Role.MANAGER, "UTC"), 1)
            assert campaign is not None
            found = preview(conn, campaign, store.shown_version(conn, campaign), now)
        seconds, spent = time.perf_counter() - started, time.process_time() - work
        assert found.texts == found.leads * _STEPS, found.excluded
    print(seconds, spent, _peak_megabytes() - before)


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _count(sys.argv[1])
