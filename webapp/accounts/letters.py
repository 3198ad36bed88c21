"""The letters that carry a link, and the links themselves."""

from __future__ import annotations

from flask import current_app, render_template, url_for

from webapp.accounts import links
from webapp.accounts.links import Purpose
from webapp.accounts.mail import Letter
from webapp.accounts.users import Person
from webapp.config import Settings


def link_for(purpose: Purpose, person: Person) -> str:
    """The whole address. Its host is ``APP_URL``'s: the request's own could be forged by whoever asks for a reset."""
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    token = links.make(str(current_app.secret_key), purpose, person)
    return settings.app_url + url_for("accounts.open_link", purpose=purpose.value, token=token)


def write(purpose: Purpose, person: Person, *, inviter: str = "") -> Letter:
    """The letter with the link, from ``templates/email/PURPOSE.txt``: its first line is the subject."""
    text = render_template(
        f"email/{purpose}.txt",
        person=person,
        inviter=inviter,
        link=link_for(purpose, person),
        lifetime=links.LIFETIMES[purpose][1],
    )
    subject, _, body = text.partition("\n")
    return Letter(person.email, subject.removeprefix("Subject: "), body.strip() + "\n")
