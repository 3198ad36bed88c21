"""Files to import."""

from __future__ import annotations

from collections.abc import Iterator

#: Two of everything that can become of a row: 2 new, 1 updated, 2 duplicates, 3 invalid, 2 skipped (with KNOWN there).
KNOWN = "+12125550100"
MIXED = """\
First Name,Last Name,Mobile,Email,Zip,Tags,Beds
Ann,Able,(212) 555-0101,ann@example.com,2134,Buyer;Condo,3
Bob,Baker,212-555-0102,,78701,,
Kim,Known,+1 212 555 0100,kim@example.com,,Seller,
Ann,Again,2125550101,,,,
,,,,,,
Bob,Again,1 212 555 0102,,,,
Cat,Short,12345,,,,
Dan,Mail,2125550103,nonsense,,,
Eve,Wide,2125550104,,,,3,surplus
,,,,,,
"""
COUNTERS = {"new": 2, "updated": 1, "duplicate": 2, "invalid": 3, "skipped": 2}


def many(rows: int, start: int = 0) -> Iterator[str]:
    """A file of so many different leads, line by line."""
    yield "Name,Phone,Email\n"
    for n in range(start, start + rows):
        yield f"Person {n},+1{212 + n // 1_000_000}{2_000_000 + n % 1_000_000},person{n}@example.com\n"
