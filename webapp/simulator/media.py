"""Pictures and other files: bytes on disk under their SID, the rest in a record."""

import base64
import binascii
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from webapp.simulator.faults import InvalidField
from webapp.simulator.records import Media, new_sid
from webapp.simulator.simulator import Simulator

LARGEST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class NewMedia:
    content_type: str
    content: bytes
    filename: str | None = None


def store_media(sim: Simulator, service_sid: str, new: NewMedia) -> Media:
    """Write the bytes, then the record, so that no record is without its bytes."""
    media = Media(
        sid=new_sid("ME"),
        created=sim.clock.now(),
        updated=sim.clock.now(),
        service_sid=service_sid,
        content_type=new.content_type,
        size=len(new.content),
        filename=new.filename,
    )
    path_of(sim, media).write_bytes(new.content)
    with sim.store.lock:
        sim.store.save(media)
    return media


def remove_media(sim: Simulator, media: Media) -> None:
    """The record first, so that no record is without its bytes. The caller holds the lock."""
    sim.store.remove(media)
    path_of(sim, media).unlink()


def path_of(sim: Simulator, media: Media) -> Path:
    return sim.media_dir / media.sid


def parse_media(items: object) -> list[NewMedia]:
    """Read `media` of the control API: each `{"sample": "photo"}` or `{content_type, base64, filename?}`."""
    if not isinstance(items, list):
        raise InvalidField("media", "must be a list")
    return [_parse_item(item, f"media[{number}]") for number, item in enumerate(items)]


def _parse_item(item: object, name: str) -> NewMedia:
    if item == {"sample": "photo"}:
        return NewMedia("image/png", sample_photo(), "photo.png")
    if not isinstance(item, dict) or not isinstance(item.get("content_type"), str):
        raise InvalidField(name, 'must be {"sample": "photo"} or {"content_type", "base64", "filename"?}')
    filename = item.get("filename")
    if filename is not None and not isinstance(filename, str):
        raise InvalidField(f"{name}.filename", "must be a string")
    try:
        content = base64.b64decode(item.get("base64", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise InvalidField(f"{name}.base64", "must be base64") from None
    if not 0 < len(content) <= LARGEST_BYTES:
        raise InvalidField(f"{name}.base64", "must hold 1 byte to 5 MB")
    return NewMedia(item["content_type"], content, filename)


def sample_photo(width: int = 240, height: int = 160) -> bytes:
    """A house under the evening sky, drawn here: a PNG of a few hundred bytes."""
    palette = bytes(
        (0x8E, 0xB8, 0xE5, 0xF6, 0xC8, 0x8B, 0x5B, 0x8C, 0x5A, 0xF5, 0xEF, 0xE4, 0xB3, 0x4A, 0x3A, 0x3D, 0x5A, 0x80)
    )
    rows = b"".join(b"\0" + bytes(_colour(x / width, y / height) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"PLTE", palette) + _chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunks + _chunk(b"IEND", b"")


def _colour(x: float, y: float) -> int:
    """The palette's index at a point: sky, sun, meadow, wall, roof, window."""
    if abs(x - 0.5) < 0.25 and 0.45 < y < 0.8:
        in_window = abs(abs(x - 0.5) - 0.12) < 0.05 and 0.53 < y < 0.68
        return 5 if in_window else 3
    if abs(x - 0.5) < (y - 0.2) * 1.25 and 0.2 < y <= 0.45:
        return 4
    if y > 0.75:
        return 2
    return 1 if (x - 0.85) ** 2 + ((y - 0.22) * 0.67) ** 2 < 0.006 else 0


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
