"""The grammar at work: the tables made into expressions once, and one text read by them."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from webapp.rules.language import (
    english_contact,
    english_enough,
    english_frames,
    english_leaving,
    english_refusing,
    english_stop_alone,
    english_stopping,
    english_switching,
    french,
    french_frames,
    guards,
    names,
    parts,
    returns,
    spanish,
    spanish_frames,
    verbs_french,
    verbs_spanish,
    words_english,
    words_french,
    words_spanish,
    wrong_french,
    wrong_numbers,
    wrong_persons,
    wrong_spanish,
)
from webapp.rules.language.notation import PLAIN_SIGN, TAKEN_SIGN, compiled, literals
from webapp.rules.language.sentences import Sentences, read
from webapp.rules.language.spelling import Speller
from webapp.rules.language.tables import RuleText, Sureness
from webapp.rules.language.vocabulary import build


class Finding(NamedTuple):
    """The rule that matched, how sure it is, and the words that decided, in plain form."""

    rule: str
    action: Sureness
    matched: str


class Rule(NamedTuple):
    """A row of the tables, ready to be tried."""

    row: RuleText
    on: frozenset[str]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


STOP_TEXTS: Final = (
    *english_stopping.RULES,
    *english_stop_alone.RULES,
    *english_leaving.RULES,
    *english_contact.RULES,
    *english_enough.RULES,
    *english_refusing.RULES,
    *english_frames.RULES,
    *english_switching.RULES,
    *spanish.RULES,
    *spanish_frames.RULES,
    *french.RULES,
    *french_frames.RULES,
)
WRONG_TEXTS: Final = (*wrong_numbers.RULES, *wrong_persons.RULES, *wrong_spanish.RULES, *wrong_french.RULES)
_TEXTS: Final = (
    *STOP_TEXTS,
    *WRONG_TEXTS,
    *returns.RETURNS,
    *returns.CONFIRMATIONS,
    *returns.HELP,
)


def _words_of(*tables: Mapping[str, str]) -> frozenset[str]:
    return frozenset(word for table in tables for words in table.values() for word in words.split())


_vocabulary: Final = build(
    (
        words_english.WORDS,
        words_spanish.WORDS,
        verbs_spanish.WORDS,
        words_french.WORDS,
        verbs_french.WORDS,
        {"NAME": names.NAMES},
        parts.SMALL,
    ),
    parts.UNIONS,
    literals(
        (
            *(text for rule in _TEXTS for text in (rule.pattern, rule.unless, rule.on)),
            *(text for guard in guards.GUARDS for text in (guard.pattern, guard.on)),
        ),
        parts.MACROS,
    ),
)
_speller: Final = Speller(
    _vocabulary.sign_of,
    _words_of(words_spanish.WORDS, verbs_spanish.WORDS),
    _words_of(words_french.WORDS, verbs_french.WORDS),
)
_NUMBER_SIGN: Final = _vocabulary.signs["NUM"]
_PROPER_SIGN: Final = _vocabulary.signs["PROPER"]
_OWNER_SIGN: Final = _vocabulary.signs["OWNER"]
# Words whose "'s" says "is" and owns nothing.
_CONTRACTED: Final = frozenset(
    {"what", "that", "it", "here", "there", "who", "where", "how", "let", "he", "she", "when", "why", "this", "one"}
)
_NAME_SIGNS: Final = frozenset(_vocabulary.signs["NAME"])


def sentences(plain_text: str, capitalised: frozenset[str] = frozenset()) -> Sentences:
    """The text in signs, without what only looks like a request.

    `capitalised` are words that the writer began with a capital: those we do not know are taken for names.
    """

    def signs_of(word: str) -> str:
        if word.endswith("'s") and word[:-2] in capitalised and word[:-2] not in _CONTRACTED:
            return _OWNER_SIGN
        signs = _signs_of(word)
        return _PROPER_SIGN if signs == PLAIN_SIGN and word in capitalised else signs

    whole = read(plain_text, signs_of)
    return whole._replace(signs=_guarded(whole.signs))


def first(text: Sentences, rules: tuple[Rule, ...]) -> Finding | None:
    """What the first of the rules that matches has found."""
    present = set(text.signs)
    for rule in rules:
        if rule.on and rule.on.isdisjoint(present):
            continue
        found = rule.pattern.search(text.signs)
        if found and not (rule.unless and rule.unless.search(text.signs)):
            return Finding(f"natural.{rule.row.name}", rule.row.sure, text.quote(*found.span()))
    return None


@lru_cache(maxsize=32_768)
def _signs_of(word: str) -> str:
    known = _vocabulary.sign_of
    for form in (word, word.replace("'", "")):
        if form in known:
            return known[form]
    if word.endswith("'s") and known.get(word[:-2], PLAIN_SIGN) in _NAME_SIGNS:
        return _OWNER_SIGN
    if word[0].isdigit() and not word[-1].isalpha():
        return _NUMBER_SIGN
    return "".join(known.get(one, PLAIN_SIGN) for one in _speller.words(word)) or PLAIN_SIGN


def _guarded(signs: str) -> str:
    present = set(signs)
    for on, pattern in GUARDS:
        if on.isdisjoint(present):
            continue
        for found in pattern.finditer(signs):
            for group in range(1, pattern.groups + 1):
                start, end = found.span(group)
                signs = signs[:start] + TAKEN_SIGN * (end - start) + signs[end:]
    return signs


def _ready(rows: Iterable[RuleText]) -> tuple[Rule, ...]:
    return tuple(
        Rule(row, _on(row.on), _compiled(row.pattern), _compiled(row.unless) if row.unless else None) for row in rows
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return compiled(pattern, _vocabulary.signs, parts.MACROS)


def _on(classes: str) -> frozenset[str]:
    return frozenset("".join(_vocabulary.signs[name] for name in classes.split()))


GUARDS: Final = tuple((_on(guard.on), _compiled(guard.pattern)) for guard in guards.GUARDS)
#: Those that are sure come before those that are not.
STOPS: Final = _ready(sorted(STOP_TEXTS, key=lambda rule: rule.sure == "hold"))
WRONG_NUMBERS: Final = _ready(sorted(WRONG_TEXTS, key=lambda rule: rule.sure == "hold"))
RETURNS: Final = _ready(returns.RETURNS)
CONFIRMATIONS: Final = _ready(returns.CONFIRMATIONS)
HELP: Final = _ready(returns.HELP)
