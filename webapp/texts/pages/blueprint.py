"""The blueprint that the modules beside add their views to, and what all of them need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint

from webapp.accounts.actors import Actor
from webapp.carrier.prices import PRICES
from webapp.carrier.segments import LONGEST_BODY
from webapp.database import Connection
from webapp.texts import reading
from webapp.texts.preview import field_words, outline
from webapp.texts.reading import Template
from webapp.web.problems import Problem

blueprint = Blueprint("texts_pages", __name__)

#: An id in an address: one that would not fit a bigint names nothing, so it is a 404.
ID = "int(max=9223372036854775807)"

_DEFAULT = '{{ first_name | default("there") }}'
_OFTEN = (("First name", _DEFAULT), ("My name", "{{ my_name }}"), ("Business", "{{ business_name }}"))
_SELDOM = ("last_name", "phone", "email", "state")


class MergeButtons(NamedTuple):
    """What a text field offers to put in, each a word and its merge field."""

    often: Sequence[tuple[str, str]]
    seldom: Sequence[tuple[str, str]]


@blueprint.app_template_global("merge_buttons")
def merge_buttons(own: Sequence[str] = ()) -> MergeButtons:
    """``own`` are names of fields of one's own."""
    names = [*_SELDOM, *(f"custom.{name}" for name in own)]
    return MergeButtons(_OFTEN, [(field_words(name).capitalize(), f"{{{{ {name} }}}}") for name in names])


@blueprint.app_template_global("text_limits")
def text_limits() -> dict[str, str]:
    """What the counter under a text field needs: the longest body, and US dollars a segment."""
    return {"longest": str(LONGEST_BODY), "price": str(PRICES.sms_per_segment)}


blueprint.add_app_template_filter(field_words, "field_words")
blueprint.add_app_template_filter(outline, "outline")


def demand_template(conn: Connection, actor: Actor, template_id: int) -> Template:
    """The template, which may be put away; a 404 Problem where there is none that this actor may use."""
    template = reading.find(conn, actor, template_id)
    if template is None:
        raise Problem.not_found("template")
    return template


def lock_own(conn: Connection, actor: Actor, template_id: int) -> Template:
    """The template, which stays as it is until this transaction ends; a 404 or 403 Problem."""
    template = reading.find(conn, actor, template_id, lock=True)
    if template is None:
        raise Problem.not_found("template")
    if not template.may_be_changed_by(actor):
        raise Problem.forbidden("Only managers change what everybody uses. Make a copy of your own.")
    return template
