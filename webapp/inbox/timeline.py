"""The thread as it is read: days, bubbles in groups, and single lines for what is not a text. Pure of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import ClassVar, TypeAlias
from zoneinfo import ZoneInfo

from webapp.compliance.optouts.undoing import UNDONE
from webapp.inbox import wording
from webapp.inbox.happenings import Happening
from webapp.inbox.threads import Attachment, Text
from webapp.inbox.wording import Reader, Said
from webapp.models.constants import Direction, Event, Origin, Status, SuppressionSource

#: Bubbles of one side this close together are one group.
_TOGETHER = timedelta(minutes=3)
#: This many lines in a row are folded into one.
_FOLD_FROM = 3
_SAID_IN_A_TEXT = {SuppressionSource.KEYWORD, SuppressionSource.NATURAL, SuppressionSource.WRONG_NUMBER}


@dataclass(frozen=True, slots=True)
class Day:
    """A day separator, of the reader's zone."""

    kind: ClassVar[str] = "day"
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, in one line; ``why`` is the text whose decision explains it."""

    kind: ClassVar[str] = "line"
    key: str
    at: datetime
    sentence: str
    why: int | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """Several lines in a row."""

    kind: ClassVar[str] = "fold"
    key: str
    at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bubble:
    """A text. ``why_from`` is the first text of its group: "Why?" under the last explains them all."""

    kind: ClassVar[str] = "bubble"
    key: str
    at: datetime
    text: Text
    attachments: Sequence[Attachment]
    caption: str
    author: str
    said: Said | None
    why_from: int
    opens: bool = True
    closes: bool = True

    @property
    def inbound(self) -> bool:
        return self.text.direction == Direction.INBOUND

    @property
    def automatic(self) -> bool:
        return bool(self.caption)

    @property
    def said_here(self) -> bool:
        """Whether the status is written under this bubble."""
        return self.said is not None and (self.closes or self.said.always_shown)


Item: TypeAlias = Day | Line | Fold | Bubble
_Entry: TypeAlias = Line | Bubble


def build(
    texts: Sequence[Text],
    attachments: Mapping[int, Sequence[Attachment]],
    happenings: Sequence[Happening],
    reader: Reader,
) -> list[Item]:
    """The items of a thread, oldest first. ``texts`` and ``happenings`` come in order."""
    entries = [_entry(text, attachments.get(text.id, ()), reader) for text in texts]
    zone = ZoneInfo(reader.timezone)
    items: list[Item] = []
    for day, of_day in groupby(_merged(entries, _lines(happenings, texts)), _day_in(zone)):
        listed = list(of_day)
        items.append(Day(f"day-{day}", listed[0].at))
        items.extend(_of_one_day(listed))
    return items


def _entry(text: Text, attachments: Sequence[Attachment], reader: Reader) -> _Entry:
    said = wording.status_of(text, reader)
    if text.status == Status.REFUSED and said is not None:
        return Line(f"text-{text.id}", text.created_at, f"Not sent: {said.why}", why=text.id)
    return Bubble(
        key=f"text-{text.id}",
        at=text.created_at,
        text=text,
        attachments=attachments,
        caption=_caption(text),
        author=text.author if text.author and text.author_id != reader.id else "",
        said=said,
        why_from=text.id,
    )


def _caption(text: Text) -> str:
    """Who wrote it, where no person did."""
    if text.origin == Origin.CAMPAIGN:
        return f"Campaign, step {text.step}" if text.step else "Campaign"
    if text.origin == Origin.CONFIRMATION:
        return "Automatic reply"
    if text.origin == Origin.OPT_IN:
        return "Opt-in question"
    return "Automatic" if text.automatic else ""


def _lines(happenings: Sequence[Happening], texts: Sequence[Text]) -> list[Line]:
    lines = [Line(f"event-{each.id}", _told_at(each, texts), _sentence(each)) for each in happenings]
    return sorted(lines, key=lambda line: line.at)


def _told_at(happening: Happening, texts: Sequence[Text]) -> datetime:
    """What a word in a text did is told with that text: its own instant is the carrier's, a little earlier."""
    if happening.source not in _SAID_IN_A_TEXT:
        return happening.at
    inbound = (text.created_at for text in texts if text.direction == Direction.INBOUND)
    return next((at for at in inbound if at >= happening.at), happening.at)


def _sentence(happening: Happening) -> str:
    match happening.type:
        case Event.OPTED_OUT:
            return f"Opted out{_how(happening)}"
        case Event.OPTED_IN:
            return _opted_in(happening)
        case Event.DOUBT:
            return _in_doubt(happening)
        case Event.DOUBT_DISMISSED:
            return f"Not an opt-out, says {happening.by}" if happening.by else "Not an opt-out"
        case Event.DUPLICATE_SEEN:
            return "The carrier took one of our texts twice: the lead may have it two times"
        case _:
            return _assigned(happening)


def _in_doubt(happening: Happening) -> str:
    if happening.source == UNDONE:
        return f"{happening.by or 'Somebody'} took that back: it may be an opt-out, and automatic texts wait"
    return f"This may be an opt-out{_how(happening)}: automatic texts wait"


def _opted_in(happening: Happening) -> str:
    if happening.source == UNDONE:
        return f"{happening.by} took the opt-out back" if happening.by else "The opt-out was taken back"
    if happening.by:
        return f"{happening.by} opted them in again, with evidence"
    return f"Opted in again{_how(happening)}"


def _how(happening: Happening) -> str:
    """By which words, or in which other way: what was said in a text is quoted."""
    match happening.source:
        case SuppressionSource.CARRIER:
            return " (reported by the carrier)"
        case SuppressionSource.WRONG_NUMBER:
            return ": the number belongs to somebody else"
        case SuppressionSource.MANUAL:
            entered = f", entered by {happening.by}" if happening.by else ""
            return f" ({happening.matched}{entered})"
        case _:
            return f" (“{happening.matched}”)" if happening.matched else ""


def _assigned(happening: Happening) -> str:
    if happening.to is None:
        return f"{happening.by} took the assignment off" if happening.by else "Assigned to nobody"
    if happening.to == happening.by:
        return f"{happening.to} took this on"
    return f"{happening.by} assigned this to {happening.to}" if happening.by else f"Assigned to {happening.to}"


def _merged(entries: Sequence[_Entry], lines: Sequence[Line]) -> Iterator[_Entry]:
    """Texts keep the order of their ids, so that a recovered old one still appears at the end; a line comes after the
    text of its own instant, which caused it."""
    waiting = list(lines)
    for entry in entries:
        while waiting and waiting[0].at < entry.at:
            yield waiting.pop(0)
        yield entry
    yield from waiting


def _day_in(zone: ZoneInfo) -> Callable[[_Entry], date]:
    return lambda entry: entry.at.astimezone(zone).date()


def _of_one_day(entries: Sequence[_Entry]) -> Iterator[Item]:
    for is_line, run in groupby(entries, lambda entry: isinstance(entry, Line)):
        if is_line:
            yield from _folded([entry for entry in run if isinstance(entry, Line)])
        else:
            yield from _grouped([entry for entry in run if isinstance(entry, Bubble)])


def _folded(lines: Sequence[Line]) -> Iterable[Line | Fold]:
    if len(lines) < _FOLD_FROM:
        return lines
    return [Fold(f"fold-{lines[0].key}", lines[0].at, tuple(lines))]


def _grouped(bubbles: Sequence[Bubble]) -> Iterator[Bubble]:
    why_from = 0
    for place, bubble in enumerate(bubbles):
        before = bubbles[place - 1] if place else None
        after = bubbles[place + 1] if place + 1 < len(bubbles) else None
        opens = before is None or not _belong_together(before, bubble)
        why_from = bubble.text.id if opens else why_from
        closes = after is None or not _belong_together(bubble, after)
        yield replace(bubble, opens=opens, closes=closes, why_from=why_from)


def _belong_together(first: Bubble, second: Bubble) -> bool:
    same = (first.text.direction, first.text.author_id, first.caption) == (
        second.text.direction,
        second.text.author_id,
        second.caption,
    )
    return same and abs(second.at - first.at) <= _TOGETHER
