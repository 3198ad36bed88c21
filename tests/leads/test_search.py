"""Finding a lead by anything that a person may type."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.leads.support import actor_of, add_lead
from tests.support.people import Cast
from webapp.leads.listing import Filter, find_page
from webapp.leads.search import text_query


@pytest.fixture
def people(conn: psycopg.Connection, cast: Cast) -> psycopg.Connection:
    add_lead(
        conn,
        "+12125550123",
        first_name="Seán",
        last_name="O'Brien-Smith",
        email="sean.o@example.com",
        tags=["Open house", "VIP"],
    )
    add_lead(conn, "+13055550187", first_name="Mary", last_name="Jones", email="mary@example.org", tags=["Seller"])
    add_lead(conn, "+442079460958", first_name="Nigel")
    return conn


@pytest.mark.parametrize(
    "typed",
    [
        *("2125550123", "(212) 555-0123", "212.555.0123", "+1 212 555 0123", "1-212-555-0123", "212 – 555 – 0123"),
        *("２１２５５５０１２３", "001 212 555 0123", "555-0123", "0123", "212", "(212) 555"),
        *("O'Brien", "o'brien-smith", "brien", "smith", "SEÁN", "seán o", "Brien Seán"),
        *(
            "sean.o@example.com",
            "sean.o@",
            "sean.o@example",
            "open house",
            "house",
            "vip",
            "smith 0123",
            "Sean.O@EXAMPLE.com",
        ),
    ],
)
def test_a_lead_is_found_by(people: psycopg.Connection, cast: Cast, typed: str) -> None:
    assert found(people, cast, typed) == ["Seán"]


@pytest.mark.parametrize("typed", ["020 7946", "bob", "2125550124", "smith 0187", "mary smith", "OBrien", "rien"])
def test_a_lead_is_not_found_by(people: psycopg.Connection, cast: Cast, typed: str) -> None:
    assert "Seán" not in found(people, cast, typed)


@pytest.mark.parametrize("typed", ["+44 20 7946 0958", "011 44 20 7946 0958", "442079460958", "0958"])
def test_a_foreign_number_is_found_by(people: psycopg.Connection, cast: Cast, typed: str) -> None:
    assert found(people, cast, typed) == ["Nigel"]


@pytest.mark.parametrize("typed", ["", "   ", "!?", "&|()", "' :*"])
def test_nothing_searchable_is_no_filter(people: psycopg.Connection, cast: Cast, typed: str) -> None:
    assert len(found(people, cast, typed)) == 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_whatever_is_typed_is_a_query_that_postgres_takes(conn: psycopg.Connection, typed: str) -> None:
    query = text_query(typed)
    if query is not None:
        conn.execute("SELECT lower(%s)::tsquery", (query,))


def found(conn: psycopg.Connection, cast: Cast, typed: str) -> list[str]:
    page = find_page(conn, actor_of(cast.manager), Filter(typed), 10)
    return [lead.first_name for lead in page.leads]
