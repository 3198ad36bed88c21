"""Phone numbers as people type and export them, to E.164 and back to something readable.

`phonenumbers` formats and parses; whether a +1 number can exist is decided on the numbering plan's structure, because
the library learns of new area codes months after their numbers are in use.
"""

import re
import unicodedata
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from webapp.rules.area_codes import AREA_CODES

EXAMPLE: Final = "212 555 0123"
# What carriers and Twilio put in place of a withheld caller: RESTRICTED and ANONYMOUS spelled on a keypad.
WITHHELD: Final = {"7378742833", "266696687"}

#: The warning beside a number whose owner, says the note next to it, wants no texts.
ASKS_TO_STOP: Final = "The note beside the number asks not to be contacted: record the opt-out too."

_invisible = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\u20e3\ufeff]"
)
_spreadsheet_text = re.compile(r'^=\s*"(.*)"$')
_scientific = re.compile(r"^\+?\d(?:[.,](\d+))?E\+?(\d+)$", re.IGNORECASE)
_letters = re.compile(r"[^\W\d_]")
_extension = re.compile(r"(?:extension|ext|x)\W*\d{1,6}\b", re.IGNORECASE)
_stop_note = re.compile(
    r"\b(?:stop|do not (?:text|contact|call)|dnc|dnt|opt(?:ed)?[- ]?out|unsubscribed)\b", re.IGNORECASE
)
_structure = re.compile(r"[2-9]\d\d[2-9]\d{6}")


class ParsedPhone(NamedTuple):
    """`e164` is None when the input is no phone number; `warning` then names the fix, else what to know of it."""

    e164: str | None
    warning: str | None


def parse(input: str, region: str = "US") -> ParsedPhone:  # noqa: A002  the contract's own word
    """Read one phone number as typed, pasted or exported; `region` (ISO 3166) is meant where no country code is given.

    Never raises: what cannot be read comes back without `e164` and with a sentence that names the fix.
    """
    text = _tidy(input)
    refusal = _hopeless(text)
    if refusal:
        return ParsedPhone(None, refusal)
    text, note = _without_note(text)
    try:
        number = phonenumbers.parse(_with_plus(text, region), region.upper())
    except phonenumbers.NumberParseException:
        return ParsedPhone(None, _advice(text))
    if number.country_code == 1:
        return _north_american(number, text, note)
    return _international(number, note)


def is_us_or_canadian(e164: str) -> bool:
    """Whether a number belongs to the US, its territories or Canada; so does one of a new area code, until known."""
    if not e164.startswith("+1"):
        return False
    if e164[2:5] in AREA_CODES.areas:
        return True
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) in (None, "US", "CA")


def mask(e164: str) -> str:
    """The form for logs: country and the last four digits, as in +1•••0123."""
    return f"{e164[:2]}•••{e164[-4:]}" if len(e164) > 8 else f"•••{e164[-2:]}"


def display(e164: str) -> str:
    """The form for pages: (212) 555-0123, and +44 20 7946 0958 for numbers outside +1; a short code as it is.

    What stands in place of an erased number names nobody.
    """
    if e164.startswith("erased:"):
        return "Erased person"
    if e164.startswith("+1") and len(e164) == 12:
        return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return e164


def _tidy(raw: str) -> str:
    text = _invisible.sub("", unicodedata.normalize("NFKC", raw)).strip()
    if formula := _spreadsheet_text.match(text):
        text = formula[1]
    text = text.strip("\"'` \t\r\n")
    if text.endswith((".0", ".00")):
        text = text.rsplit(".", 1)[0]
    return _whole_number(text)


def _whole_number(text: str) -> str:
    """Undo a spreadsheet's 2.125550123E+09 where no digit was lost."""
    scientific = _scientific.match(text)
    if scientific and len(scientific[1] or "") == int(scientific[2]):
        return text[: scientific.start(1) - 1] + scientific[1]
    return text


def _hopeless(text: str) -> str | None:
    """The fix for what is plainly not one phone number."""
    digits = _digits(text)
    if "@" in text:
        return f"This is an e-mail address: enter a phone number, like {EXAMPLE}."
    if not digits:
        return f"Enter a phone number, like {EXAMPLE}."
    if _scientific.match(text):
        return "The spreadsheet shortened this number: format its column as text and export it again."
    if digits in WITHHELD:
        return "This stands for a caller who withheld the number: ask for the number itself."
    if len(digits) >= 17 and len(re.split(r"[,;/|&\n]|\bor\b|\band\b|[A-Za-z]{2,}", text)) > 1:
        return "Enter one number: there are two here."
    return None


def _without_note(text: str) -> tuple[str, str]:
    """Split off what was written behind a complete number ("212 555 0123 (cell)"); an extension stays."""
    for letter in _letters.finditer(text):
        if len(_digits(text[: letter.start()])) >= 10:
            if extension := _extension.match(text, letter.start()):
                return text[: extension.end()], text[extension.end() :]
            return text[: letter.start()].rstrip(" ([-–,;:/"), text[letter.start() :]
    return text, ""


def _with_plus(text: str, region: str) -> str:
    """Read a leading 00 as the international prefix that it is nearly everywhere, though not under +1."""
    if phonenumbers.country_code_for_region(region.upper()) == 1:
        return re.sub(r"^\(?00[\s.-]*(?=[1-9])", "+", text)
    return text


def _north_american(number: PhoneNumber, text: str, note: str) -> ParsedPhone:
    national = phonenumbers.national_significant_number(number)
    if not _structure.fullmatch(national) or _cannot_be_assigned(national[:3]):
        return ParsedPhone(None, _advice_for(national, text))
    warning = _note_warning(note) or _extension_warning(number) or _kind_warning(number, national)
    return ParsedPhone(f"+1{national}", warning)


def _cannot_be_assigned(area: str) -> bool:
    """Codes that the numbering plan keeps back: N11 services, N9X for longer numbers, 37X and 96X, and xyy codes."""
    if area in AREA_CODES.areas or area in AREA_CODES.without_place:
        return False
    return area[1] == "9" or area[:2] in ("37", "96") or area[1] == area[2]


def _kind_warning(number: PhoneNumber, national: str) -> str | None:
    area, exchange, line = national[:3], national[3:6], national[6:]
    kind = AREA_CODES.without_place.get(area)
    if kind == "premium":
        return "900 numbers charge their callers and cannot be texted."
    if kind == "toll_free":
        return "This is a toll-free number: a business, which may not read texts."
    if kind:
        return "This number belongs to no place: check that it can receive texts."
    if exchange == "555" and line[:2] == "01":
        return "555-0100 to 555-0199 are reserved for fiction and reach nobody."
    if (exchange == "555" and line == "1212") or exchange[1:] == "11":
        return "This is a service line, not a person's number."
    return None if area in AREA_CODES.areas else _elsewhere_warning(number, area)


def _elsewhere_warning(number: PhoneNumber, area: str) -> str:
    if phonenumbers.region_code_for_number(number):
        return "This number is outside the US and Canada: texts to it cost international rates."
    return f"{area} is a new area code, or a slip: check the first three digits."


def _international(number: PhoneNumber, note: str) -> ParsedPhone:
    if not phonenumbers.is_valid_number(number):
        return ParsedPhone(None, f"No number of country code {number.country_code} looks like this: check its digits.")
    warning = _note_warning(note) or _extension_warning(number)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return ParsedPhone(
        e164, warning or "This number is outside the US and Canada: texts to it cost international rates."
    )


def _note_warning(note: str) -> str | None:
    if _stop_note.search(note):
        return ASKS_TO_STOP
    return None


def _extension_warning(number: PhoneNumber) -> str | None:
    if number.extension:
        return "The extension was left off: a desk line can seldom receive texts."
    return None


def _advice_for(national: str, text: str) -> str:
    """What to mend in a +1 number of impossible structure."""
    if len(national) != 10:
        return _advice(text)
    area = national[:3]
    if area[0] in "01":
        return "No area code begins with 0 or 1: check the first three digits."
    if _cannot_be_assigned(area):
        return f"{area} is not an area code: check the first three digits."
    return "The digit after the area code is from 2 to 9: check the number."


def _advice(text: str) -> str:
    digits = _digits(text)
    if re.search(r"\d\W?[oO]|[oO]\W?\d", text):
        return "Write the digit 0 where the letter O stands."
    if len(digits) == 7:
        return f"Add the area code: 10 digits, like {EXAMPLE}."
    if "+" in text and not digits.startswith("1"):
        return "No country has numbers like this: check the country code after the + and the digits."
    if len(digits) > 11 or (len(digits) == 11 and digits[0] != "1"):
        return f"Too many digits: a US number has 10, like {EXAMPLE}; start others with + and the country code."
    if _letters.search(text) and len(digits) > 3:
        return f"Write the number in digits, like {EXAMPLE}."
    return f"A US number has 10 digits, like {EXAMPLE}; this has {len(digits) - text.count('+1')}."


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
