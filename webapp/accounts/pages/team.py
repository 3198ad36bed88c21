"""The team: who there is, and what an admin does about it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts import audit, letters, mail, settings, users
from webapp.accounts.actors import current_actor
from webapp.accounts.forms import InviteForm, RoleForm
from webapp.accounts.links import LIFETIMES, Purpose
from webapp.accounts.pages.blueprint import blueprint
from webapp.accounts.pages.blueprint import settings as app_settings
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.users import EmailTakenError, Person
from webapp.models.constants import Role
from webapp.web.fragments import toast
from webapp.web.problems import Problem


@blueprint.get("/team")
@requires(Permission.MANAGE)
def team() -> ResponseReturnValue:
    """Everybody. Managers look; admins also change."""
    return _page()


@blueprint.post("/team/invitations")
@requires(Permission.ADMIN)
def invite() -> ResponseReturnValue:
    """A new person with a link to set a password: by e-mail, or shown to the admin where there is no e-mail."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(invite=form), 422
    try:
        person = _create(form)
    except EmailTakenError:
        form.email.errors = ["Somebody has this address already."]
        return _page(invite=form), 422
    return _page(invite=InviteForm(formdata=None), sent=_deliver(Purpose.INVITATION, person))


@blueprint.post("/team/<int:user_id>/link")
@requires(Permission.ADMIN)
def send_link(user_id: int) -> ResponseReturnValue:
    """A new link: an invitation again, or a way back in for somebody who forgot the password."""
    with database.transaction() as conn:
        person = users.get(conn, user_id)
        purpose = Purpose.INVITATION if person.invited else Purpose.RESET
        audit.record(conn, current_actor().id, "link.sent", f"user:{user_id}", purpose=purpose)
    if not person.active:
        raise Problem.conflict("This person is deactivated. Reactivate them first.")
    return _page(sent=_deliver(purpose, person))


@blueprint.post("/team/<int:user_id>/role")
@requires(Permission.ADMIN)
def change_role(user_id: int) -> ResponseReturnValue:
    """Another role, from the person's next click on."""
    form = RoleForm()
    if not form.validate_on_submit():
        raise Problem.invalid([("role", "Choose rep, manager or admin.")])
    with database.transaction() as conn:
        person = users.change_role(conn, user_id, Role(form.role.data), actor=current_actor())
    return _done(f"{person.name} is now {_with_article(person.role)}.")


@blueprint.post("/team/<int:user_id>/deactivate")
@requires(Permission.ADMIN)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Ends sessions, links and tokens at once. Undone by reactivating, but for the tokens."""
    with database.transaction() as conn:
        person = users.deactivate(conn, user_id, actor=current_actor())
    return _done(f"{person.name} is signed out everywhere.", undo=url_for("accounts.reactivate", user_id=user_id))


@blueprint.post("/team/<int:user_id>/reactivate")
@requires(Permission.ADMIN)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Lets a person sign in again."""
    with database.transaction() as conn:
        person = users.reactivate(conn, user_id, actor=current_actor())
    return _done(f"{person.name} can sign in again.")


def _create(form: InviteForm) -> Person:
    with database.transaction() as conn:
        return users.create(
            conn,
            email=form.email.data or "",
            name=form.name.data or "",
            role=Role(form.role.data),
            timezone=settings.load(conn).default_timezone,
            actor_id=current_actor().id,
        )


def _deliver(purpose: Purpose, person: Person) -> dict[str, Any]:
    """What to tell the admin: that the letter went, or the link itself and why."""
    told: dict[str, Any] = {"person": person, "lifetime": LIFETIMES[purpose][1], "link": None, "failure": None}
    if not mail.can_send(app_settings()):
        return told | {"link": letters.link_for(purpose, person)}
    try:
        mail.send(app_settings(), letters.write(purpose, person, inviter=current_actor().name))
    except mail.MailError as failure:
        return told | {"link": letters.link_for(purpose, person), "failure": str(failure)}
    return told


def _done(text: str, *, undo: str | None = None) -> ResponseReturnValue:
    toast(text, undo=undo)
    return redirect(url_for("accounts.team"), 303)


def _page(*, invite: InviteForm | None = None, sent: dict[str, Any] | None = None) -> str:
    with database.transaction() as conn:
        people = users.everyone(conn)
    return render_template(
        "accounts/team.html",
        people=people,
        invite=invite or InviteForm(formdata=None),
        roles={person.id: RoleForm(formdata=None, role=person.role) for person in people},
        sent=sent,
    )


def _with_article(role: str) -> str:
    return f"an {role}" if role == Role.ADMIN else f"a {role}"
