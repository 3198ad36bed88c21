"""A text as a row of signs, each with its place in the text."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from webapp.rules.language.notation import COMMA_SIGN, QUESTION_SIGN, STOP_SIGN
from webapp.rules.plaintext import EMOJI

_token = re.compile(
    # Letters one by one: "s.t.o.p.", "S T O P"; or a word broken in two: "un-subscribe".
    r"(?P<spelled>(?<![^\W_])(?:[a-z0](?:[ .*_-]{1,3}[a-z0]){3,}|st op|sto p|s top|un[ .-]sub[a-z]*)(?![^\W_]))"
    # French elision stands apart: "m'ecrire" is two words.
    r"|(?P<word>(?:qu|[cdjlmnst])'(?=[^\W\d_]{2})|\d+(?:[.,:]\d+)+|[^\W_]+(?:['*$@+][^\W_]+)*\**|[#&])"
    rf"|(?P<full>\.(?!\.)|[!;\n{EMOJI}]+)"
    r"|(?P<asked>\?[?!. ]*)"
    r"|(?P<lesser>\.\.+|[,:()|\u2013\u2014]+|--+|(?<!\S)-|-(?!\S))"
)
_parting = re.compile(r"[\W_]+")
_KINDS: Final = {"full": STOP_SIGN, "asked": QUESTION_SIGN, "lesser": COMMA_SIGN}


class Sentences(NamedTuple):
    """`signs` holds one character for each word or break; `places` where each begins and ends in `text`."""

    text: str
    signs: str
    places: list[tuple[int, int]]

    def quote(self, start: int, end: int) -> str:
        """The words behind the signs from `start` up to `end`, on one line."""
        begins = [place[0] for place in self.places[start:end]]
        ends = [place[1] for place in self.places[start:end]]
        return " ".join(self.text[begins[0] : ends[-1]].split()) if begins else ""


def read(plain_text: str, signs_of: Callable[[str], str]) -> Sentences:
    """Cut a plain text into signs; `signs_of` gives those of a word, one or (for words run together) several."""
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    for found in _token.finditer(plain_text):
        new = _signs(found, signs_of)
        signs.append(new)
        places += [found.span()] * len(new)
    return Sentences(plain_text, "".join(signs), places)


def _signs(found: re.Match[str], signs_of: Callable[[str], str]) -> str:
    kind = found.lastgroup or ""
    if kind == "word":
        return signs_of("and" if found[0] == "&" else found[0])
    if kind == "spelled":
        return signs_of(_parting.sub("", found[0]))
    return _KINDS[kind]
