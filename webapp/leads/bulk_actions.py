"""What can be done to many leads at once. Higher rooms register theirs too, such as enrolling them in a campaign.

An action is applied to a batch of leads that the actor may see, as a rule locked in the order of their ids, inside one
transaction; it never commits. Where it can go on for none of the leads that are left it raises
``bulk_runner.StoppedError``: what was done until then is kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from webapp.accounts.actors import Actor
from webapp.accounts.permissions import Permission
from webapp.database import Connection
from webapp.leads.filters import Query

#: What an action was told, as it is stored with the operation.
Params: TypeAlias = dict[str, Any]
CHANGED_SINCE = "Somebody has changed it since, or it is gone."


class RefusedError(ValueError):
    """What was given to an action cannot be used: ``field`` names it, the message says the fix."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Task:
    """The circumstances of a batch, or of the beginning.

    ``now`` is business time; ``actor`` has the rights of this moment.
    """

    conn: Connection
    actor: Actor
    params: Params
    now: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a batch. ``counters`` add up to its leads; ``refused`` says why of those that were skipped.

    ``kept`` is what ``undo``, or a download, needs to know of ``kept_rows`` leads; None where that is nothing.
    """

    counters: Counter[str]
    refused: Sequence[tuple[int, str]] = ()
    kept: bytes | None = None
    kept_rows: int = 0


def changes(ids: Sequence[int], before: Sequence[Sequence[Any]], refused: Sequence[tuple[int, str]] = ()) -> Done:
    """What became of the leads ``ids``. ``before`` has those that changed, each with how it was, as JSON knows it."""
    unchanged = len(ids) - len(before) - len(refused)
    kept = json.dumps([list(each) for each in before]).encode()
    return Done(Counter(changed=len(before), unchanged=unchanged), refused, kept, len(before))


def undone(ids: Sequence[int], back: set[int]) -> Done:
    """What became of the leads that were to be as before: those in ``back`` are."""
    return Done(Counter(changed=len(back)), [(lead_id, CHANGED_SINCE) for lead_id in ids if lead_id not in back])


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do to many leads.

    ``read`` makes params of a form's or program's values, or raises RefusedError; ``asks`` is the template of the
    form's fields, empty where nothing is asked, and ``offers`` gives it what it needs. ``says`` puts params in words.
    ``objects`` is asked once, before it begins, about all whom the query finds, and raises RefusedError where that is
    not to be. ``undo`` takes what ``apply`` kept and reverses it where nobody has changed the lead since.
    """

    name: str
    label: str
    says: Callable[[Params], str]
    apply: Callable[[Task, Sequence[int]], Done]
    read: Callable[[Connection, Actor, Mapping[str, str]], Params] = lambda _conn, _actor, _given: {}
    asks: str = ""
    offers: Callable[[Connection, Actor], Mapping[str, object]] = lambda _conn, _actor: {}
    objects: Callable[[Task, Query], None] = lambda _task, _ids: None
    may: Permission = Permission.SIGNED_IN
    undo: Callable[[Task, bytes], Done] | None = None
    counters: Mapping[str, str] = field(
        default_factory=lambda: {"changed": "Changed", "unchanged": "As it was", "skipped": "Skipped"}
    )
    """Each outcome with its word on the page; ``skipped`` is always among them."""
    keeps: bool = False
    """Whether what it keeps is for a download."""
    batch: int = 500
    """So many leads a transaction: what a cancellation or a colleague waits for."""
    locks: bool = True
    """Whether the leads are locked for it; not where it only reads them."""
    warns: str = ""
    """What a person must know before something that cannot be taken back."""
    tells: str = ""
    """The subject of the letter that the owners get when somebody does it; empty where they get none."""


_actions: dict[str, Action] = {}


def register(action: Action) -> None:
    """Adds an action, or puts it in the place of one of that name."""
    _actions[action.name] = action


def actions_for(actor: Actor) -> list[Action]:
    """What this actor may do to many leads, in the order of registration."""
    return [action for action in _actions.values() if actor.may(action.may)]


def action_of(name: str, actor: Actor) -> Action | None:
    """The action of this name, if the actor may do it."""
    action = _actions.get(name)
    return action if action is not None and actor.may(action.may) else None
