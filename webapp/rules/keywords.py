"""STOP, START and HELP: what an incoming text asks of us, first by keyword, then by its language.

Sources: 47 CFR 64.1200(a)(10) (the words that revoke consent by themselves), CTIA Messaging Principles 2023 (capitals
and punctuation must not matter), Twilio's and other carriers' default words, and their Spanish and French forms.
"""

import re
from typing import Final, Literal, NamedTuple

from webapp.rules import intents
from webapp.rules.plaintext import bare, capitalised, is_reaction, plain

Intent = Literal["stop", "start", "help", "none"]
Tier = Literal["keyword", "natural", "none"]
Action = Literal["suppress", "hold", "none"]
Context = Literal["subscribed", "opted_out", "pending"]

STOP_WORDS: Final = frozenset(
    (
        *(
            "stop",
            "stopall",
            "stop all",
            "unsubscribe",
            "unsub",
            "cancel",
            "end",
            "quit",
            "revoke",
            "optout",
            "opt out",
        ),
        *("remove", "arret", "arrete", "arrett", "arreter", "desabonner"),
        *("parar", "alto", "cancelar", "baja", "detener"),
    )
)
# What people send who type the footer back: "STOP2END", "stop to quit".
_footer_echo = re.compile(r"stop ?(?:2|to) ?(?:end|quit|stop|cancel|opt ?out|unsub(?:scribe)?)")
START_WORDS: Final = frozenset({"start", "unstop", "un stop"})
# These answer many questions; they ask for texts again only from someone who gets none.
RETURN_WORDS: Final = frozenset({"yes", "subscribe"})
CONFIRM_WORDS: Final = RETURN_WORDS | {"y", "si", "oui"}
HELP_WORDS: Final = frozenset({"help", "info", "ayuda", "aide"})

_only_stop_signs = re.compile(r"\s*(?:[🛑✋⛔🚫🖕]\ufe0f?[\U0001f3fb-\U0001f3ff]?\s*)+")

# Twilio's own list for numbers without Advanced Opt-Out; it compares the whole trimmed body, capitals aside.
_carrier_words: Final = frozenset(
    (
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "arret", "arrete", "arrett"),
        *("start", "yes", "unstop"),
        *("help", "info"),
    )
)
_toll_free_words: Final = frozenset({"stop", "start", "unstop", "help", "info"})


class Classification(NamedTuple):
    """What a text asks for.

    `action` is what to do with the sender's number at once: `suppress` a sure stop, `hold` automation for an unsure one
    until a person has decided. `matched` quotes the words that decided, in plain form; `rule` names the rule.
    """

    intent: Intent
    tier: Tier
    action: Action
    matched: str | None
    rule: str | None


NOTHING: Final = Classification("none", "none", "none", None, None)


def classify(text: str, context: Context = "subscribed") -> Classification:
    """Read an incoming text; `context` is the sender's standing: receiving texts, opted out, or asked to confirm.

    Keywords are read first, then people's own words (`intents`). A stop beats every other reading. START always starts,
    YES only someone opted out or pending.
    """
    folded = plain(text)
    if is_reaction(folded):
        return NOTHING
    if _only_stop_signs.fullmatch(text):
        return Classification("stop", "natural", "hold", text.strip(), "natural.stop_sign")
    return _by_keyword(bare(folded), context) or _by_language(text, folded, context)


def carrier_answers(text: str, toll_free: bool = False) -> bool:
    """Whether Twilio's default handling, or the toll-free network, replies to this body by itself.

    Then we must not: the person would get two answers. Long codes match one default word as the whole trimmed body
    whatever its capitals; toll-free numbers know only STOP, START, UNSTOP, HELP and INFO.
    """
    words = _toll_free_words if toll_free else _carrier_words
    return text.strip().lower() in words


def _by_keyword(words: str, context: Context) -> Classification | None:
    if words in STOP_WORDS or _footer_echo.fullmatch(words):
        return Classification("stop", "keyword", "suppress", words, "keyword.stop")
    if words in START_WORDS or words in _returning(context):
        return Classification("start", "keyword", "none", words, "keyword.start")
    if words in HELP_WORDS:
        return Classification("help", "keyword", "none", words, "keyword.help")
    return None


def _by_language(text: str, folded: str, context: Context) -> Classification:
    """What people ask for in their own words."""
    read = intents.find(folded, context, capitalised(text))
    if read is None:
        return NOTHING
    intent, found = read
    return Classification(intent, "natural", found.action if intent == "stop" else "none", found.matched, found.rule)


def _returning(context: Context) -> frozenset[str]:
    if context == "pending":
        return CONFIRM_WORDS
    return RETURN_WORDS if context == "opted_out" else frozenset()
