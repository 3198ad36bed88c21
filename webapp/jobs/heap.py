"""The objects of a process that is about to work, or to fork workers: set aside, so that the collector leaves them."""

from __future__ import annotations

import gc
from typing import Final

#: So many more objects than were freed make the collector look for circles among them. A batch makes tens of thousands
#: that are none: at Python's own 700 an eighth of the tick's time in Python went there (``python -m bench tick``).
_LOOK_AFTER: Final = 20_000


def settle() -> None:
    """What is there now is neither looked at again nor, by that, copied in each child."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER, 10, 10)
