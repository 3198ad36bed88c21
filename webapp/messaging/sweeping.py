"""What the parts of the sweep share: what they ask a carrier for, and that one bad item stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from webapp.carrier.errors import CarrierError
from webapp.carrier.types import CarrierMessage, ClassicMessage, ConversationInfo, Pair, PairThread, Receipt

_ERRORS_THAT_END_IT = 3

Item = TypeVar("Item")


class Lists(Protocol):
    """Every method may raise CarrierError."""

    def threads_of(self, address: str, sender: str) -> list[PairThread]: ...

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]: ...

    def received_since(self, number: str, since: datetime) -> Iterator[ClassicMessage]: ...

    def conversations_since(self, since: datetime) -> Iterator[ConversationInfo]: ...

    def fetch_participants(self, conversation_sid: str) -> Pair | None: ...

    def receipts(self, conversation_sid: str, message_sid: str) -> list[Receipt]: ...


def total(items: Iterable[Item], work: Callable[[Item], int]) -> int:
    """The sum of what ``work`` returns for each item.

    An item that the carrier does not let us read stops none of the others, unless it is the carrier: after three such
    errors it ends. Raises the first CarrierError when everything that could be done is done.
    """
    done, errors = 0, list[CarrierError]()
    for item in items:
        try:
            done += work(item)
        except CarrierError as error:
            errors.append(error)
            if len(errors) == _ERRORS_THAT_END_IT:
                break
    if errors:
        raise errors[0]
    return done
