"""The HTML doors of the library: the list, one template, its versions, and previews."""

from __future__ import annotations

from webapp.texts.pages import editing, looking, shelving  # noqa: F401 (each adds its views)
from webapp.texts.pages.blueprint import blueprint

__all__ = ["blueprint"]
