"""What a view demands of its caller. Every view says it; the guard enforces it and denies what says nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from webapp.models.constants import Role

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "__leadline_demand__"


class Permission(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    MANAGE = "manage"
    """Managers and admins."""
    ADMIN = "admin"
    WEBHOOK = "webhook"
    """Proved by a signature, which the door itself checks."""
    CRON = "cron"
    """Proved by ``Authorization: Bearer CRON_SECRET``."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A view's demand. A poll is never slid along the session's expiry, and checks the session in its own query."""

    permission: Permission
    poll: bool = False


_ROLES: dict[Permission, frozenset[Role]] = {
    Permission.PUBLIC: frozenset(Role),
    Permission.SIGNED_IN: frozenset(Role),
    Permission.MANAGE: frozenset({Role.MANAGER, Role.ADMIN}),
    Permission.ADMIN: frozenset({Role.ADMIN}),
}


def requires(permission: Permission, *, poll: bool = False) -> Callable[[View], View]:
    """Says what a view demands. Goes closest to the function, below the route.

    ``poll=True`` is for what pages ask every few seconds: the guard then reads only the signed cookie, and the
    view must check ``sessions.session_identity()`` against ``users.session_epoch`` in its own query.
    """

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, Demand(permission, poll))
        return view

    return mark


def demand_of(view: Callable[..., Any] | None) -> Demand | None:
    """What a view demands; None when it says nothing, which the guard refuses."""
    demand = getattr(view, _ATTRIBUTE, None)
    return demand if isinstance(demand, Demand) else None


def role_may(role: Role, permission: Permission) -> bool:
    """Whether a person of this role may. Nobody signs in as a webhook or a timetable."""
    return role in _ROLES.get(permission, frozenset())
