"""A spreadsheet takes nothing for a formula that somebody typed."""

from __future__ import annotations

import pytest

from webapp.web import csvsafe


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+15125550123", "'+15125550123"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("Ann", "Ann"),
        ("a=b", "a=b"),
        (None, ""),
        (7, "7"),
    ],
)
def test_a_cell_is_never_a_formula(value: object, cell: str) -> None:
    assert csvsafe.cell(value) == cell


def test_a_file_says_that_it_is_utf_8_once_and_ends_its_lines_as_csv_does() -> None:
    assert b"".join(csvsafe.lines([("Name",), ("José, Ann",)])) == '\ufeffName\r\n"José, Ann"\r\n'.encode()
