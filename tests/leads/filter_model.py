"""What a filter means, slowly and in Python: a world of leads with texts and campaigns, and whom a filter finds there."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from tests.leads.support import NOW, add_lead, add_sender, one
from tests.support.people import Cast
from webapp.accounts.actors import Actor
from webapp.leads import statuses
from webapp.models.constants import LeadStatus

NAMES = ("", "Ann", "ANN", "annabel", "Bob", "O'Brien", "Zoë", "100%", "a_b", "\\x")
STATES = (None, "TX", "FL")
ZONES = (None, "America/Chicago", "America/Denver")
TAGS = ("Buyer", "buyer", "Open house", 'a"b', "{x}", "12")
SOURCES = ("manual", "api")
CUSTOM: tuple[str | int | bool, ...] = ("3", 3, 4, "4.5", "two", True, "")
PHONES = ("+1212555{:04}", "+1512555{:04}", "+44207946{:04}")
DAYS = (1, 14, 60)
CAMPAIGNS = 2


@dataclass
class Known:
    """A lead and all that a filter may ask about it. Ages are in days."""

    id: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    owner_id: int | None = None
    created: datetime = NOW
    consent_until: datetime | None = None
    consented: bool = False
    suppressed: bool = False
    invalid: bool = False
    doubt: bool = False
    heard: datetime | None = None
    sent: list[datetime] = field(default_factory=list)
    enrolled: list[tuple[int, str, str | None]] = field(default_factory=list)
    listed: set[int] = field(default_factory=set)


def make_world(conn: psycopg.Connection[Any], cast: Cast, count: int = 60) -> list[Known]:
    """Leads of every kind, the same each time, in the database and as the model knows them."""
    dice = random.Random(4)
    sender = add_sender(conn)
    for number in range(CAMPAIGNS):
        conn.execute(
            "INSERT INTO sms_campaigns (name, kind, created_at, updated_at) VALUES (%s, 'drip', now(), now())", [number]
        )
        conn.execute(
            "INSERT INTO sms_campaign_versions (campaign_id, number, created_at) VALUES (%s, 1, now())", [number + 1]
        )
    for owner, shared in ((cast.rep, False), (cast.rep, True), (cast.manager, False)):
        conn.execute(
            "INSERT INTO saved_lists (name, owner_id, shared, frozen, created_at, updated_at)"
            " VALUES ('L' || %s, %s, %s, true, now(), now())",
            [shared, owner.id, shared],
        )
    return [_make_lead(conn, dice, number, cast, sender) for number in range(count)]


def _make_lead(conn: psycopg.Connection[Any], dice: random.Random, number: int, cast: Cast, sender: int) -> Known:
    owner = dice.choice([None, cast.rep, cast.other_rep])
    known = Known(owner_id=owner.id if owner else None, created=NOW - timedelta(days=dice.choice([0, 10, 20, 400])))
    known.values = {
        "phone": dice.choice(PHONES).format(number),
        "first_name": dice.choice(NAMES),
        "last_name": dice.choice(NAMES),
        "email": dice.choice([None, "ann@example.com", "BOB@example.com"]),
        "state": dice.choice(STATES),
        "postal_code": dice.choice([None, "78701", "02134"]),
        "timezone": dice.choice(ZONES),
        "status": dice.choice(list(LeadStatus)),
        "tags": dice.sample(TAGS, dice.randrange(4)),
        "custom": {key: dice.choice(CUSTOM) for key in ("Beds", "a'b") if dice.random() < 0.7},
    }
    known.id = add_lead(conn, owner=owner, now=known.created, **known.values)
    known.values |= {"source": dice.choice(SOURCES), "score": dice.randrange(5)}
    conn.execute(
        "UPDATE leads SET source = %s, score = %s WHERE id = %s",
        [known.values["source"], known.values["score"], known.id],
    )
    _set_number(conn, dice, known)
    _add_texts(conn, dice, known, sender)
    _add_history(conn, dice, known)
    return known


def _set_number(conn: psycopg.Connection[Any], dice: random.Random, known: Known) -> None:
    known.consented, known.suppressed = dice.random() < 0.7, dice.random() < 0.2
    known.invalid, known.doubt = dice.random() < 0.2, dice.random() < 0.2
    known.consent_until = NOW + timedelta(days=dice.choice([-5, 0, 7, 90])) if dice.random() < 0.5 else None
    known.heard = NOW - timedelta(days=dice.choice([0, 1, 14, 30])) if dice.random() < 0.5 else None
    conn.execute(
        "UPDATE contact_numbers SET consent_at = %s, consent_until = %s, suppressed_at = %s, invalid_at = %s,"
        " doubt_at = %s, last_inbound_at = %s WHERE e164 = %s",
        [
            NOW - timedelta(days=99) if known.consented else None,
            known.consent_until,
            *(NOW if flag else None for flag in (known.suppressed, known.invalid, known.doubt)),
            known.heard,
            known.values["phone"],
        ],
    )


def _add_texts(conn: psycopg.Connection[Any], dice: random.Random, known: Known, sender: int) -> None:
    number_id = one(conn, "SELECT id FROM contact_numbers WHERE e164 = %s", known.values["phone"])
    conversation_id = one(
        conn,
        "INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at) VALUES (%s, %s, %s)"
        " RETURNING id",
        number_id,
        sender,
        NOW,
    )
    for _ in range(dice.randrange(5)):
        direction, origin, sent_at = dice.choice(
            [
                ("outbound", "manual", NOW - timedelta(days=dice.choice([0, 1, 14, 30]))),
                ("outbound", "campaign", NOW - timedelta(days=dice.choice([0, 14, 100]))),
                ("outbound", "confirmation", NOW),
                ("outbound", "manual", None),
                ("inbound", "contact", None),
            ]
        )
        conn.execute(
            "INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status,"
            " origin, encoding, created_at, sent_at) VALUES (%s, %s, %s, %s, 'x', %s, %s, 'GSM-7', %s, %s)",
            [
                conversation_id,
                number_id,
                sender,
                direction,
                "received" if direction == "inbound" else "sent" if sent_at else "refused",
                origin,
                NOW,
                sent_at,
            ],
        )
        if sent_at and origin != "confirmation":
            known.sent.append(sent_at)


def _add_history(conn: psycopg.Connection[Any], dice: random.Random, known: Known) -> None:
    number_id = one(conn, "SELECT contact_number_id FROM leads WHERE id = %s", known.id)
    thread_id = one(conn, "SELECT id FROM sms_conversations WHERE contact_number_id = %s", number_id)
    for campaign_id in range(1, CAMPAIGNS + 1):
        if dice.random() < 0.5:
            status, reason = dice.choice(
                [("active", None), ("paused", None), ("completed", None), ("stopped", "replied"), ("stopped", "goal")]
            )
            known.enrolled.append((campaign_id, status, reason))
            conn.execute(
                "INSERT INTO sms_campaign_enrollments (campaign_id, version_id, lead_id, contact_number_id,"
                " conversation_id, status, reason, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, now())",
                [campaign_id, campaign_id, known.id, number_id, thread_id, status, reason],
            )
    for list_id in (1, 2, 3):
        if dice.random() < 0.4:
            known.listed.add(list_id)
            conn.execute("INSERT INTO saved_list_members VALUES (%s, %s)", [list_id, known.id])


# --- What a filter means ------------------------------------------------------------------------------------------


def found(world: Sequence[Known], chosen: dict[str, Any], actor: Actor) -> set[int]:
    """The ids of the leads that the filter finds for this actor. ``q`` is left to the tests of search."""
    return {
        known.id
        for known in world
        if (actor.sees_all or known.owner_id in {None, actor.id})
        and _all_or_any(known, chosen.get("match", "all"), chosen.get("conditions", []), actor)
    }


def _all_or_any(known: Known, match: str, parts: Sequence[dict[str, Any]], actor: Actor) -> bool:
    answers = [
        _all_or_any(known, part["match"], part["conditions"], actor)
        if "conditions" in part
        else holds(known, part, actor)
        for part in parts
    ]
    return not answers or (all(answers) if match == "all" else any(answers))


def holds(known: Known, condition: dict[str, Any], actor: Actor) -> bool:
    name, op, value = condition["field"], condition["op"], condition.get("value")
    if name.startswith("custom."):
        return _custom(known, name.removeprefix("custom."), op, value)
    if name in {"first_name", "last_name", "email", "postal_code"}:
        return _text(known.values[name] or "", op, value)
    return _MEANINGS[name](known, op, value, actor)


def _text(held: str, op: str, value: Any) -> bool:
    low, wanted = held.lower(), str(value).lower()
    return {
        "is": low == wanted,
        "is_not": low != wanted,
        "starts_with": low.startswith(wanted),
        "contains": wanted in low,
        "is_empty": held == "",
        "is_not_empty": held != "",
    }[op]


def _custom(known: Known, key: str, op: str, value: Any) -> bool:
    held = known.values["custom"].get(key, "")
    text = {True: "true", False: "false"}[held] if isinstance(held, bool) else str(held)
    if op in {"at_least", "at_most"}:
        number = float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
        return number is not None and (number >= value if op == "at_least" else number <= value)
    return _text(text, op, value)


def _among(held: Any, op: str, value: Any) -> bool:
    if op in {"is_empty", "is_not_empty"}:
        return (held is None) == (op == "is_empty")
    return (held in value) == (op == "is")


def _tags(known: Known, op: str, value: Any, _: Actor) -> bool:
    has, wanted = {tag.lower() for tag in known.values["tags"]}, {tag.lower() for tag in value or ()}
    return {
        "has_any": bool(has & wanted),
        "has_all": wanted <= has,
        "has_none": not has & wanted,
        "is_empty": not has,
        "is_not_empty": bool(has),
    }[op]


def _area(known: Known, op: str, value: Any, _: Actor) -> bool:
    phone = known.values["phone"]
    return _among(phone[2:5] if phone.startswith("+1") else None, op, value)


def _owner(known: Known, op: str, value: Any, actor: Actor) -> bool:
    wanted = {None if owner == "nobody" else actor.id if owner == "me" else int(owner) for owner in value}
    return (known.owner_id in wanted) == (op == "is")


def _score(known: Known, op: str, value: Any, _: Actor) -> bool:
    score = known.values["score"]
    return {"is": score == value, "at_least": score >= value, "at_most": score <= value}[op]


def _created(known: Known, op: str, value: Any, actor: Actor) -> bool:
    if op in {"within", "not_within"}:
        return _within(known.created, value) == (op == "within")
    midnight = datetime.combine(date.fromisoformat(value), time(), ZoneInfo(actor.timezone))
    return (known.created >= midnight) == (op == "since")


def _within(at: datetime | None, days: int) -> bool:
    return at is not None and at >= NOW - timedelta(days=days)


def _consent(known: Known, op: str, value: Any, _: Actor) -> bool:
    until = known.consent_until
    holds_good = known.consented and (until is None or until > NOW)
    if op == "lapses_within":
        return known.consented and until is not None and NOW < until <= NOW + timedelta(days=value)
    return holds_good == (op == "has")


def _last(at: datetime | None, op: str, value: Any) -> bool:
    return at is None if op == "never" else _within(at, value) == (op == "within")


def _texts(known: Known, op: str, value: Any, _: Actor) -> bool:
    count = len(known.sent)
    return count == 0 if op == "none" else count >= value if op == "at_least" else count <= value


def _campaign(known: Known, op: str, value: Any, _: Actor) -> bool:
    there = [(status, reason) for campaign_id, status, reason in known.enrolled if str(campaign_id) == value]
    return {
        "never_in": not there,
        "was_in": bool(there),
        "in": any(status in {"active", "paused"} for status, _ in there),
        "not_in": not any(status in {"active", "paused"} for status, _ in there),
        "completed": ("completed", None) in there,
        "stopped_by_reply": ("stopped", "replied") in there,
    }[op]


def _list(known: Known, op: str, value: Any, actor: Actor) -> bool:
    """Rita's own, Rita's shared one, and Max's own."""
    seen = {"1": actor.role == "rep", "2": True, "3": actor.role != "rep"}.get(value, False)
    return (seen and int(value) in known.listed) == (op == "in")


_MEANINGS: dict[str, Callable[[Known, str, Any, Actor], bool]] = {
    "tags": _tags,
    "area_code": _area,
    "state": lambda k, op, v, _: _among(k.values["state"], op, v),
    "timezone": lambda k, op, v, _: _among(k.values["timezone"], op, v),
    "status": lambda k, op, v, _: _among(k.values["status"], op, [statuses.read(word) for word in v]),
    "source": lambda k, op, v, _: _among(k.values["source"], op, v),
    "owner": _owner,
    "score": _score,
    "created_at": _created,
    "consent": _consent,
    "suppressed": lambda k, op, _v, _a: k.suppressed == (op == "yes"),
    "invalid_number": lambda k, op, _v, _a: k.invalid == (op == "yes"),
    "doubt": lambda k, op, _v, _a: k.doubt == (op == "yes"),
    "last_inbound": lambda k, op, v, _: _last(k.heard, op, v),
    "last_outbound": lambda k, op, v, _: _last(max(k.sent, default=None), op, v),
    "reply": lambda k, _op, v, _a: bool(k.sent) and not _within(k.heard, v),
    "texts_sent": _texts,
    "campaign": _campaign,
    "list": _list,
}
