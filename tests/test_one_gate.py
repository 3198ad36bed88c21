"""Every path that can send goes through the gate: there is one door to the carrier, and one to the outbox.

The other half of this promise is in the ``world`` fixture: after each story no text has begun without the gate's yes.
A new way of sending fails here until it goes the same road.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "webapp"
#: The stand-in carrier is the other side of the line.
SOURCES = [path for path in sorted(ROOT.rglob("*.py")) if "simulator" not in path.parts]

_INSERTS = re.compile(r"(?:INSERT INTO|COPY) sms_messages\b(.*?)(?:RETURNING|$)", re.DOTALL)
_BEGINS = re.compile(r"UPDATE sms_messages\b[^;]*SET\s+status\s*=\s*'(claimed|sending)'", re.DOTALL)


def strings(path: Path) -> Iterator[str]:
    """Every text in a module, and what f-strings are put together from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def calls(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Every call in a module: the dotted name, and the names of its keyword arguments."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {keyword.arg or "" for keyword in node.keywords}


def where(found: dict[Path, list[str]]) -> set[str]:
    return {str(path.relative_to(ROOT)) for path, hits in found.items() if hits}


def test_outgoing_texts_are_stored_by_the_outbox_alone() -> None:
    """``inbound`` stores what came in, the tick whole batches that the engine let through; the demo writes history."""
    inserts = {path: [hit for text in strings(path) for hit in _INSERTS.findall(text)] for path in SOURCES}
    assert where(inserts) == {"messaging/outbox.py", "messaging/inbound.py", "campaigns/tick_sql.py"}
    (heard,) = inserts[ROOT / "messaging/inbound.py"]
    assert "'inbound'" in heard
    assert "'outbound'" not in heard


def test_texts_are_claimed_and_begun_in_one_place_each() -> None:
    begins = {path: [hit for text in strings(path) for hit in _BEGINS.findall(text)] for path in SOURCES}
    assert {path.name: set(hits) for path, hits in begins.items() if hits} == {
        "claims.py": {"claimed"},
        "attempts.py": {"sending"},
    }


def test_the_carrier_is_asked_to_send_in_one_place() -> None:
    sends = {
        path: [name for name, given in calls(path) if name.endswith(".send") and "conversation_sid" in given]
        for path in SOURCES
        if "carrier" not in path.parts
    }
    assert where(sends) == {"messaging/attempts.py"}


def test_twilio_is_asked_to_send_in_one_place() -> None:
    creates = {
        path: [name for name, _ in calls(path) if re.search(r"\bmessages(\(.*\))?\.create$", name)] for path in SOURCES
    }
    assert where(creates) == {"carrier/client.py"}


def test_queueing_and_claiming_ask_the_gate() -> None:
    for module in ("messaging/outbox.py", "messaging/claims.py", "campaigns/engine.py"):
        assert "gate.judge" in {name for name, _ in calls(ROOT / module)}


def test_a_batch_of_the_tick_holds_only_what_the_engine_lets_through() -> None:
    sends = {path: [name for name, _ in calls(path) if name == "Send"] for path in SOURCES}
    assert where(sends) == {"campaigns/engine.py"}
