"""Twilio's pages: opaque tokens that stay true while rows come and go. v1 has `meta`, the classic API its URIs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from webapp.simulator.errors import TwilioError, invalid
from webapp.simulator.rest.call import Body, Call

T = TypeVar("T")

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    rows: Sequence[T]
    start: int
    number: int
    size: int
    next_token: str | None
    previous_token: str | None


def listing(
    call: Call, key: str, rows: Sequence[T], position: Callable[[T], int], render: Callable[[T], Body], most: int = 100
) -> Body:
    """The v1 envelope around one page of `rows`. `position` identifies a row in its token; at most `most` a page."""
    page = cut(call, rows, position, most)
    url = call.base + quote(call.path)

    def address(number: int, token: str | None) -> str:
        return f"{url}?{_query(call, page.size, number, token)}"

    meta = {
        "page": page.number,
        "page_size": page.size,
        "first_page_url": address(0, None),
        "previous_page_url": address(page.number - 1, page.previous_token) if page.previous_token else None,
        "url": address(page.number, call.query.get("PageToken", [None])[-1]),
        "next_page_url": address(page.number + 1, page.next_token) if page.next_token else None,
        "key": key,
    }
    return {"meta": meta, key: [render(row) for row in page.rows]}


def classic_listing(
    call: Call, key: str, rows: Sequence[T], position: Callable[[T], int], render: Callable[[T], Body]
) -> Body:
    """The 2010 envelope: relative URIs, up to 1000 a page."""
    page = cut(call, rows, position, most=1000)
    path = quote(call.path.removeprefix("/api"))

    def address(number: int, token: str | None) -> str:
        return f"{path}?{_query(call, page.size, number, token)}"

    return {
        "end": page.start + max(len(page.rows) - 1, 0),
        "first_page_uri": address(0, None),
        "next_page_uri": address(page.number + 1, page.next_token) if page.next_token else None,
        "page": page.number,
        "page_size": page.size,
        "previous_page_uri": address(page.number - 1, page.previous_token) if page.previous_token else None,
        "start": page.start,
        "uri": address(page.number, call.query.get("PageToken", [None])[-1]),
        key: [render(row) for row in page.rows],
    }


def by_date(at: float, seq: int) -> int:
    """The position of a row in a list that is ordered by an instant, then by creation; the clock may have gone back."""
    return max(0, int(at * 1_000_000)) << 32 | seq


def cut(call: Call, rows: Sequence[T], position: Callable[[T], int], most: int) -> Page[T]:
    """The page that the request's PageSize, Page and PageToken ask for. Raises TwilioError 20007, 20001."""
    size = _integer(call, "PageSize", min(PAGE_SIZE, most), 1)
    if size > most:
        raise TwilioError(400, 20007, f"Page size too large: the maximum is {most}")
    number = _integer(call, "Page", 0, 0)
    start, end = _window(call, [position(row) for row in rows], size)
    shown = rows[start:end]
    return Page(
        rows=shown,
        start=start,
        number=number,
        size=size,
        next_token=f"PA{position(shown[-1])}" if shown and end < len(rows) else None,
        previous_token=f"PB{position(shown[0])}" if shown and start > 0 else None,
    )


def _window(call: Call, positions: list[int], size: int) -> tuple[int, int]:
    token = call.query.get("PageToken", [""])[-1]
    if not token:
        return 0, size
    if token[:2] not in ("PA", "PB") or not token[2:].isdigit():
        raise invalid("PageToken", "not a page token")
    mark = int(token[2:])
    descending = len(positions) > 1 and positions[0] > positions[-1]
    before = sum(1 for at in positions if (at > mark if descending else at < mark))
    if token.startswith("PB"):
        return max(0, before - size), before
    start = before + (1 if mark in positions[before : before + 1] else 0)
    return start, start + size


def _integer(call: Call, name: str, default: int, least: int) -> int:
    value = call.query.get(name, [""])[-1]
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise invalid(name, f"must be an integer from {least}")
    return int(value)


def _query(call: Call, size: int, number: int, token: str | None) -> str:
    kept = [(name, values[-1]) for name, values in call.query.items() if name not in ("PageSize", "Page", "PageToken")]
    pairs = [*kept, ("PageSize", str(size)), ("Page", str(number))]
    return urlencode(pairs + ([("PageToken", token)] if token else []))
