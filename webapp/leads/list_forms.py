"""The form of a saved list."""

from __future__ import annotations

import json
from typing import Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField

from webapp.leads import filters
from webapp.leads.filters import Filter, FilterError
from webapp.leads.lists import NAME_LENGTH, NewList, SavedList
from webapp.web.names import one_line


class ListForm(FlaskForm):
    """Name, kind and sharing of a list; its filter comes along."""

    name = StringField("Name")
    kind = RadioField("Who is on it", choices={"dynamic": "Dynamic", "frozen": "Frozen"}, default="dynamic")
    shared = BooleanField("Share it with the team")
    filter = HiddenField()

    @classmethod
    def of(cls, saved: SavedList, chosen: Filter) -> Self:
        """The form of a list as it is, with another filter perhaps."""
        kind = "frozen" if saved.frozen else "dynamic"
        stored = json.dumps(chosen.stored())
        return cls(formdata=None, name=saved.name, kind=kind, shared=saved.shared, filter=stored)

    def read(self) -> NewList | None:
        """The list that the form describes; None when something is wrong with it, which is said at its field."""
        self.validate()
        name = one_line(self.name.data or "")
        if not name:
            self.name.errors = ["Give the list a name."]
        elif len(name) > NAME_LENGTH:
            self.name.errors = [f"Use {NAME_LENGTH} characters or fewer."]
        chosen = self._filter()
        if self.form_errors or any(field.errors for field in self):
            return None
        assert chosen is not None
        return NewList(name, chosen, bool(self.shared.data), self.kind.data == "frozen")

    def _filter(self) -> Filter | None:
        try:
            return filters.parse(json.loads(self.filter.data or "{}"))
        except FilterError as wrong:
            self.form_errors.append(wrong.errors[0].message)
        except (ValueError, RecursionError):
            self.form_errors.append("The filter cannot be read. Go back to the leads, and save it again.")
        return None
