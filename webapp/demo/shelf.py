"""The demo's library of templates: the shipped ones and the agency's own, some of them reworded since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.texts import library, reading, starters
from webapp.texts.library import Entry

_HI = 'Hi {{ first_name | default("there") }}, '


@dataclass(frozen=True, slots=True)
class Wordings:
    """A template with its wordings, the oldest first; ``days_ago`` of the first, a week between two."""

    name: str
    category: str
    bodies: tuple[str, ...]
    days_ago: int


OWN = (
    Wordings(
        "Price came down",
        "Listings",
        (
            _HI + "good news: the price came down. Interested??? Call me ASAP!",
            _HI + "the price of the home you saw came down. Would you like the details?",
            _HI + "the price of the home you liked came down this week. Shall I send you the details?",
        ),
        48,
    ),
    Wordings(
        "New listing",
        "Listings",
        (
            _HI + "a home has just come up in {{ custom.city | default('your area') }} that may suit you. "
            "Shall I send you pictures?",
        ),
        40,
    ),
    Wordings(
        "Documents for the lender",
        "Under contract",
        (
            _HI + "the lender still needs a document from you. Can you upload it this week?",
            _HI + "the lender is waiting for one more document. Could you upload it by Friday?",
        ),
        33,
    ),
    Wordings(
        "Closing day",
        "Under contract",
        (_HI + "closing is near! Please bring a photo ID. Any questions before the day?",),
        30,
    ),
    Wordings(
        "After a year",
        "Clients",
        (_HI + "it has been a year in your home. How is it going? If you need a plumber or a painter, just ask me.",),
        21,
    ),
    Wordings(
        "Spanish: first answer",
        "New enquiry",
        ("Hola{% if first_name %} {{ first_name }}{% endif %}, gracias por escribir. ¿Cuándo le viene bien hablar?",),
        12,
    ),
)


def fill(conn: Connection, actor: Actor, now: datetime) -> None:
    """Puts them all on the shelf, for everybody, as the actor wrote them. ``now``: business time."""
    shipped = [Wordings(one.name, one.category, (one.body,), 55) for one in starters.STARTERS]
    for wordings in (*shipped, *OWN):
        _write(conn, actor, wordings, now - timedelta(days=wordings.days_ago))


def _write(conn: Connection, actor: Actor, wordings: Wordings, at: datetime) -> None:
    first, *later = [Entry(wordings.name, wordings.category, body, shared=True) for body in wordings.bodies]
    template_id = library.create(conn, actor, first, at)
    for weeks, entry in enumerate(later, 1):
        template = reading.find(conn, actor, template_id)
        assert template is not None, "everybody sees a shared template"
        library.change(conn, actor, template, entry, at + timedelta(weeks=weeks), read_version=template.version)
