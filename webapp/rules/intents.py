"""What a text asks for in people's own words: a small grammar of intents, which names the rule and words that matched.

English, Spanish and French. Sure findings come first; a finding that could mean something else is one to hold.
"""

from typing import Final

from webapp.rules import intents_english, intents_french, intents_spanish
from webapp.rules.everyday import spelled_out
from webapp.rules.grammar import Finding, Rule, first_finding

#: Cited by the ledger beside the rule that matched.
ENGINE_VERSION: Final = "2026-11-25"

#: Who writes more than this has said what they want at one end of it.
_READ: Final = 300

_STOP: Final[tuple[Rule, ...]] = tuple(
    sorted((*intents_english.STOP, *intents_spanish.STOP, *intents_french.STOP), key=lambda rule: rule.action == "hold")
)
_WRONG_NUMBER: Final[tuple[Rule, ...]] = (
    *intents_english.WRONG_NUMBER,
    *intents_spanish.WRONG_NUMBER,
    *intents_french.WRONG_NUMBER,
)


def find_stop(plain_text: str) -> Finding | None:
    """Whether somebody asks not to be texted: surely (`suppress`) or perhaps (`hold`).

    A wrong number that also says "stop" is a wrong number: both suppress, and the number is known not to be the lead's.
    """
    text = _read(plain_text)
    return first_finding(text, _WRONG_NUMBER) or first_finding(text, _STOP)


def find_return(plain_text: str) -> Finding | None:
    """Whether somebody who gets no texts asks for them again."""
    return first_finding(_read(plain_text), intents_english.RETURN)


def _read(plain_text: str) -> str:
    if len(plain_text) > 2 * _READ:
        plain_text = f"{plain_text[:_READ]}\n{plain_text[-_READ:]}"
    return spelled_out(plain_text)
