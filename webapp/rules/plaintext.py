"""What people type, brought to one plain form, so that keyword and language rules see letters and not their dress."""

import re
import unicodedata
from typing import Final

import regex

# Stands for any emoji, so that decoration can be told from letters: NFKC would turn ™ into "tm" and ℹ into "i".
EMOJI: Final = "□"
#: Stands for those that say "stop" before a word: "🛑 texting me".
STOP_EMOJI: Final = "■"

_invisible = regex.compile(r"[[\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]--[\s]]", regex.V1)
_emoji = regex.compile(r"[0-9#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]")
_stop_emoji = regex.compile(r"[🛑⛔🚫✋]\ufe0f?\p{Emoji_Modifier}?")
_marks = regex.compile(r"\p{M}+")
_gaps = re.compile(r"[^\S\n]+")
_edges = regex.compile(r"^[^\p{L}\p{Nd}]+|[^\p{L}\p{Nd}]+$")
_joints = re.compile(r"[\s\-_\u2010-\u2015]+")

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′`´ʼʹˊˋ"), "'") | dict.fromkeys(map(ord, "“”„‟″«»‹›〝〞"), '"')
# White letters on a disc or square have no compatibility form in Unicode, unlike their outlined sisters.
_FANCY = {start + offset: chr(ord("a") + offset) for start in (0x1F150, 0x1F170) for offset in range(26)}
_FANCY[ord("Ⓜ")] = "m"  # the one outlined letter that is an emoji, too

# What phones send when someone reacts to a text; it quotes our own words, "Reply STOP" among them. A long quotation may
# arrive without its end.
_reaction = re.compile(
    r"^\W{0,40}(?:"
    r"liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|hearted|thumbs(?:ed)? (?:up|down)"
    rf"|reacted .{{1,40}}? to|[{EMOJI}{STOP_EMOJI}]{{1,12}} (?:to|a|de)|removed .{{1,40}}? from"
    r"|(?:no )?(?:le|te) (?:ha )?(?:gusto|gustado|encanto|encantado|dio risa|dado risa|hizo gracia)"
    r"|(?:no )?me (?:gusta|encanta)"
    r"|se (?:ha )?(?:r(?:io|ie)|reido) (?:con|de)"
    r"|(?:ha )?(?:enfatizo|enfatizado|exclamo|exclamado|cuestiono|cuestionado|pregunto|destaco|destacado)|puso en duda"
    r"|(?:reacciono|ha reaccionado) .{1,40}? a|(?:quito|elimino|ha quitado|ha eliminado) .{1,40}? (?:de|a)"
    r"|(?:a|n'a pas) (?:aime|adore)|a ri (?:de|a)|a trouve drole|j'aime|j'adore"
    r"|a (?:souligne|accentue|insiste sur|mis (?:l'accent sur|en doute|en evidence)|remis en question)"
    r"|a (?:questionne|interroge)"
    r"|s'est interrogee? sur"
    r"|a reagi .{1,40}? a|a (?:retire|supprime|enleve) .{1,40}? (?:de|a)"
    r")\s*\"(?:[^\"]*|.*\")\W*$",
    re.DOTALL,
)
_words_with_capital = regex.compile(r"(?<![\p{L}'])\p{Lu}\p{Ll}{2,}")
_words_without = regex.compile(r"(?<![\p{L}'])\p{Ll}{2,}")


def plain(text: str) -> str:
    """Fold case, accents, width, lettering and invisible characters; emoji become `EMOJI` or `STOP_EMOJI`.

    The order matters: control characters, emoji, NFKC, invisible characters, accents, case, quotation marks.
    """
    text = text.translate(_FANCY).translate(_QUOTES)
    text = unicodedata.normalize("NFKC", _emoji.sub(EMOJI, _stop_emoji.sub(STOP_EMOJI, text)))
    text = unicodedata.normalize("NFD", _invisible.sub("", text))
    text = _marks.sub("", text).casefold().translate(_QUOTES)
    return "\n".join(_gaps.sub(" ", line).strip() for line in text.splitlines()).strip()


def is_reaction(plain_text: str) -> bool:
    """Whether this is a phone's own report of a reaction (`Liked “…”`, `👎 to “…”`), in English, Spanish or French."""
    return _reaction.match(plain_text) is not None


def bare(plain_text: str) -> str:
    """A plain text without what surrounds it and with single spaces, for comparison with keywords."""
    return _joints.sub(" ", _edges.sub("", plain_text))


def capitalised(text: str) -> frozenset[str]:
    """The words that the writer began with a capital, in plain form; none from somebody who writes most words so."""
    found = _words_with_capital.findall(text)
    if not found or len(found) > len(_words_without.findall(text)):
        return frozenset()
    return frozenset(plain(" ".join(found)).split())
