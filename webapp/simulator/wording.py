"""How the pages write numbers and times."""

from datetime import datetime
from zoneinfo import ZoneInfo


def readable(phone: str) -> str:
    """+15125550142 as (512) 555-0142; other countries stay as they are."""
    if phone.startswith("+1") and len(phone) == 12:
        return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
    return phone


def as_e164(typed: str) -> str:
    """What a person types, as far as its digits go: with a plus as it stands, else a US number. Not checked further."""
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    if "+" in typed or (len(digits) == 11 and digits[0] == "1"):
        return f"+{digits}"
    return f"+1{digits}" if len(digits) == 10 else digits


def clock_time(at: float, zone: str) -> str:
    """10:04 AM"""
    return f"{_local(at, zone):%I:%M %p}".lstrip("0")


def day(at: float, zone: str) -> str:
    """Wednesday, Dec 9"""
    local = _local(at, zone)
    return f"{local:%A, %b} {local.day}"


def moment(at: float, zone: str) -> str:
    """Wed, Dec 9, 10:04 AM CST"""
    local = _local(at, zone)
    return f"{local:%a, %b} {local.day}, {clock_time(at, zone)} {local:%Z}"


def time_or_date(at: float, now: float, zone: str) -> str:
    """The time of a moment of today; else its date, with the year when it is another one."""
    local, today = _local(at, zone), _local(now, zone)
    if local.date() == today.date():
        return clock_time(at, zone)
    return f"{local:%b} {local.day}" + ("" if local.year == today.year else f", {local.year}")


def _local(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(zone))
