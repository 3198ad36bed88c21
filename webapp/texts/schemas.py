"""What the templates API takes and gives."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from webapp.carrier.segments import LONGEST_BODY
from webapp.texts.library import CATEGORY_LENGTH, NAME_LENGTH
from webapp.web.fields import Answer, Body, OutId, OutInstant, Text
from webapp.web.paging import Page, PageQuery

_Name: TypeAlias = Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH)]
_Category: TypeAlias = Annotated[Text, Field(max_length=CATEGORY_LENGTH)]
_Words: TypeAlias = Annotated[Text, Field(min_length=1, max_length=LONGEST_BODY)]


class TemplateQuery(PageQuery):
    """Every word of `q` is looked for in name, category and text."""

    q: Text = Field(default="", max_length=200)
    category: _Category | None = None


class TemplateOut(Answer):
    """A template in its newest wording. `fields` are the merge fields that it mentions, like `custom.city`.

    `shared` ones are everybody's, the others yours alone. `warnings` name fields of your own that no newer lead has.
    """

    id: OutId
    name: str
    category: str
    body: str
    version: int
    shared: bool
    fields: list[str]
    warnings: list[str]
    created_at: OutInstant
    updated_at: OutInstant


class Templates(Page[TemplateOut]):
    """Templates by category, those without one last, then by name."""


class TemplateIn(Body):
    """A template to be made. Only managers may make one that is `shared`; it is unless they say otherwise."""

    name: _Name
    body: _Words
    category: _Category = ""
    shared: bool | None = None


class TemplatePatch(Body):
    """What is to change. A field that is left out stays; another `body` becomes another version.

    With `version`, which you have read, nothing is changed if somebody saved another one meanwhile.
    """

    name: _Name = ""
    body: _Words = ""
    category: _Category = ""
    shared: bool = False
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
