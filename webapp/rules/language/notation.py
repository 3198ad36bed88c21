"""The notation of the grammar's patterns, and how it becomes regular expressions over word classes.

A text is read as a row of signs, one for each word or break; a word's sign says which classes it belongs to. Patterns
are regular expressions over such rows, so that one sign stands for any spelling of any word of a class, and searching
ten words takes a microsecond. In a pattern

    CAPITALS    any word of that class              lower       that very word
    @name       a part that many patterns share     ANY         any word
    WITHIN      any word or lesser break            EVERY       any word or break
    [[...]]     in a guard: what is taken out       TAKEN       what a guard has taken out

and the rest ( | ) ? * {0,3} (?!…) (?<!…) is as in regular expressions.

Spaces only separate. A dot is the end of a sentence, a comma any lesser break, and `QM` a question mark; breaks are no
words, so no pattern reaches over them unless it says so.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

STOP_SIGN: Final = "."
COMMA_SIGN: Final = ","
QUESTION_SIGN: Final = "?"
BREAKS: Final = STOP_SIGN + COMMA_SIGN + QUESTION_SIGN
#: A word that belongs to no class.
PLAIN_SIGN: Final = "_"
#: A word that a guard has taken out.
TAKEN_SIGN: Final = "~"

_token = re.compile(
    r"@[a-z_]+|[A-Z_]{2,}|[a-z'#0-9&]*[a-z#&][a-z'#0-9&]*|\{\d*,?\d*\}|\(\?(?:<[=!]|[=!:])|\[\[|\]\]|\S"
)
_literal = re.compile(r"[a-z'#0-9&]*[a-z#&][a-z'#0-9&]*")
_FIXED: Final = {
    "ANY": f"[^{re.escape(BREAKS)}]",
    "EVERY": ".",
    "WITHIN": f"[^{re.escape(STOP_SIGN + QUESTION_SIGN)}]",
    "TAKEN": re.escape(TAKEN_SIGN),
    "QM": re.escape(QUESTION_SIGN),
    ".": re.escape(STOP_SIGN),
    ",": re.escape(COMMA_SIGN),
    "[[": "(",
    "]]": ")",
    "(": "(?:",
}


def literals(patterns: Iterable[str], macros: Mapping[str, str]) -> set[str]:
    """Every word that the patterns name by itself."""
    return {
        token for text in (*patterns, *macros.values()) for token in _token.findall(text) if _literal.fullmatch(token)
    }


def compiled(pattern: str, signs: Mapping[str, str], macros: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern as a regular expression over signs. `signs`: for each class and literal, the signs it comprises.

    Raises KeyError for a class or part that does not exist.
    """
    return re.compile(_expanded(pattern, signs, macros))


def _expanded(pattern: str, signs: Mapping[str, str], macros: Mapping[str, str]) -> str:
    return "".join(_one(token, signs, macros) for token in _token.findall(pattern))


def _one(token: str, signs: Mapping[str, str], macros: Mapping[str, str]) -> str:
    if token in _FIXED:
        return _FIXED[token]
    if token.startswith("@"):
        return f"(?:{_expanded(macros[token[1:]], signs, macros)})"
    if token[0].isupper() or _literal.fullmatch(token):
        return f"[{signs[token]}]"
    return token
