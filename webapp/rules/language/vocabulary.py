"""Which sign stands for which word: one sign for all words that play the same parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

#: Private characters of Unicode: nobody's text is mixed up with signs.
_FIRST_SIGN: Final = 0xE000


class Vocabulary(NamedTuple):
    """`sign_of` maps each known word to its sign, `signs` each class and literal to all the signs it comprises."""

    sign_of: dict[str, str]
    signs: dict[str, str]


def build(classes: Iterable[Mapping[str, str]], unions: Mapping[str, str], literals: Iterable[str]) -> Vocabulary:
    """A vocabulary of the classes' words and of the words that patterns name.

    `unions` gives names to several classes together; a union may contain those named before it.
    """
    parts = _parts(classes, literals)
    sign_by_parts: dict[frozenset[str], str] = {}
    for played in parts.values():
        sign_by_parts.setdefault(frozenset(played), chr(_FIRST_SIGN + len(sign_by_parts)))
    signs: defaultdict[str, str] = defaultdict(str)
    for together, sign in sign_by_parts.items():
        for name in together:
            signs[name] += sign
    for union, members in unions.items():
        signs[union] = "".join(sorted({sign for name in members.split() for sign in signs[name]}))
    return Vocabulary({word: sign_by_parts[frozenset(played)] for word, played in parts.items()}, dict(signs))


def _parts(classes: Iterable[Mapping[str, str]], literals: Iterable[str]) -> dict[str, set[str]]:
    """For each word the classes it belongs to, and itself where a pattern names it."""
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for table in classes:
        for name, words in table.items():
            for word in words.split():
                parts[word].add(name)
    for word in literals:
        parts[word].add(word)
    return parts
