"""What is kept of an erased number: a keyed hash. It recognises the number, and without the key leads back to none.

The key is the environment's, never the database's: whoever has a copy of that alone cannot try all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

#: What stands in ``contact_numbers.e164`` once a person had their data erased, before the row's id.
ERASED = "erased:"


@dataclass
class _Key:
    key: bytes = field(default=b"", repr=False)


_key = _Key()


def use_key(key: bytes) -> None:
    """Says with which key numbers are hashed: ``Settings.number_key``."""
    _key.key = key


def of(e164: str) -> bytes:
    """The number's HMAC-SHA256, 32 bytes. Raises RuntimeError before a key is set: no hash without one."""
    if not _key.key:
        raise RuntimeError("no key for hashes of numbers: call fingerprints.use_key")
    return hmac.digest(_key.key, e164.encode(), hashlib.sha256)


def name_of(key: bytes) -> str:
    """Tells one key from another, and tells nothing of either: an erasure notes it, so that a lost key is found out."""
    return hmac.digest(key, b"which key this is", hashlib.sha256)[:8].hex()


def key_in_use() -> bytes:
    """The key that numbers are hashed with in this process."""
    return _key.key


def is_erased(e164: str) -> bool:
    """True for what stands in an erased number's place."""
    return e164.startswith(ERASED)
