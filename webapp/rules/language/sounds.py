"""Words as they sound: Spanish written by ear, French without its apostrophes, and what is half struck out."""

import re
from collections.abc import Iterable
from typing import Final

_SHORTEST: Final = 5
_EARS: Final = (("ch", "x"), ("qu", "k"), ("z", "s"), ("v", "b"), ("ll", "y"), ("h", ""), ("ñ", "n"))
_soft_c = re.compile(r"c(?=[eiy])")
_soft_g = re.compile(r"g(?=[ei])")
_hard_g = re.compile(r"gu(?=[ei])")
_doubled = re.compile(r"(.)\1+")
_starred = re.compile(r"[a-z]+\*+[a-z]*|[a-z]*\*+[a-z]+")
# What people half strike out, most likely first.
_STRUCK_OUT: Final = (
    *("stop", "fucking", "fuck", "fucken", "fuckin", "fucker", "fuckers", "shit", "bitch", "bitches", "asshole"),
    *("damn", "bullshit", "text", "texting"),
)
# English words that sound like Spanish verbs, and are none.
ENGLISH: Final = frozenset({"kitten", "shake", "shaken", "sesame", "finalize", "finalizes", "marquee", "marquees"})
# What stands before a vowel with an apostrophe, and often without: "menvoyer", "darreter", "nappelez".
_ELIDED: Final = "mdnltj"


def spanish(word: str) -> str:
    """What a Spanish word sounds like: b for v, k for qu and c, s for z, no h."""
    word = _hard_g.sub("g", _soft_g.sub("j", _soft_c.sub("s", word)))
    for written, heard in _EARS:
        word = word.replace(written, heard)
    return _doubled.sub(r"\1", word.replace("c", "k"))


def by_sound(words: Iterable[str]) -> dict[str, str]:
    """Each of the longer words by what it sounds like."""
    return {spanish(word): word for word in sorted(words) if len(word) >= _SHORTEST}


def elided(typed: str, vowel_words: frozenset[str]) -> tuple[str, ...]:
    """ "menvoyer" as "m", "envoyer"; nothing for a word that is no such pair."""
    return (typed[0], typed[1:]) if typed[0] in _ELIDED and typed[1:] in vowel_words else ()


def struck_out(typed: str) -> str | None:
    """ "f***ing" as "fucking": each star one letter or several, or none where it only parts."""
    if not _starred.fullmatch(typed):
        return None
    shape = re.compile(re.sub(r"\*+", "[a-z]+", typed))
    return next((word for word in _STRUCK_OUT if shape.fullmatch(word)), None)
