"""Words as people type them on a phone: letters held down, swapped, left out, run together, digits for letters."""

import re
from collections.abc import Collection
from typing import Final

from webapp.rules.language import sounds

_LONGEST: Final = 24
_SHORTEST_SLIP: Final = 4
_LONG: Final = 11
_SHORTEST_WORDS: Final = frozenset({"text", "txt", "dont", "take", "list", "remove", "please", "number"})
_SHORTEST_ADVERB: Final = 5
_NO_ADVERBS: Final = frozenset(
    {"apply", "supply", "family", "assembly", "monthly", "weekly", "hourly", "friendly", "likely", "elderly"}
)
_DIGITS: Final = str.maketrans("013457$@", "oieastsa")
_run = re.compile(r"(.)\1+")
_long_run = re.compile(r"(.)\1\1")

# The words whose slips are worth finding: typed in anger, with few neighbours that mean something else.
_OFTEN_MISTYPED: Final = (
    "txting texting messaging message messages unsubscribe unsubscribed subscription contact contacting contacted "
    "sending calling bothering harassing harassment spamming remove removed delete number please alone wrong "
    "consent revoke permission interested anymore immediately notifications mensaje mensajes quitenme borrenme "
    "eliminenme desuscribir desabonner desabonnez desinscrire desinscription"
)
# Words near enough to those to be taken for slips of them, and none.
_LOOKALIKES: Final = (
    "testing tasting twisting exiting texas contract contracts contracted contracting connect connected "
    "connecting contained containing contented content contents convent present resent remote removes remodel "
    "remorse listen spending sanding seeding standing scaling calming coiling culling failing bathing along aline "
    "aloe clone atone wrung strong throng prong wring pleased pleases lease massage massager numbers numb member "
    "lumber delate deletes deplete evoke provoke revoked permissions persona spanning slamming spawning contacts "
    "compact impact intact database immediate"
)
# What is written together without a space falls into these; one of it must decide something.
_PIECES: Final = (
    "stop dont do not no more mor text txt texting txting texts message messages messaging msg msgs me my number "
    "remove unsubscribe leave alone take off lose please pls plz call calling contact contacting delete quit "
    "sending send bothering spamming harassing this it now us opt out from list your again never"
)
_DECIDING: Final = "stop dont not remove unsubscribe leave take lose delete quit opt never more"
# Text-speak for words that patterns name by themselves.
_TEXT_SPEAK: Final = {
    "quitt": ("quit",),
    "qiut": ("quit",),
    "ennd": ("end",),
    "nomore": ("no", "more"),
    "mor": ("more",),
    "moar": ("more",),
    "nemore": ("anymore",),
    "abt": ("about",),
    "q": ("que",),
    "k": ("que",),
    "ke": ("que",),
    "x": ("por",),
    "ya'll": ("yall",),
    "wong": ("wrong",),
    "wrog": ("wrong",),
    "rwong": ("wrong",),
    "numba": ("number",),
    "numbah": ("number",),
    "noo": ("no",),
    "noooo": ("no",),
    "nomas": ("no", "mas"),
    "chu": ("je", "suis"),
    "chui": ("je", "suis"),
    "chus": ("je", "suis"),
    "jsuis": ("je", "suis"),
    "jveux": ("je", "veux"),
    "jpense": ("je", "pense"),
    "jrecois": ("je", "recois"),
    "cest": ("c", "est"),
    "jai": ("j", "ai"),
    "jaimerais": ("j", "aimerais"),
}
_lookalikes: Final = frozenset(_LOOKALIKES.split())
_pieces: Final = frozenset(_PIECES.split())
_deciding: Final = frozenset(_DECIDING.split())


class Speller:
    """Finds the known word behind a slip.

    A slip is one letter too many, too few, wrong or swapped with its neighbour, two in the longest words; the first
    letter is hardly ever wrong. It looks words up by what is left when letters are dropped, so its time does not depend
    on how many words it knows.
    """

    def __init__(self, known: Collection[str], spanish: Collection[str], french: Collection[str]) -> None:
        """`known`: every word of the grammar; `spanish` and `french`: those that are found by ear, or in an elision."""
        self._known = known
        self._by_sound = sounds.by_sound(spanish)
        self._vowel_words = frozenset(word for word in french if word[0] in "aeiouh" and len(word) > _SHORTEST_SLIP)
        self._by_rest: dict[str, str] = {}
        for word in sorted(_OFTEN_MISTYPED.split()):
            for rest in _rests(word, _depth(word)):
                self._by_rest.setdefault(rest, word)

    def words(self, typed: str) -> tuple[str, ...]:
        """The known words that `typed` stands for, mostly one; none for a word that is no concern of the grammar's."""
        if typed in _TEXT_SPEAK:
            return _TEXT_SPEAK[typed]
        if len(typed) > _LONGEST:
            return ()
        one = self._one(typed)
        return (one,) if one else _fallen_apart(typed) or self._heard(typed)

    def _heard(self, typed: str) -> tuple[str, ...]:
        """What it sounds like in Spanish or French."""
        long_enough = len(typed) > _SHORTEST_SLIP and typed not in sounds.ENGLISH
        spanish = self._by_sound.get(sounds.spanish(typed)) if long_enough else None
        return (spanish,) if spanish else sounds.elided(typed, self._vowel_words)

    def _one(self, typed: str) -> str | None:
        candidates = (*_squeezed(typed), *_with_letters(typed), *_with_endings(typed))
        for candidate in candidates:
            if candidate in self._known:
                return candidate
        return self._slip(typed) or sounds.struck_out(typed)

    def _slip(self, typed: str) -> str | None:
        if len(typed) <= _SHORTEST_SLIP or typed in _lookalikes or not typed.isalpha():
            return None
        for rest in _rests(typed, _depth(typed)):
            word = self._by_rest.get(rest)
            if word and _near(typed, word):
                return word
        return None


def _squeezed(typed: str) -> tuple[str, ...]:
    """Held-down letters let go: "stoooop", "pleeease"; a doubled one only in the words that are typed most: "teext"."""
    once = _run.sub(r"\1", typed)
    if _long_run.search(typed):
        return once, _run.sub(r"\1\1", typed)
    return (once,) if once in _SHORTEST_WORDS else ()


def _with_letters(typed: str) -> tuple[str, ...]:
    """Digits read as the letters they look like: "st0p"; and cut off: "stop0"."""
    if typed.isalpha():
        return ()
    letters = typed.strip("0123456789")
    return typed.translate(_DIGITS), letters if len(letters) > 2 else typed, typed.replace("*", ""), typed.rstrip("*")


def _with_endings(typed: str) -> tuple[str, ...]:
    """An adverb as good as any other; without the g that speech drops; with somebody's s: "textin", "john's"."""
    if typed.endswith("ly") and len(typed) > _SHORTEST_ADVERB and typed not in _NO_ADVERBS:
        return ("really",)
    if typed.endswith("in") and len(typed) > _SHORTEST_SLIP:
        return (f"{typed}g",)
    return (typed[:-2],) if typed.endswith("'s") else ()


def _depth(word: str) -> int:
    """How many slips a word of this length may have and still be told from others."""
    if len(word) <= _SHORTEST_SLIP:
        return 0
    return 1 if len(word) < _LONG else 2


def _rests(word: str, depth: int) -> set[str]:
    """The word, and what remains of it when up to `depth` letters after the first are dropped."""
    rests = {word}
    for _ in range(depth):
        rests |= {rest[:at] + rest[at + 1 :] for rest in rests for at in range(1, len(rest))}
    return rests


def _near(typed: str, word: str) -> bool:
    return _distance(typed, word) <= _depth(word)


def _distance(one: str, other: str) -> int:
    """Letters to insert, drop, change or swap with their neighbour to get from one word to the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def _fallen_apart(typed: str) -> tuple[str, ...]:
    """Words written without spaces, if it falls into known pieces without a remainder and one of them decides."""
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(typed)
    for end in range(2, len(typed) + 1):
        for start in range(max(0, end - 11), end - 1):
            way, piece = ways[start], typed[start:end]
            if way is not None and piece in _pieces:
                ways[end] = (*way, piece)
    found = ways[len(typed)] or ()
    return found if len(found) > 1 and not _deciding.isdisjoint(found) else ()
