"""What the tables of the grammar are made of. Patterns are in the notation that `notation` explains."""

from typing import Literal, NamedTuple

Sureness = Literal["suppress", "hold"]


class RuleText(NamedTuple):
    """One row: `name` goes into the ledger as `natural.NAME`; `sure`: does a match suffice, or must a person decide.

    `example` is a text that this very rule decides. `on` names classes or words of which one must occur: a text without
    them is never searched (nothing: any text). `unless` is another pattern that, anywhere in the text, turns the
    same words into something else.
    """

    name: str
    sure: Sureness
    example: str
    on: str
    pattern: str
    unless: str = ""


class GuardText(NamedTuple):
    """Words that look like a request and are none: what stands in double brackets is taken out before rules are tried.

    `example` is a text that would be a stop without this guard.
    """

    example: str
    on: str
    pattern: str
