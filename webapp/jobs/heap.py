"""What the collector of circular references does in our processes: less than it would by itself."""

from __future__ import annotations

import gc
from typing import Final

#: So many more objects than were freed make the collector look for circles among them. A batch makes tens of thousands
#: that are none: at Python's own 700 an eighth of the tick's time in Python went there (``python -m bench tick``).
_LOOK_AFTER: Final = 100_000


def set_aside() -> None:
    """What is there now is not looked at again: nor, by that, copied in each child that is forked from here on."""
    gc.collect()
    gc.freeze()


def work_in_batches() -> None:
    """Looks for circles only when there is more than a batch's worth of new objects."""
    gc.set_threshold(_LOOK_AFTER, 10, 10)
