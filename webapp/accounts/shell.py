"""What the shell around every page shows: who is signed in, where they can go, and which carrier this is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, request
from flask.wrappers import Response

from webapp import clock
from webapp.accounts.actors import Actor
from webapp.accounts.permissions import Permission
from webapp.config import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation. ``keys`` are typed one after the other; a ``rare`` one is under "You" on a phone."""

    label: str
    icon: str
    path: str
    permission: Permission
    keys: str = ""
    rare: bool = False


PLACES = (
    Place("Inbox", "inbox", "/inbox", Permission.SIGNED_IN, "g i"),
    Place("Leads", "users", "/leads", Permission.SIGNED_IN, "g l"),
    Place("Campaigns", "send", "/campaigns", Permission.SIGNED_IN, "g m"),
    Place("Templates", "template", "/templates", Permission.SIGNED_IN, "g x", rare=True),
    Place("Compliance", "shield-check", "/compliance", Permission.MANAGE, "g c"),
    Place("Team", "users-group", "/team", Permission.MANAGE, "g t", rare=True),
    Place("Settings", "settings", "/settings", Permission.ADMIN, "g s", rare=True),
)


@dataclass(frozen=True, slots=True)
class Mode:
    """The carrier that texts go to, and business time where it was moved."""

    simulated: bool
    phones: str
    moved_to: datetime | None
    offset_seconds: int


def register(app: Flask, settings: Settings) -> None:
    """Gives every template ``actor``, ``places`` and ``mode``; answers in simulated mode also tell the clock."""

    @app.context_processor
    def shell() -> dict[str, Any]:
        # Not looked up here: an error page is shown when the database is away, too.
        actor: Actor | None = g.get("actor")
        return {"actor": actor, "places": _places(actor), "mode": _mode(settings)}

    if settings.simulated:
        app.after_request(_tell_the_clock)


def _places(actor: Actor | None) -> list[tuple[Place, bool]]:
    """Where the person may go, each with whether they are there."""
    if actor is None:
        return []
    return [(place, _is_here(place.path)) for place in PLACES if actor.may(place.permission)]


def _is_here(path: str) -> bool:
    return request.path == path or request.path.startswith(f"{path}/")


def _mode(settings: Settings) -> Mode:
    seconds = int(clock.offset().total_seconds())
    moved_to = clock.now() if abs(seconds) >= 1 else None
    return Mode(settings.simulated, settings.simulator_url, moved_to, seconds)


def _tell_the_clock(response: Response) -> Response:
    """Pages that stay open follow a moved clock by this header of their polls."""
    response.headers["X-Clock-Offset"] = str(int(clock.offset().total_seconds()))
    return response
