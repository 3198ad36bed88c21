"""The fields that a filter may ask about, what may be asked of each, and how that is said in SQL over ``leads AS l``.

No answer is unknown: an operator's SQL is true or not whatever a lead leaves empty. None pastes a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from webapp.leads import filter_history as history
from webapp.leads.filter_values import (
    AREA_CODES,
    DAY,
    DAYS,
    ID,
    NOTHING,
    NUMBER,
    OWNERS,
    SCALAR,
    STATES,
    STATUSES,
    TEXT,
    WORDS,
    ZONES,
    Bound,
    Op,
    Takes,
)

_CUSTOM = "custom."
_KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its operators. ``group`` heads it where fields are chosen from, ``choices`` names a list of values
    that a page can offer."""

    label: str
    group: str
    ops: Mapping[str, Op]
    choices: str = ""


def field_of(name: str) -> Field:
    """The field of this name; ``custom.NAME`` is one of the account's own. Raises LookupError with the fix."""
    if name.startswith(_CUSTOM) and 0 < len(name) - len(_CUSTOM) <= _KEY_LENGTH:
        return _custom(name.removeprefix(_CUSTOM))
    if name not in FIELDS:
        raise LookupError(f"There is no such field. Use one of: {', '.join(FIELDS)}, custom.NAME.")
    return FIELDS[name]


def _text(column: str) -> dict[str, Op]:
    """Text in any case."""
    whole, low = f"coalesce({column}, '')", f"lower(coalesce({column}, ''))"
    return {
        "is": Op("is", TEXT, lambda b, v: f"lower({column}) = lower({b(v, 'text')})"),
        "is_not": Op("is not", TEXT, lambda b, v: f"{low} <> lower({b(v, 'text')})"),
        "starts_with": Op("starts with", TEXT, lambda b, v: f"starts_with({low}, lower({b(v, 'text')}))"),
        "contains": Op("contains", TEXT, lambda b, v: f"strpos({low}, lower({b(v, 'text')})) > 0"),
        "is_empty": Op("is empty", NOTHING, lambda b, v: f"{whole} = ''"),
        "is_not_empty": Op("is not empty", NOTHING, lambda b, v: f"{whole} <> ''"),
    }


def _word(column: str, takes: Takes = WORDS) -> dict[str, Op]:
    """One of some words, as it stands."""
    return {
        "is": Op("is", takes, lambda b, v: f"coalesce({column} = ANY({b(v, 'text[]')}), false)"),
        "is_not": Op("is not", takes, lambda b, v: f"NOT coalesce({column} = ANY({b(v, 'text[]')}), false)"),
    }


def _word_or_none(column: str, takes: Takes) -> dict[str, Op]:
    return _word(column, takes) | {
        "is_empty": Op("is not known", NOTHING, lambda b, v: f"{column} IS NULL"),
        "is_not_empty": Op("is known", NOTHING, lambda b, v: f"{column} IS NOT NULL"),
    }


def _number(column: str) -> dict[str, Op]:
    return {
        "at_least": Op("is at least", NUMBER, lambda b, v: f"{column} >= {b(v, 'numeric')}"),
        "at_most": Op("is at most", NUMBER, lambda b, v: f"{column} <= {b(v, 'numeric')}"),
        "is": Op("is", NUMBER, lambda b, v: f"{column} = {b(v, 'numeric')}"),
    }


def _tags() -> dict[str, Op]:
    """Tags in any case: as an array they keep what belongs together, lowered as a whole they cost one call a lead."""
    tags = "lower(l.tags::text)::text[]"

    def given(b: Bound, v: list[str]) -> str:
        return f"lower({b(v, 'text[]')}::text)::text[]"

    return {
        "has_any": Op("have any of", WORDS, lambda b, v: f"{tags} && {given(b, v)}"),
        "has_all": Op("have all of", WORDS, lambda b, v: f"{tags} @> {given(b, v)}"),
        "has_none": Op("have none of", WORDS, lambda b, v: f"NOT {tags} && {given(b, v)}"),
        "is_empty": Op("are none", NOTHING, lambda b, v: "l.tags = '{}'"),
        "is_not_empty": Op("are some", NOTHING, lambda b, v: "l.tags <> '{}'"),
    }


def _owner() -> dict[str, Op]:
    def among(b: Bound, v: list[str]) -> str:
        ids = [b.actor.id if owner == "me" else int(owner) for owner in v if owner != "nobody"]
        nobody = " OR l.owner_id IS NULL" if "nobody" in v else ""
        return f"coalesce(l.owner_id = ANY({b(ids, 'bigint[]')}), false){nobody}"

    return {
        "is": Op("is", OWNERS, lambda b, v: f"({among(b, v)})"),
        "is_not": Op("is not", OWNERS, lambda b, v: f"NOT ({among(b, v)})"),
    }


def _created() -> dict[str, Op]:
    return {
        "within": Op("in the last", DAYS, lambda b, v: f"l.created_at >= {b.days_ago(v)}"),
        "not_within": Op("not in the last", DAYS, lambda b, v: f"l.created_at < {b.days_ago(v)}"),
        "since": Op("on or after", DAY, lambda b, v: f"l.created_at >= {b.midnight(v)}"),
        "before": Op("before", DAY, lambda b, v: f"l.created_at < {b.midnight(v)}"),
    }


def _yes_or_no(condition: str) -> dict[str, Op]:
    """A fact about the lead's number ``n``."""
    sql = f"EXISTS (SELECT FROM contact_numbers AS n WHERE n.id = l.contact_number_id AND {condition})"
    return {
        "yes": Op("yes", NOTHING, lambda b, v: sql),
        "no": Op("no", NOTHING, lambda b, v: f"NOT {sql}"),
    }


def _consent() -> dict[str, Op]:
    holds = "n.consent_at IS NOT NULL AND (n.consent_until IS NULL OR n.consent_until > {now})"
    number = "EXISTS (SELECT FROM contact_numbers AS n WHERE n.id = l.contact_number_id AND {})"

    def has(b: Bound, _: object) -> str:
        return number.format(holds.format(now=b(b.now, "timestamptz")))

    def lapses(b: Bound, days: int) -> str:
        lapsing = f"n.consent_until > {b(b.now, 'timestamptz')} AND n.consent_until <= {b.days_ago(-days)}"
        return number.format(f"n.consent_at IS NOT NULL AND {lapsing}")

    return {
        "has": Op("on file", NOTHING, has),
        "has_not": Op("not on file", NOTHING, lambda b, v: f"NOT {has(b, v)}"),
        "lapses_within": Op("implied, lapses within", DAYS, lapses),
    }


@lru_cache(maxsize=256)
def _custom(key: str) -> Field:
    """A field of the account's own. What looks like a number is compared as one: files bring everything as text."""

    def text(b: Bound) -> str:
        return f"coalesce(l.custom ->> {b(key, 'text')}, '')"

    def compared(sign: str) -> Callable[[Bound, int | float], str]:
        def sql(b: Bound, v: int | float) -> str:
            value = text(b)
            is_number = f"{value} ~ '^-?[0-9]{{1,15}}([.][0-9]{{1,9}})?$'"
            return f"CASE WHEN {is_number} THEN ({value})::numeric {sign} {b(v, 'numeric')} ELSE false END"

        return sql

    ops = {
        "is": Op("is", SCALAR, lambda b, v: f"lower({text(b)}) = lower({b(v, 'text')})"),
        "is_not": Op("is not", SCALAR, lambda b, v: f"lower({text(b)}) <> lower({b(v, 'text')})"),
        "contains": Op("contains", TEXT, lambda b, v: f"strpos(lower({text(b)}), lower({b(v, 'text')})) > 0"),
        "at_least": Op("is at least", NUMBER, compared(">=")),
        "at_most": Op("is at most", NUMBER, compared("<=")),
        "is_empty": Op("is empty", NOTHING, lambda b, v: f"{text(b)} = ''"),
        "is_not_empty": Op("is not empty", NOTHING, lambda b, v: f"{text(b)} <> ''"),
    }
    return Field(key, "Fields of your own", ops)


def _on_list(b: Bound, list_id: str) -> str:
    """Only frozen lists have members; one that is another's and not shared has none for this actor."""
    return (
        "EXISTS (SELECT FROM saved_list_members AS m JOIN saved_lists AS s ON s.id = m.list_id"
        f" WHERE m.lead_id = l.id AND m.list_id = {b(int(list_id), 'bigint')}"
        f" AND (s.shared OR s.owner_id = {b(b.actor.id, 'bigint')}))"
    )


_WHO, _WHERE, _WORK, _TEXTING = "Who", "Where", "Work", "Texting"

FIELDS: dict[str, Field] = {
    "first_name": Field("First name", _WHO, _text("l.first_name")),
    "last_name": Field("Last name", _WHO, _text("l.last_name")),
    "email": Field("E-mail", _WHO, _text("l.email")),
    "tags": Field("Tags", _WHO, _tags(), "tags"),
    "area_code": Field(
        "Area code", _WHERE, _word("CASE WHEN starts_with(l.phone, '+1') THEN substr(l.phone, 3, 3) END", AREA_CODES)
    ),
    "state": Field("State", _WHERE, _word_or_none("l.state", STATES), "states"),
    "postal_code": Field("ZIP code", _WHERE, _text("l.postal_code")),
    "timezone": Field("Time zone", _WHERE, _word_or_none("l.timezone", ZONES), "zones"),
    "status": Field("Status", _WORK, _word("l.status", STATUSES), "statuses"),
    "owner": Field("Assigned to", _WORK, _owner(), "people"),
    "source": Field("Source", _WORK, _word("l.source"), "sources"),
    "score": Field("Score", _WORK, _number("l.score")),
    "created_at": Field("Added", _WORK, _created()),
    "list": Field(
        "Frozen list",
        _WORK,
        {
            "in": Op("is", ID, _on_list),
            "not_in": Op("is not", ID, lambda b, v: f"NOT {_on_list(b, v)}"),
        },
        "lists",
    ),
    "consent": Field("Consent", _TEXTING, _consent()),
    "suppressed": Field("Opted out", _TEXTING, _yes_or_no("n.suppressed_at IS NOT NULL")),
    "invalid_number": Field("Bad number", _TEXTING, _yes_or_no("n.invalid_at IS NOT NULL")),
    "doubt": Field("Probable opt-out", _TEXTING, _yes_or_no("n.doubt_at IS NOT NULL")),
    "last_inbound": Field("Last text from them", _TEXTING, history.LAST_INBOUND),
    "last_outbound": Field("Last text from us", _TEXTING, history.LAST_OUTBOUND),
    "reply": Field("No reply", _TEXTING, history.REPLY),
    "texts_sent": Field("Texts sent to them", _TEXTING, history.TEXTS_SENT),
    "campaign": Field("Campaign", _TEXTING, history.CAMPAIGN, "campaigns"),
}
