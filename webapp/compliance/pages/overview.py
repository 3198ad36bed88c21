"""The state of the law here, at a glance."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.accounts.permissions import Permission, requires
from webapp.compliance.pages.blueprint import blueprint


@blueprint.get("/compliance")
@requires(Permission.MANAGE)
def overview() -> ResponseReturnValue:
    """What waits for a person, and what keeps texts back."""
    return render_template("compliance/overview.html")
