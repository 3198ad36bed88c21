"""The small forms of campaigns: a new one, and a name."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Optional

from webapp.campaigns.building.copying import NAME_LENGTH
from webapp.models.constants import CampaignKind
from webapp.web.names import one_line

_KINDS: dict[str, str] = {
    CampaignKind.DRIP: "A sequence: several texts over days or weeks",
    CampaignKind.BROADCAST: "A broadcast: one text to everybody",
}


class NameForm(FlaskForm):
    """What a campaign is called."""

    name = StringField("Name")

    def read_name(self) -> str | None:
        """The name on one line; None, with the error beside it, where there is none or it is too long."""
        self.validate()
        name = one_line(self.name.data or "")
        if not name:
            self.name.errors = ["Give it a name, so that others find it."]
        elif len(name) > NAME_LENGTH:
            self.name.errors = [f"This is {len(name)} characters long; at most {NAME_LENGTH} fit."]
        return None if any(field.errors for field in self) else name


class NewForm(NameForm):
    """A new campaign: blank, or what ``starter`` or ``copy`` names."""

    kind = RadioField("What it is", [Optional()], choices=_KINDS, default=CampaignKind.DRIP)
    starter = HiddenField()
    copy = HiddenField()
