"""Our mark in a message's ``Attributes``: how a text of ours is told from any other when a thread is read back."""

from __future__ import annotations

import json

from webapp.carrier.types import Marker


def encode(marker: Marker) -> str:
    """The ``Attributes`` value for ``marker``: a JSON object in a string, far below Twilio's 4 KB."""
    return json.dumps({"leadline": {"key": marker.key, "attempt": marker.attempt}}, separators=(",", ":"))


def decode(attributes: object) -> Marker | None:
    """The marker in ``attributes``, or ``None``: anybody may write anything into attributes."""
    if not isinstance(attributes, str) or '"leadline"' not in attributes:
        return None
    try:
        ours = json.loads(attributes)["leadline"]
        return Marker(key=str(ours["key"]), attempt=int(ours["attempt"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
