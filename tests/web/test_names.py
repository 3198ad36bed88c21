"""Names that people give to things."""

from __future__ import annotations

import pytest

from webapp.web.names import one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Old   leads\n2026 ", "Old leads 2026"),
        ("a\x00b", "ab"),
        ("Sale \u202egnp.exe", "Sale gnp.exe"),
        ("\u2067\u2069", ""),
        ("שלום 👩\u200d💻", "שלום 👩\u200d💻"),
    ],
)
def test_a_name_is_one_line_and_turns_nothing_that_stands_beside_it(typed: str, kept: str) -> None:
    assert one_line(typed) == kept
