"""The order of the rooms holds, and the check that holds it finds what breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = Path(sys.executable).with_name("lint-imports")


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [LINT, "--no-cache", "--config", ROOT / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house's code, to break."""
    shutil.copytree(ROOT / "webapp", tmp_path / "webapp", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_room_imports_only_from_rooms_below_it():
    linted = _lint(ROOT)

    assert linted.returncode == 0, linted.stdout
    assert "3 kept, 0 broken" in linted.stdout


@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("leads/leads.py", "from webapp.inbox import view", "webapp.leads.leads -> webapp.inbox.view"),
        ("web/times.py", "import webapp.accounts.users", "webapp.web.times -> webapp.accounts.users"),
        ("simulator/clock.py", "from webapp import clock", "webapp.simulator.clock -> webapp.clock"),
        ("local/valkey.py", "from webapp.jobs import queues", "webapp.local.valkey -> webapp.jobs.queues"),
        ("gossip/__init__.py", "", "gossip"),
    ],
    ids=["a room above", "the ground", "the simulator", "the servers", "a room that is not in the order"],
)
def test_an_import_against_the_order_is_found(copy: Path, module: str, line: str, complaint: str):
    file = copy / "webapp" / module
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as code:
        code.write(f"\n{line}\n")

    linted = _lint(copy)

    assert linted.returncode != 0
    assert complaint in linted.stdout


def test_the_package_itself_imports_nothing_so_that_servers_start_without_the_rest():
    code = "import sys, webapp, webapp.simulator, webapp.local; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert not {"flask", "sqlalchemy", "psycopg", "redis", "pydantic", "twilio"} & set(loaded.split())
