"""What a grammar of intents is made of: rules that look at one text in everyday words, and say how sure they are."""

import re
from typing import Final, Literal, NamedTuple

Sureness = Literal["suppress", "hold"]

#: The end of a clause, or of the text.
END: Final = r"(?= ?(?:[.,!?;:\n)\"□]|- |$))"
#: The start of a clause, or of the text.
START: Final = r"(?:^|(?<=[.,!?;:\n(\"□-]))\s*"


class Rule(NamedTuple):
    """``unless``: what turns the same words into something else, anywhere in the text."""

    name: str
    action: Sureness
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


class Finding(NamedTuple):
    """The rule that matched, how sure it is, and the words that decided."""

    rule: str
    action: Sureness
    matched: str


def rule(name: str, action: Sureness, pattern: str, unless: str | None = None) -> Rule:
    """A rule from its patterns; `plaintext.plain` has left single spaces within a line."""
    return Rule(name, action, re.compile(pattern), re.compile(unless) if unless else None)


def first_finding(text: str, rules: tuple[Rule, ...]) -> Finding | None:
    """The first rule that matches; those that are sure come before those that are not."""
    for one in rules:
        found = one.pattern.search(text)
        if found and not (one.unless and one.unless.search(text)):
            return Finding(f"natural.{one.name}", one.action, " ".join(found.group().split()).strip(' .,!?;:"-'))
    return None
