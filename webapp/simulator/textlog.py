"""Indexes over texts: Twilio's message log by date and number, and the screen of every handset."""

from bisect import bisect_left, insort

from webapp.simulator.records import Record, Text

Entry = tuple[float, int, str]


class TextLog:
    def __init__(self) -> None:
        self._log: list[Entry] = []
        self._log_of: dict[str, list[Entry]] = {}
        self._logged: set[str] = set()
        self._screens: dict[str, dict[str, Text]] = {}
        self._arrivals = 0

    def put(self, record: Record) -> None:
        """Index a text that is new or has changed; other kinds are ignored."""
        if not isinstance(record, Text):
            return
        if record.sid not in self._logged:
            self._add_to_log(record)
        if record.arrival is not None:
            self._arrivals = max(self._arrivals, record.arrival + 1)
            self._screens.setdefault(phone_of(record), {})[record.sid] = record

    def next_arrival(self) -> int:
        return self._arrivals

    def sort(self) -> None:
        """Put every screen in order of arrival, after a replay in order of creation."""
        for phone, screen in self._screens.items():
            texts = sorted(screen.values(), key=lambda text: text.arrival or 0)
            self._screens[phone] = {text.sid: text for text in texts}

    def screen(self, phone: str) -> list[Text]:
        """What the handset shows, both directions, in order."""
        return list(self._screens.get(phone, {}).values())

    def newest(self) -> list[tuple[str, Text]]:
        """Every handset with a text on it and its last one, the newest first."""
        last = [(phone, next(reversed(screen.values()))) for phone, screen in self._screens.items()]
        return sorted(last, key=lambda entry: -(entry[1].arrival or 0))

    def between(self, number: str | None, since: float | None, until: float | None) -> list[Entry]:
        """(date, seq, sid) of the texts from or to `number` (None: all), since <= date < until, oldest first."""
        log = self._log if number is None else self._log_of.get(number, [])
        first = 0 if since is None else bisect_left(log, (since, -1, ""))
        last = len(log) if until is None else bisect_left(log, (until, -1, ""))
        return log[first:last]

    def _add_to_log(self, text: Text) -> None:
        entry = (text.created, text.seq, text.sid)
        self._logged.add(text.sid)
        insort(self._log, entry)
        for number in (text.sender, text.recipient):
            insort(self._log_of.setdefault(number, []), entry)


def phone_of(text: Text) -> str:
    """The person's end of a text."""
    return text.sender if text.direction == "inbound" else text.recipient
