"""Putting templates away and taking them out, bringing an old wording back, adding one to begin with."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.texts import library, starters
from webapp.texts.library import Entry, NameTakenError
from webapp.texts.pages.blueprint import ID, blueprint, lock_own
from webapp.web.fragments import toast
from webapp.web.problems import Problem


@blueprint.post(f"/templates/<{ID}:template_id>/archive")
@requires(Permission.SIGNED_IN)
def archive(template_id: int) -> ResponseReturnValue:
    """Puts the template away. Can be taken back."""
    with database.transaction() as conn:
        template = lock_own(conn, current_actor(), template_id)
        library.archive(conn, template, clock.now())
    toast(f"“{template.name}” is archived.", undo=url_for("texts_pages.unarchive", template_id=template_id))
    return redirect(url_for("texts_pages.index"), 303)


@blueprint.post(f"/templates/<{ID}:template_id>/unarchive")
@requires(Permission.SIGNED_IN)
def unarchive(template_id: int) -> ResponseReturnValue:
    """Takes it out again, unless another one has its name by now."""
    with database.transaction() as conn:
        template = lock_own(conn, current_actor(), template_id)
        try:
            library.unarchive(conn, template)
        except NameTakenError:
            raise Problem.conflict(
                f"Another template is called “{template.name}” by now. Rename that one first."
            ) from None
    toast(f"“{template.name}” is back.")
    return redirect(url_for("texts_pages.edit", template_id=template_id), 303)


@blueprint.post(f"/templates/<{ID}:template_id>/versions/<{ID}:version>/restore")
@requires(Permission.SIGNED_IN)
def restore(template_id: int, version: int) -> ResponseReturnValue:
    """Makes an earlier wording the newest version."""
    actor = current_actor()
    with database.transaction() as conn:
        template = lock_own(conn, actor, template_id)
        if not library.restore(conn, actor, template, version, clock.now()):
            raise Problem.not_found("version")
    toast(f"Version {version} is the newest again.")
    return redirect(url_for("texts_pages.versions", template_id=template_id), 303)


@blueprint.post("/templates/starters/<key>")
@requires(Permission.SIGNED_IN)
def add_starter(key: str) -> ResponseReturnValue:
    """Adds a template to begin with: for everybody by a manager, for oneself by a rep."""
    actor, starter = current_actor(), starters.find(key)
    if starter is None:
        raise Problem.not_found("starter")
    entry = Entry(starter.name, starter.category, starter.body, shared=actor.may(Permission.MANAGE))
    with database.transaction() as conn:
        try:
            library.create(conn, actor, entry, clock.now())
        except NameTakenError:
            toast(f"“{starter.name}” is there already.")
        else:
            toast(f"“{starter.name}” is added.")
    return redirect(url_for("texts_pages.index"), 303)
