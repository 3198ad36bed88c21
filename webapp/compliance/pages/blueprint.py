"""The blueprint that the modules beside add their views to, and the pages that its tabs lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request

from webapp.accounts.permissions import Permission

blueprint = Blueprint("compliance", __name__)

#: An id in an address: one that would not fit a bigint names nothing, so it is a 404.
ID = "int(max=9223372036854775807)"


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the room, and who may open it."""

    label: str
    path: str
    permission: Permission = Permission.MANAGE


TABS = (
    Tab("Overview", "/compliance"),
    Tab("Opt-outs and consent", "/compliance/opt-outs"),
    Tab("Sending rules", "/compliance/rules"),
    Tab("Caps and replies", "/compliance/texting"),
    Tab("Do-not-call lists", "/compliance/dnc"),
    Tab("Registration", "/compliance/registration"),
    Tab("Public pages", "/compliance/public"),
    Tab("Data requests", "/compliance/privacy", Permission.ADMIN),
)

#: Pages without a tab of their own, and the one that leads to them.
_REACHED_FROM = {"/compliance/evidence": "/compliance/opt-outs"}


@blueprint.context_processor
def tabs() -> dict[str, Any]:
    """The tabs, each with whether its page is the one that is shown, or the one that leads to it."""
    shown = next((tab for path, tab in _REACHED_FROM.items() if request.path.startswith(path)), request.path)
    here = max((tab.path for tab in TABS if shown.startswith(tab.path)), key=len, default="")
    return {"tabs": [(tab, tab.path == here) for tab in TABS]}
