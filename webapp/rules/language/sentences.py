"""A text as a row of signs, each with its place in the text."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from webapp.rules.language.notation import COMMA_SIGN, QUESTION_SIGN, STOP_SIGN
from webapp.rules.plaintext import EMOJI, STOP_EMOJI

_token = re.compile(
    # Letters one by one: "s.t.o.p.", "S T O P"; or a word broken in two: "un-subscribe".
    r"(?P<spelled>(?<![^\W_])(?:[a-z0](?:[ .*_-]{1,3}(?!i [a-z]{2})[a-z0]){3,}|st op|sto p|s top|un[ .-]sub[a-z]*"
    r"|des[ .-](?:suscri|inscri|abonn)[a-z]*)(?![^\W_]))"
    # A title's dot ends no sentence: "Mr. Jones".
    r"|(?P<title>(?<![^\W_])(?:mrs?|ms|dr|srt?a?|mme|mlle|m)\. ?(?=[^\W\d_]{3}))"
    # French elision stands apart: "m'ecrire" is two words.
    r"|(?P<word>(?:qu|[cdjlmnst])'(?=[^\W\d_]{2})|\d+(?:[.,:]\d+)+|[^\W_]+(?:(?:['$@+]|\*{1,6})[^\W_]+)*\**|[#&])"
    rf"|(?P<sign>{STOP_EMOJI})"
    rf"|(?P<full>\.(?!\.)|[!;\n{EMOJI}]+)"
    r"|(?P<asked>\?[?!. ]*)"
    r"|(?P<lesser>\.\.+|[,:()|\u2013\u2014]+|--+|(?<!\S)-|-(?!\S))"
)
# Every word a sentence: "Take. Me. Off. Your. List."
_staccato = re.compile(r"(?:[^\W\d_]+[.!] ?){4,}")
_parting = re.compile(r"[\W_]+")
_NO_STOPS: Final = str.maketrans(".!", "  ")
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
    spoken = plain_text.translate(_NO_STOPS) if _staccato.fullmatch(plain_text) else plain_text
    for found in _token.finditer(spoken):
        new = _signs(found, signs_of)
        signs.append(new)
        places += [found.span()] * len(new)
    return Sentences(plain_text, "".join(signs), places)


def _signs(found: re.Match[str], signs_of: Callable[[str], str]) -> str:
    kind = found.lastgroup or ""
    if kind == "word":
        return signs_of("and" if found[0] == "&" else found[0])
    if kind == "title":
        return signs_of(found[0].rstrip(". "))
    if kind == "sign":
        return STOP_SIGN + signs_of(STOP_EMOJI) + STOP_SIGN
    if kind == "spelled":
        return signs_of(_parting.sub("", found[0]))
    return _KINDS[kind]
