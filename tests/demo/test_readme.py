"""What the README tells a newcomer to type works as it stands, and what it tells of the demo is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.support.world import AppServer
from webapp import database
from webapp.accounts import tokens, users
from webapp.demo import drips, team
from webapp.local.ports import free_port

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
_BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)
#: A machine may have no curl, and its Python may be called otherwise.
PRELUDE = f"""
curl() {{ {sys.executable} -m tests.demo.curl "$@"; }}
python3() {{ {sys.executable} "$@"; }}
"""


@pytest.fixture
def address(demo: Flask) -> Iterator[str]:
    """The demo on a port."""
    server, port = AppServer(), free_port()
    server.start(demo, port)
    yield f"http://127.0.0.1:{port}"
    server.stop()


def commands(word: str) -> str:
    """The README's block of commands that has this word in it."""
    [block] = [block for block in _BLOCK.findall(README) if word in block]
    return dedent(block)


def run(script: str, address: str) -> list[Any]:
    """What the commands print, one answer a line."""
    with database.transaction() as conn:
        manager = users.by_email(conn, team.MANAGER.email)
        assert manager is not None
        token = tokens.create(conn, user_id=manager.id, name="readme", actor_id=manager.id)
    shell = PRELUDE + script.replace("http://127.0.0.1:5000", address)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", shell],
        cwd=ROOT,
        env={"TOKEN": token, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def test_a_text_is_asked_for_as_the_readme_says(address: str) -> None:
    [text] = run(commands('"client_key": "order-17"'), address)
    assert text["body"].startswith("Hello ")
    assert text["client_key"] == "order-17"


def test_a_campaign_goes_from_its_draft_to_its_figures_as_the_readme_says(address: str) -> None:
    steps, enrolled, preview, launched, stats = run(commands("CAMPAIGNS="), address)
    assert [step["delay_minutes"] for step in steps] == [0, 2880]
    assert preview["totals"]["leads"] == enrolled["total"] > 30
    assert launched["campaign"]["status"] == "running"
    assert launched["started"] == stats["enrolled"] == enrolled["outcomes"]["enrolled"] > 20


def test_the_figures_that_the_readme_tells_are_the_demos(demo: Flask, conn: psycopg.Connection) -> None:
    for name in (drips.CLEAN.name, drips.BROKEN.name, drips.FILTERED.name, "Silent buyers", "Old leads"):
        assert f"*{name}*" in README
    for figure in ("Of 412 leads 380", "17 never agreed, 9 opted out, 6 are in another campaign", "6 of its first 31"):
        assert figure in " ".join(README.split())
