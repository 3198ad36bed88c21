"""What can go wrong with a call to the carrier, by what the caller may do next.

For a call that only reads, all of these mean no more than "could not read".
"""

from __future__ import annotations

from typing import Literal

Scope = Literal["message", "sender", "account"]


class CarrierError(Exception):
    """A call that brought no result. ``str()`` holds no full phone number and no text.

    ``retry_after`` is in seconds, where the carrier named a wait. ``scope`` says what is ill: this ``message``, every
    text of this ``sender``, or the whole ``account``. With the two wider ones hold the queue instead of failing its
    texts one by one: mostly somebody has to mend something.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        http_status: int | None = None,
        retry_after: float | None = None,
        scope: Scope = "message",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status
        self.retry_after = retry_after
        self.scope: Scope = scope


class PermanentError(CarrierError):
    """Answered: not sent, and never will be unchanged. Its scope is always the message."""


class PassingError(CarrierError):
    """Answered: not sent; the very same call may succeed later, or once its scope is mended."""


class GoneError(PassingError):
    """What was addressed is not there, or is closed for good: open the thread again, then repeat the call."""


class NotSentError(CarrierError):
    """Certainly not sent: nothing was written (no connection), or the carrier turned it away unread (429)."""


class UnknownOutcomeError(CarrierError):
    """It may have been sent or not: no answer after the request was written, a broken one, or a 5xx. Never repeat
    blindly: read the thread back."""


class MediaTooLargeError(PermanentError):
    """The file is over the size that we store."""


class MediaTypeError(PermanentError):
    """The file is of a kind that we do not store, so that no page ever serves it."""
