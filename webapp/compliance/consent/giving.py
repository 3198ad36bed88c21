"""Consent: how a person agreed to be texted, written down before the first text goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from webapp.compliance.consent import rows
from webapp.compliance.consent.rows import Row, Scope
from webapp.database import Connection
from webapp.models.constants import ConsentChannel, ConsentEvent, ConsentKind

#: How long an implied consent holds, in months: two years after a purchase, six months after an inquiry (CASL 10(10)).
IMPLIED_MONTHS: Final[Mapping[ConsentKind, int]] = {ConsentKind.IMPLIED_PURCHASE: 24, ConsentKind.IMPLIED_INQUIRY: 6}

_CHANNELS: Final[Mapping[str, ConsentChannel]] = {
    "web_form": ConsentChannel.WEB,
    "in_person": ConsentChannel.VERBAL,
    "phone_call": ConsentChannel.VERBAL,
    "paper_form": ConsentChannel.PAPER,
    "natural": ConsentChannel.KEYWORD,
    "wrong_number": ConsentChannel.KEYWORD,
}


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """``source``: how they agreed (a web form, in person, …); ``at``: when; ``attested``: whoever enters it vouches.

    ``channel`` is read from the source where it is not given, and ``expires_at`` from an implied ``kind``.
    ``details`` is the rest of the evidence, as JSON: page address, form, IP, user agent, the act, the name given.
    """

    source: str
    at: datetime | None = None
    attested: bool = False
    note: str | None = None
    channel: ConsentChannel | None = None
    scope: Scope = "all"
    kind: ConsentKind = ConsentKind.EXPRESS
    expires_at: datetime | None = None
    disclosure_id: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def channel_of(source: str) -> ConsentChannel:
    """By which way somebody agreed or took it back, as far as the source's name says so."""
    plain = source.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in set(ConsentChannel):
        return ConsentChannel(plain)
    return _CHANNELS.get(plain, ConsentChannel.OTHER)


def lapses_at(given: ConsentGiven, at: datetime) -> datetime | None:
    """When the consent ends by itself; None for one that was expressed."""
    if given.expires_at is not None or given.kind not in IMPLIED_MONTHS:
        return given.expires_at
    return _months_after(at, IMPLIED_MONTHS[given.kind])


def record_opt_in(
    conn: Connection, contact_number_id: int, given: ConsentGiven, *, actor_id: int | None, now: datetime
) -> bool:
    """Adds one number's opt-in to the ledger: see ``record_opt_ins``."""
    return record_opt_ins(conn, [contact_number_id], given, actor_id=actor_id, now=now)


def record_opt_ins(
    conn: Connection, contact_number_ids: Sequence[int], given: ConsentGiven, *, actor_id: int | None, now: datetime
) -> bool:
    """Adds an opt-in to the ledger of each number; False, and nothing written, if nobody attested to it.

    It never lifts a suppression: only the person, or an audited re-opt-in, does (47 CFR 64.1200(a)(10)). An implied
    consent never takes the place of an expressed one.
    """
    if not given.attested:
        return False
    written = [_row(number, given, actor_id, now) for number in set(contact_number_ids)]
    rows.write(conn, written)
    rows.hold_good(conn, written)
    return True


def _row(contact_number_id: int, given: ConsentGiven, actor_id: int | None, now: datetime) -> Row:
    at = given.at or now
    return Row(
        contact_number_id,
        ConsentEvent.OPT_IN,
        given.source,
        given.channel or channel_of(given.source),
        at,
        lapses_at(given, at),
        given.scope,
        disclosure_id=given.disclosure_id,
        actor_id=actor_id,
        note=given.note,
        details=_details(given),
    )


def _details(given: ConsentGiven) -> dict[str, object]:
    implied = given.kind is not ConsentKind.EXPRESS
    return dict(given.details) | ({"kind": given.kind} if implied else {})


def _months_after(at: datetime, months: int) -> datetime:
    """The same day so many months later, or that month's last."""
    years, month = divmod(at.month - 1 + months, 12)
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=at.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    return at.replace(year=at.year + years, month=month + 1)
