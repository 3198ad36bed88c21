"""Words that stop texts to this account besides the legal ones: its own language, or what its people keep writing."""

from __future__ import annotations

from typing import Final

from webapp.accounts.settings import AccountSettings
from webapp.rules import keywords
from webapp.rules.keywords import CONFIRM_WORDS, HELP_WORDS, START_WORDS, STOP_WORDS, Classification, Context
from webapp.rules.plaintext import bare, is_reaction, plain

MOST: Final = 50
LONGEST: Final = 30
_SHORTEST: Final = 2
# What people answer to ordinary questions: as a stop word each would silence those who want to talk.
_ORDINARY: Final = frozenset(
    (
        *("yes", "yeah", "yep", "yup", "no", "nope", "nah", "ok", "okay", "k", "sure", "maybe", "fine", "good"),
        *("hi", "hello", "hey", "thanks", "thank you", "thx", "please", "sorry", "bye", "later", "tomorrow", "today"),
        *("now", "not now", "call", "call me", "text me", "who is this", "who", "what", "when", "where", "why", "how"),
        *("si", "hola", "gracias", "oui", "non", "merci", "bonjour", "interested", "not interested", "home", "house"),
    )
)


def classify(text: str, context: Context, settings: AccountSettings) -> Classification:
    """What an incoming text asks for, by the account's own words and by everybody's."""
    return _by_own(text, settings) or keywords.classify(text, context)


def normal(word: str) -> str:
    """A word in the plain form in which it is kept and compared."""
    return bare(plain(word))


def complaint(word: str) -> str | None:
    """Why a word, in plain form, cannot be a stop word; None when it can."""
    if len(word) < _SHORTEST:
        return f"“{word}” is too short: people write single letters for many things."
    if len(word) > LONGEST:
        return f"“{word[:LONGEST]}…” is too long: it must be the whole text that somebody sends."
    if word in STOP_WORDS:
        return f"“{word}” stops texts already."
    if word in START_WORDS or word in CONFIRM_WORDS:
        return f"“{word}” asks for texts: it cannot stop them, too."
    if word in HELP_WORDS:
        return f"“{word}” asks for help, and is answered."
    if word in _ORDINARY or word.isdigit():
        return f"“{word}” answers many questions: people would stop texts without wanting to."
    return None


def _by_own(text: str, settings: AccountSettings) -> Classification | None:
    if not settings.extra_stop_words:
        return None
    folded = plain(text)
    words = bare(folded)
    if words not in settings.extra_stop_words or is_reaction(folded):
        return None
    return Classification("stop", "keyword", "suppress", words, "keyword.own")
