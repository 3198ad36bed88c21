"""The documents keep what they promise: every variable is named, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.config import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|<img src=\"([^\"]+)\"")
_VARIABLE = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|", re.MULTILINE)


def _links(document: Path) -> list[str]:
    found = [first or second for first, second in _LINK.findall(document.read_text("utf-8"))]
    return [link for link in found if not link.startswith(("http://", "https://", "mailto:"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    assert [link for link in _links(document) if not (document.parent / link).exists()] == []


def test_every_variable_of_the_settings_is_in_the_deploy_guide_and_no_other() -> None:
    documented = set(_VARIABLE.findall((ROOT / "docs" / "deploy.md").read_text("utf-8")))
    assert documented == {name.upper() for name in Settings.model_fields}


def test_every_documented_default_is_the_real_one() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \| ", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.MULTILINE)
    documented = {name: default.strip() for name, default in rows if default.strip()}
    assert {"PORT", "SEND_THREADS", "LEADLINE_PROCESSES"} <= set(documented)
    assert {name: _written(Settings.model_fields[name.lower()].default) for name in documented} == documented


def _written(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)
