"""The benches run, on real parts, and print what they promise. No number is looked at: a test measures no time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTIONS = ("rules", "sending", "web", "law", "enrolling", "handset", "memory", "pages")


def _bench(tmp_path: Path, *arguments: str) -> list[dict[str, list[list[str]]]]:
    """The tables of the first section in ``arguments``."""
    out = tmp_path / "numbers.json"
    command = [sys.executable, "-m", "bench", *arguments, "--quick", "--json", str(out)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[dict[str, list[list[str]]]]] = json.loads(out.read_text())
    tables = [part for part in found[arguments[0]] if "note" not in part]
    for table in tables:
        assert all(row[0] in done.stdout for row in table["rows"])
    return tables


@pytest.mark.timeout(300)
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_measures_something(section: str, tmp_path: Path) -> None:
    tables = _bench(tmp_path, section)
    assert tables
    for table in tables:
        assert len(table["rows"]) >= 2
        assert all(len(row) == len(table["header"]) for row in table["rows"])


def test_a_section_that_does_not_exist_is_refused_by_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nonsense"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "nonsense" in done.stderr
