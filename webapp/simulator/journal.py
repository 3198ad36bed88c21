"""The simulator's memory on disk: one JSON line per saved or removed record, replayed and compacted at start.

A write reaches the kernel before its request is answered, so that a kill -9 loses nothing that was acknowledged.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from webapp.simulator.records import KINDS, Record


class Journal:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def replay(self) -> Iterator[Record | tuple[str, str]]:
        """Yield saved records and, for removals, (kind, sid), oldest first. A torn last line was never acknowledged."""
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    yield _parse(line)

    def rewrite(self, records: Iterable[Record]) -> None:
        """Replace the journal by the records as they stand."""
        self.close()
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as out:
            out.writelines(_saved(record) for record in records)
        os.replace(fresh, self._path)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def save(self, record: Record) -> None:
        self._append(_saved(record))

    def remove(self, record: Record) -> None:
        self._append(json.dumps([type(record).__name__, record.sid]).encode() + b"\n")

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _append(self, line: bytes) -> None:
        if self._file is None:
            raise RuntimeError("the journal is not open: call rewrite() first")
        os.write(self._file, line)


def _saved(record: Record) -> bytes:
    return json.dumps([type(record).__name__, record.__dict__]).encode() + b"\n"


def _parse(line: bytes) -> Record | tuple[str, str]:
    kind, content = json.loads(line)
    return (kind, content) if isinstance(content, str) else KINDS[kind](**content)
