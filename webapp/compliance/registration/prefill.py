"""What the account already knows of a registration's answers: its settings, its pages and its own texts."""

from __future__ import annotations

import re

from webapp.accounts.settings import AccountSettings
from webapp.compliance.public import opt_in
from webapp.compliance.public.programme import Programme
from webapp.database import Connection
from webapp.models.constants import RegistrationKind
from webapp.rules import footers, phones, replies
from webapp.rules.footers import Signature

_LAST_LINE = re.compile(r"(.+?),?\s+([A-Za-z]{2}),?\s+(\d{5}(?:-\d{4})?)")
_CARRIERS_STOP_WORDS = "STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE, OPTOUT"


def answers(conn: Connection, kind: RegistrationKind, programme: Programme) -> dict[str, str]:
    """By field; only what is known. Keys that a registration does not ask for do no harm."""
    settings = programme.settings
    samples = own_samples(conn, settings) if settings.business_name else ()
    known = {
        "legal_name": settings.business_name,
        "website": settings.business_website,
        **_address(settings.business_address),
        "privacy_url": programme.privacy_url,
        "terms_url": programme.terms_url,
        "age_gated": "no",
        "direct_lending": "no",
        "subscriber_opt_in": "yes",
        "embedded_links": "no",
        "embedded_phone": "no",
        "opt_in_keywords": "START",
        "opt_out_keywords": _CARRIERS_STOP_WORDS,
        "help_keywords": "HELP, INFO",
        **(_in_words(programme) if settings.business_name else {}),
        **{f"sample_{number}": sample for number, sample in enumerate(samples, 1)},
    }
    if kind is RegistrationKind.TOLL_FREE:
        known |= _toll_free(conn, programme, samples)
    return {key: value for key, value in known.items() if value}


def own_samples(conn: Connection, settings: AccountSettings) -> tuple[str, ...]:
    """Two to five texts as this account sends them, what changes in brackets: the first with all that it must carry."""
    row = conn.execute("SELECT name FROM users WHERE active ORDER BY role = 'rep' DESC, id LIMIT 1").fetchone()
    person = row[0].partition(" ")[0] if row else ""
    agent, topics = person or "[agent]", settings.message_topics.rstrip(". ")
    first = (
        f"Hi [first name], this is {agent} with {settings.business_name}. You signed up for {topics}."
        " When is a good time to talk?"
    )
    later = f"{settings.business_name}: hi [first name], there is something new for you: [details]. Want to know more?"
    signature = Signature(person, settings.business_name)
    return (
        first + footers.added(first, "first", signature),
        later + footers.added(later, "again", signature),
    )


def _address(lines: str) -> dict[str, str]:
    """Street, city, state and ZIP code of an address that ends like "Austin, TX 78701"."""
    *street, last = [line.strip() for line in lines.splitlines() if line.strip()] or [""]
    found = _LAST_LINE.fullmatch(last)
    if found is None or not street:
        return {"street": lines.replace("\n", ", ")}
    return {"street": ", ".join(street), "city": found[1], "region": found[2].upper(), "postal_code": found[3]}


def _in_words(programme: Programme) -> dict[str, str]:
    settings, business = programme.settings, programme.settings.business_name
    contact = settings.business_contact or "this number"
    asked = "Each confirms by replying YES to one text before anything else is sent. " if settings.double_opt_in else ""
    return {
        "description": (
            f"{business} sends recurring marketing texts about {programme.topics} to people who signed up for them on"
            f" its web page, and answers what they text back. {programme.frequency}. Every recipient can reply STOP at"
            " any time."
        ),
        "message_flow": (
            f"People opt in at {programme.opt_in_url}: they enter name and mobile number, tick a box that is empty at"
            f" first and separate from all terms, and press the button. Beside the box: “I agree to receive recurring"
            f" marketing text messages from {business} … Consent is not a condition of any purchase."
            f" {programme.frequency}. Msg & data rates may apply. Reply STOP to opt out, HELP for help.” {asked}"
            f"Terms: {programme.terms_url} Privacy policy: {programme.privacy_url}"
        ),
        "opt_in_message": opt_in.question(settings),
        "opt_out_message": settings.stop_reply or replies.stop_reply(business, contact),
        "help_message": settings.help_reply or replies.help_reply(business, contact, programme.frequency),
    }


def _toll_free(conn: Connection, programme: Programme, samples: tuple[str, ...]) -> dict[str, str]:
    row = conn.execute("SELECT e164 FROM phone_numbers WHERE toll_free AND active ORDER BY id LIMIT 1").fetchone()
    business = programme.settings.business_name
    summary = (
        f"{business} sends marketing texts about {programme.topics} to people who signed up on its web page and"
        f" confirmed by a text. {programme.frequency}. STOP ends them."
    )
    return {
        "toll_free_number": phones.display(row[0]) if row else "",
        "notification_email": programme.settings.privacy_email,
        "categories": "MARKETING",
        "summary": summary if business else "",
        "production_sample": samples[0] if samples else "",
        "opt_in_type": "WEB_FORM",
        "opt_in_images": programme.opt_in_url,
    }
