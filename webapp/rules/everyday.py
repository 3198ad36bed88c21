"""Everyday writing brought to dictionary words: slang, contractions, typing slips and spelled-out letters.

Works on `plaintext.plain` text. What the opt-out grammars look for is written in these words only.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from webapp.rules.plaintext import EMOJI

_WORDS: Final = {
    "pls": "please", "plz": "please", "plzz": "please", "pleas": "please", "plese": "please", "pleaze": "please",
    "kindly": "please", "thx": "thanks", "ty": "thanks", "tks": "thanks", "thnx": "thanks", "thanx": "thanks",
    "u": "you", "ya": "you", "yall": "you", "y'all": "you", "ur": "your", "r": "are",
    "im": "i am", "i'm": "i am", "ill": "i will", "i'll": "i will", "ive": "i have", "i've": "i have",
    "id": "i would", "i'd": "i would", "its": "it is", "it's": "it is", "that's": "that is",
    "don't": "do not", "dont": "do not", "dnt": "do not", "donot": "do not",
    "doesn't": "does not", "doesnt": "does not", "didn't": "did not", "didnt": "did not", "won't": "will not",
    "wont": "will not", "can't": "can not", "cant": "can not", "cannot": "can not", "isn't": "is not",
    "isnt": "is not", "ain't": "is not", "aint": "is not", "wasn't": "was not", "aren't": "are not",
    "haven't": "have not", "havent": "have not", "wouldn't": "would not", "shouldn't": "should not",
    "nomore": "anymore", "nobody": "no one", "noone": "no one", "wanna": "want to", "gonna": "going to",
    "txt": "text", "txts": "texts", "txting": "texting", "txtin": "texting", "txtn": "texting", "textin": "texting",
    "texing": "texting", "texitng": "texting", "tetxing": "texting",
    "textting": "texting", "txtmsg": "text", "sms": "text", "smses": "texts", "msg": "message", "msgs": "messages",
    "mssg": "message", "msging": "messaging", "messagin": "messaging", "messging": "messaging", "mesage": "message",
    "mesages": "messages", "messges": "messages", "massages": "messages", "contactin": "contacting",
    "rmv": "remove", "remov": "remove", "rm": "remove", "delet": "delete",
    "num": "number", "nbr": "number", "numb": "number", "#": "number", "phonenumber": "number", "cuz": "because",
    "tf": "the fuck", "fk": "fuck", "fck": "fuck", "fuk": "fuck", "eff": "fuck", "effing": "fucking", "wtf": "fuck",
    "optout": "opt out", "opt-out": "opt out", "optin": "opt in", "unsubscription": "unsubscribe",
    "desubscribe": "unsubscribe", "unsub": "unsubscribe", "unsubscribing": "unsubscribe", "dnc": "do not call",
    "svp": "s'il vous plait", "porfa": "por favor", "xfavor": "por favor",
    "q": "que", "msj": "mensaje", "msjs": "mensajes", "mensages": "mensajes", "msn": "mensaje",
}  # fmt: skip
_SLIPS: Final = frozenset(
    {"stpo", "sotp", "tsop", "sttop", "sstop", "stopo", "stob", "stap", "stahp", "stawp", "staph", "stpp", "stip"}
    | {"stopl", "stopm", "stio", "etop", "dtop", "stoip"}
)
#: Written without their last letter.
_DROPPED_G: Final = frozenset(
    {"hittin", "blowin", "callin", "sendin", "botherin", "harassin", "spammin", "buggin", "gettin"}
)
_repeated = re.compile(r"^s+t+[o0]+p+$")
_spelled = re.compile(
    r"(?<![a-z0-9])(?:s[\W_]{1,2}t[\W_]{1,2}[o0][\W_]{1,2}p|st op|sto p|s top)(?![a-z0-9])",
)
_joined = re.compile(
    r"(?<![a-z])(stop)(?=(?:text|txt|messag|contact|spam|send|call|bother|harass|now|it|please|pls)[a-z]*\b)"
)
_together = (
    (re.compile(r"\bremoveme\b"), "remove me"),
    (re.compile(r"\bunsubscribeme\b"), "unsubscribe me"),
    (re.compile(r"\boptmeout\b"), "opt me out"),
    (re.compile(r"\bleavemealone\b"), "leave me alone"),
    (re.compile(r"\bnon[- ]?stop"), "nonstop"),
    (re.compile(r"\bopt[- ](me |us )?out"), r"opt \1out"),
    (re.compile(r"\bopting[- ]out\b"), "opt out"),
    (re.compile(r"\bany more\b"), "anymore"),
    (re.compile(r"\boff of\b"), "off"),
)  # fmt: skip
_word = re.compile(rf"[a-z0-9'#&{EMOJI}]+")
_LONGEST_WORD: Final = 24
_BEGINNINGS: Final = ("uns", "unu", "ubs", "usub", "onsub")
_NEARLY: Final = 0.79


def spelled_out(plain_text: str) -> str:
    """The text in dictionary words, with its punctuation and line ends; `EMOJI` stays."""
    text = _spelled.sub("stop", plain_text)
    text = _joined.sub(r"\1 ", text)
    text = _word.sub(lambda found: _spell(found.group()), text)
    for pattern, words in _together:
        text = pattern.sub(words, text)
    return text


@lru_cache(maxsize=16_384)
def _spell(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if word in _SLIPS or _repeated.match(word):
        return "stop"
    if word in _DROPPED_G:
        return f"{word}g"
    return "unsubscribe" if _is_unsubscribe(word) else word


def _is_unsubscribe(word: str) -> bool:
    """A long word that begins like it and is nearly it; not the past, which says something else."""
    if not word.startswith(_BEGINNINGS) or not 7 <= len(word) <= _LONGEST_WORD or word == "unsubscribed":
        return False
    return SequenceMatcher(None, word, "unsubscribe", autojunk=False).ratio() > _NEARLY
