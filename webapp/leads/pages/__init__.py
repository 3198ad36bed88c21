"""The HTML doors of leads: the list, one lead, and importing."""

from __future__ import annotations

from webapp.leads.pages import bulk, editing, importing, lists, making, reading  # noqa: F401 (each adds its views)
from webapp.leads.pages.blueprint import blueprint

__all__ = ["blueprint"]
