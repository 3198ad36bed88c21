"""What a page of the inbox has on screen: its polls and forms repeat it in hidden fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from webapp.inbox import lists
from webapp.inbox.selection import Selection

_MOST_ROWS = 300
_LARGEST_ID = 2**63 - 1


class Page(StrEnum):
    INBOX = "inbox"
    LEAD = "lead"
    """The conversation inside a lead's own page, without a list."""


@dataclass(frozen=True, slots=True)
class OnScreen:
    """The list with ``shown`` rows, and the thread from text ``since`` on, if one is open."""

    page: Page = Page.INBOX
    selection: Selection = Selection()  # noqa: RUF009 (frozen)
    shown: int = lists.PAGE
    thread: int | None = None
    since: int = 0

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """From the fields of a poll or form; whatever is missing or odd means a page as it is first opened."""
        return cls(
            page=Page.LEAD if given.get("page") == Page.LEAD else Page.INBOX,
            selection=Selection.read(given),
            shown=min(max(read_id(given.get("shown")) or 0, lists.PAGE), _MOST_ROWS),
            thread=read_id(given.get("thread")),
            since=read_id(given.get("since")) or 0,
        )

    def fields(self) -> dict[str, str]:
        """The hidden fields that say this again."""
        return {
            "page": self.page,
            "whose": self.selection.whose,
            "state": self.selection.view,
            "q": self.selection.search,
            "shown": str(self.shown),
            "thread": str(self.thread or ""),
            "since": str(self.since),
        }

    def with_thread(self, thread: int | None, since: int = 0) -> OnScreen:
        return replace(self, thread=thread, since=since)


def read_id(value: str | None) -> int | None:
    """A positive number that fits a bigint, from an address or a form; None for anything else."""
    if value is None or not value.isascii() or not value.isdecimal() or len(value) > len(str(_LARGEST_ID)):
        return None
    number = int(value)
    return number if 0 < number <= _LARGEST_ID else None
