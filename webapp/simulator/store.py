"""All records in memory, journaled on every change, with the indexes that keep 100,000 messages fast.

Whoever reads more than one record, or changes any, holds `lock`. Records are changed in place and then saved.
"""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar, cast

from webapp.simulator.journal import Journal
from webapp.simulator.records import KINDS, UNNUMBERED, Record
from webapp.simulator.textlog import TextLog
from webapp.simulator.threads import Threads

R = TypeVar("R", bound=Record)


class Store:
    def __init__(self, path: Path) -> None:
        self.lock = threading.RLock()
        self._journal = Journal(path)
        self._seq = 0
        self._tables = _empty_tables()
        self.threads = Threads()
        self.texts = TextLog()

    def open(self) -> None:
        """Replay what an earlier run left, and compact it."""
        for entry in self._journal.replay():
            if isinstance(entry, Record):
                self._table(type(entry))[entry.sid] = entry
            else:
                kind, sid = entry
                self._table(KINDS[kind]).pop(sid, None)
        for record in self._records():
            self._seq = max(self._seq, record.seq + 1)
            self._index(record)
        self.texts.sort()
        self._journal.rewrite(self._records())

    def get(self, kind: type[R], sid: str) -> R | None:
        return self.all(kind).get(sid)

    def all(self, kind: type[R]) -> dict[str, R]:
        """Every record of the kind by SID, oldest first. Not to be changed by the caller."""
        return cast(dict[str, R], self._tables[kind])

    def present(self, kind: type[R], sids: Iterable[str]) -> list[R]:
        """Those of the records that are still there, in the order of their SIDs."""
        return [record for sid in sids if (record := self.get(kind, sid))]

    def save(self, record: Record) -> None:
        """Remember a new record or a changed one."""
        if record.seq == UNNUMBERED:
            record.seq = self._seq
            self._seq += 1
        self._table(type(record))[record.sid] = record
        self._index(record)
        self._journal.save(record)

    def remove(self, record: Record) -> None:
        """Forget one record and what lives inside it: a conversation takes its participants and messages along."""
        for inner in self.threads.contents(record):
            self.remove(inner)
        del self._table(type(record))[record.sid]
        self.threads.remove(record)
        self._journal.remove(record)

    def reset(self) -> None:
        self._seq = 0
        self._tables = _empty_tables()
        self.threads = Threads()
        self.texts = TextLog()
        self._journal.rewrite(())

    def close(self) -> None:
        self._journal.close()

    def _index(self, record: Record) -> None:
        self.threads.put(record)
        self.texts.put(record)

    def _table(self, kind: type[Record]) -> dict[str, Record]:
        return self._tables[kind]

    def _records(self) -> Iterator[Record]:
        """Every record, kind by kind, owners before what they own, oldest first."""
        for table in self._tables.values():
            yield from sorted(table.values(), key=lambda record: record.seq)


def _empty_tables() -> dict[type[Record], dict[str, Record]]:
    return {kind: {} for kind in KINDS.values()}
