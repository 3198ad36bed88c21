"""The account's settings: what an admin decides for everybody."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.accounts.conftest import Visitor
from tests.support.people import Cast, Person
from webapp.accounts import settings
from webapp.accounts.settings import AccountSettings

SignIn = Callable[[Person], Visitor]
FIELDS = {
    "business_name": "Lone Star Realty",
    "business_contact": "help@lonestar.test",
    "default_timezone": "America/Chicago",
    "keyword_replies": "leadline",
}


def test_what_is_saved_holds_at_once_and_every_change_is_on_record(
    sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    settings.load(conn)
    ada = sign_in(cast.admin)
    assert ada.post("/settings", **FIELDS).status_code == 303
    assert settings.load(conn) == AccountSettings.model_validate(FIELDS)
    assert ada.post("/settings", **FIELDS | {"business_contact": "hi@lonestar.test"}).status_code == 303
    records = conn.execute("SELECT target, details, actor_id FROM audit_log ORDER BY id").fetchall()
    assert {record[0] for record in records} == set(FIELDS)
    assert records[-1] == (
        "business_contact",
        {"before": "help@lonestar.test", "after": "hi@lonestar.test"},
        cast.admin.id,
    )


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"default_timezone": "Mars/Base"}, "Not a valid choice."),
        ({"keyword_replies": "both"}, "Not a valid choice."),
        ({"business_name": "x" * 101}, "Use 100 characters or fewer."),
    ],
)
def test_settings_that_will_not_do_are_named_and_nothing_that_was_typed_is_lost(
    fields: dict[str, str], complaint: str, sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    page = sign_in(cast.admin).post("/settings", **FIELDS | fields)
    assert page.status_code == 422
    assert complaint in page.text
    assert '-error">' in page.text
    kept = {name: value for name, value in FIELDS.items() if name not in fields}
    if "business_contact" in kept:
        assert f'value="{kept["business_contact"]}"' in page.text
    if "keyword_replies" in kept:
        assert 'checked id="keyword_replies-1"' in page.text
    assert conn.execute("SELECT count(*) FROM settings").fetchone() == (0,)
    assert settings.read(conn) == AccountSettings()


def test_the_page_shows_what_is_stored(sign_in: SignIn, cast: Cast) -> None:
    ada = sign_in(cast.admin)
    ada.post("/settings", **FIELDS)
    page = ada.get("/settings").text
    for value in ("Lone Star Realty", "help@lonestar.test"):
        assert f'value="{value}"' in page
    assert 'selected value="America/Chicago"' in page


def test_other_code_cannot_store_nonsense_either(conn: psycopg.Connection, cast: Cast) -> None:
    from webapp.accounts import users

    actor = users.get(conn, cast.admin.id).actor
    for changes in ({"quiet_hours_open": "22:00"}, {"quiet_hours_open": "8"}, {"default_timezone": "../x"}):
        with pytest.raises(ValueError, match="validation error"):
            settings.save(conn, actor, **changes)
    assert conn.execute("SELECT count(*) FROM settings").fetchone() == (0,)
