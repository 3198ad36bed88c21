"""What a text asks for in people's own words: a small grammar of intents, which names the rule and words that matched.

English, Spanish and French at once, since people mix them. A text becomes a row of signs, one for each word by the part
it plays (`language.notation`); what only looks like a request is taken out (`language.guards`); then the tables are
tried, those that are sure before those that are not. Every row of the tables carries a text that it decides.
"""

from typing import Final, Literal

from webapp.rules.language import engine
from webapp.rules.language.engine import Finding, Rule

Intent = Literal["stop", "start", "help"]
Context = Literal["subscribed", "opted_out", "pending"]
_Step = tuple[Intent, tuple[Rule, ...]]

#: Cited by the ledger beside the rule that matched.
ENGINE_VERSION: Final = "2026-11-25.4"


def find(
    plain_text: str, context: Context = "subscribed", capitalised: frozenset[str] = frozenset()
) -> tuple[Intent, Finding] | None:
    """What somebody asks for, and the finding that says so; None for an ordinary text.

    A stop, sure (`suppress`) or unsure (`hold`), beats all else. A wrong number that also says "stop" is a wrong
    number: both suppress, and the number is known not to be the lead's. Only who gets no texts can ask for them again,
    and only who was asked can agree. `capitalised`: words that the writer began with a capital, in plain form; they may
    be names.
    """
    text = engine.sentences(plain_text, capitalised)
    return next(((intent, found) for intent, rules in _ORDER[context] if (found := engine.first(text, rules))), None)


_ALWAYS: Final[tuple[_Step, ...]] = (("stop", engine.WRONG_NUMBERS), ("stop", engine.STOPS))
_HELP: Final[_Step] = ("help", engine.HELP)
_RETURN: Final[_Step] = ("start", engine.RETURNS)
_ORDER: Final[dict[Context, tuple[_Step, ...]]] = {
    "subscribed": (*_ALWAYS, _HELP),
    "opted_out": (*_ALWAYS, _RETURN, _HELP),
    "pending": (*_ALWAYS, _RETURN, ("start", engine.CONFIRMATIONS), _HELP),
}
