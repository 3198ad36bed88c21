"""People are quoted as they wrote."""

from __future__ import annotations

import psycopg
import pytest

from tests.compliance.support import add_number, hear, one
from webapp.compliance.optouts.quoting import LONGEST, as_typed
from webapp.rules.keywords import classify


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("STOP", "STOP"),
        ("  Stop. ", "Stop."),
        ("please dont text me anymore", "dont text me anymore"),
        ("Hi Dana,\nSTOP  texting me", "STOP texting"),
        ("Thanks, but Leave Me ALONE!! bye", "Leave Me ALONE!!"),
        ("S T O P", "S T O P"),
        ("🛑", "🛑"),
        ("𝐒𝐓𝐎𝐏", "𝐒𝐓𝐎𝐏"),
    ],
)
def test_the_words_that_decided_are_quoted_as_typed(body: str, typed: str) -> None:
    assert as_typed(body, classify(body).matched or "") == typed


def test_words_that_stand_nowhere_in_the_text_are_quoted_as_they_were_read() -> None:
    assert as_typed("never mind", "do not text me") == "do not text me"


def test_a_whole_text_is_never_kept() -> None:
    assert len(as_typed("X" * 2000, "x" * 2000)) == LONGEST


@pytest.mark.usefixtures("noon")
def test_the_ledger_and_the_number_quote_the_persons_own_words(conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "Ok Dana, please DONT text me anymore!")
    assert one(conn, "SELECT note FROM consent_events") == "DONT text me anymore!"
    assert one(conn, "SELECT suppression_reason FROM contact_numbers") == "DONT text me anymore!"


@pytest.mark.usefixtures("noon")
def test_a_doubt_quotes_them_too(conn: psycopg.Connection) -> None:
    hear(add_number(), "Please STOP sending me listings that are over budget")
    assert one(conn, "SELECT doubt_matched FROM contact_numbers") == "STOP sending"
