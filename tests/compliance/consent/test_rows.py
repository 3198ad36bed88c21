"""The consent ledger has one writer, so that no row of it is written in another way."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[3] / "webapp"


def test_rows_of_the_ledger_are_inserted_in_one_place():
    """The demo copies in a history that nobody lived; the simulator is the other side of the line."""
    inserting = [path for path in ROOT.rglob("*.py") if "INSERT INTO consent_events" in path.read_text("utf-8")]

    assert [str(path.relative_to(ROOT)) for path in inserting] == ["compliance/consent/rows.py"]
