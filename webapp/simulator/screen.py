"""What a handset shows: its texts in groups, under the days on which they came."""

from dataclasses import dataclass
from itertools import pairwise

from webapp.simulator import wording
from webapp.simulator.records import Media, Text
from webapp.simulator.simulator import Simulator

# One person's texts within so many seconds stand together, under one time.
GROUP_SECONDS = 180
PREVIEWS = 200


@dataclass(frozen=True)
class Shown:
    """One text on the screen. `day` and `sender` are written above it, `time` below; "" where nothing changed."""

    sid: str
    mine: bool
    body: str
    pictures: list[Media]
    files: list[Media]
    day: str
    sender: str
    time: str


@dataclass(frozen=True)
class Preview:
    """One handset in the list."""

    phone: str
    shown: str
    last: str
    at: str


def read_screen(sim: Simulator, phone: str) -> list[Shown]:
    """Every text on the handset, in order of arrival."""
    with sim.store.lock:
        texts = sim.store.texts.screen(phone)
        several = len({_ours(text) for text in texts}) > 1
        around = list(pairwise([None, *texts, None]))
        return [
            _shown(sim, before, text, after, several)
            for (before, text), (_, after) in pairwise(around)
            if text is not None
        ]


def previews(sim: Simulator) -> tuple[list[Preview], int]:
    """The handsets with a text on them, the newest first, and how many more there are than are listed."""
    now, zone = sim.clock.now(), sim.config.zone
    with sim.store.lock:
        newest = sim.store.texts.newest()
    return [
        Preview(phone, wording.readable(phone), _summary(text), wording.time_or_date(_at(text), now, zone))
        for phone, text in newest[:PREVIEWS]
    ], max(0, len(newest) - PREVIEWS)


def _shown(sim: Simulator, before: Text | None, text: Text, after: Text | None, several: bool) -> Shown:
    zone, media = sim.config.zone, sim.store.present(Media, text.media_sids)
    day = wording.day(_at(text), zone)
    new_day = before is None or wording.day(_at(before), zone) != day
    new_sender = several and (before is None or _ours(before) != _ours(text))
    return Shown(
        sid=text.sid,
        mine=text.direction == "inbound",
        body=text.body,
        pictures=[item for item in media if item.content_type.startswith("image/")],
        files=[item for item in media if not item.content_type.startswith("image/")],
        day=day if new_day else "",
        sender=wording.readable(_ours(text)) if new_sender else "",
        time="" if after and _together(text, after, zone) else wording.clock_time(_at(text), zone),
    )


def _together(text: Text, after: Text, zone: str) -> bool:
    same_side = (text.direction == "inbound") == (after.direction == "inbound")
    same_day = wording.day(_at(text), zone) == wording.day(_at(after), zone)
    soon = 0 <= _at(after) - _at(text) <= GROUP_SECONDS
    return same_side and same_day and soon and _ours(text) == _ours(after)


def _summary(text: Text) -> str:
    who = "You: " if text.direction == "inbound" else ""
    return who + (text.body or "Picture")


def _ours(text: Text) -> str:
    """The account's number at the other end."""
    return text.recipient if text.direction == "inbound" else text.sender


def _at(text: Text) -> float:
    return text.received_at or text.created
