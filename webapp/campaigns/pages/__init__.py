"""The HTML doors of campaigns: the list, the builder and its versions; launching, enrolling, and who is where."""

from __future__ import annotations

from webapp.campaigns.pages import (  # noqa: F401 (each adds its views)
    comparing,
    enrolling,
    launching,
    listing,
    making,
    rules,
    showing,
    steps,
    versions,
    ways,
    whom,
    writing,
)
from webapp.campaigns.pages.blueprint import blueprint

__all__ = ["blueprint"]
