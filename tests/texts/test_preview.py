from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tests.api.support import add_lead
from tests.support.people import Cast, Person
from tests.texts.support import actor_of
from webapp import database
from webapp.texts import people, preview, starters
from webapp.texts.people import Reader
from webapp.texts.preview import Costly, Piece, field_words, in_plain_characters, unfilled
from webapp.texts.render import MergeFields, render

ANN = MergeFields(first_name="Ann", my_name="Rita", custom={"city": "Dallas"})


def test_a_text_is_shown_as_it_is_sent_with_what_it_costs():
    body = 'Hi {{ first_name | default("there") }}, {{ my_name }} here. {{ custom.city }}?'

    shown = preview.preview(body, ANN)

    assert shown.text == shown.draft == render(body, ANN) == "Hi Ann, Rita here. Dallas?"
    assert (shown.counted.encoding, shown.counted.segments, shown.cost) == ("GSM-7", 1, Decimal("0.0128"))
    assert (shown.unresolved, shown.error) == ((), "")


def test_every_missing_field_is_named_and_leaves_a_gap_in_its_place():
    shown = preview.preview("Hi {{ last_name }}, in {{ custom.street | upper }}? {{ last_name }}", ANN)

    assert shown.unresolved == ("last_name", "custom.street")
    assert shown.text == "Hi last name, in street? last name"
    assert shown.pieces[:2] == (Piece("Hi "), Piece("last name", "last_name"))
    assert shown.counted.encoding == "GSM-7"


def test_a_draft_with_gaps_can_not_be_sent_by_mistake():
    shown = preview.preview("Hi {{ last_name | title }}, in {{ custom.street }}", ANN)

    assert shown.draft == "Hi {{ last_name }}, in {{ custom.street }}"
    assert unfilled(shown.draft) == "{{ last_name }}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hi {{ first_name | default('x') }} {{ b }}", "{{ first_name | default('x') }}"),
        ("{% if state %}Howdy{% endif %}", "{% if state %}"),
        ("a {# note #}", "{# note #}"),
        ("a { b } :-} {", ""),
        ("Hi", ""),
    ],
)
def test_what_nothing_would_fill_in_is_found(text: str, found: str):
    assert unfilled(text) == found


def test_characters_that_cost_are_named():
    shown = preview.preview("It’s 👋", ANN)

    assert shown.counted.encoding == "UCS-2"
    assert shown.costly == [Costly("’", "curly apostrophe", "write '"), Costly("👋", "waving hand sign", "")]


def test_what_cannot_be_rendered_is_shown_as_it_is_with_the_reason():
    shown = preview.preview("Hi {{ frist_name }}", ANN)

    assert shown.text == "Hi {{ frist_name }}"
    assert shown.error.startswith("There is no field frist_name.")


def test_fields_are_called_as_people_call_them():
    assert (field_words("first_name"), field_words("custom.move_in_date")) == ("first name", "move in date")


def test_every_starter_reads_well_for_whoever_has_no_name():
    fields = MergeFields(my_name="Rita Rep", business_name="Sunrise Homes of Austin")
    shown = {starter.key: preview.preview(starter.body, fields) for starter in starters.STARTERS}

    assert len(shown) == len(starters.STARTERS)
    assert {key: (each.unresolved, each.error, each.counted.segments) for key, each in shown.items()} == dict.fromkeys(
        shown, ((), "", 1)
    )
    assert all(each.text.startswith("Hi there, ") for each in shown.values())


@pytest.mark.usefixtures("noon")
class TestReaders:
    """Whom a text is shown for."""

    def test_a_reader_has_the_fields_of_the_lead(self, cast: Cast):
        lead_id = add_lead(cast.rep, first_name="Ann", last_name="Lee", state="TX", custom={"city": "Dallas"})

        reader = _find(cast.manager, lead_id)

        assert reader is not None
        assert (reader.title, reader.number) == ("Ann Lee", "(512) 555-0123")
        assert reader.fields == MergeFields(
            first_name="Ann",
            last_name="Lee",
            phone="(512) 555-0123",
            state="TX",
            my_name="Rita Rep",
            custom={"city": "Dallas"},
        )

    def test_my_name_is_the_writers_where_nobody_has_the_lead_or_one_writes_oneself(self, cast: Cast):
        nobodys, ritas = add_lead(None), add_lead(cast.rep, "+15125550124")

        assert _find(cast.manager, nobodys, None) == _find(cast.manager, nobodys, "Max Manager")
        assert _my_name(_find(cast.manager, ritas, "Max Manager")) == "Max Manager"
        assert _my_name(_find(cast.manager, ritas)) == "Rita Rep"

    def test_a_reader_is_one_whom_one_may_see(self, cast: Cast):
        lead_id = add_lead(cast.rep, first_name="Ann")

        assert _find(cast.other_rep, lead_id) is None
        assert _match(cast.other_rep, "Ann") is None
        assert _match(cast.other_rep, "") is None
        assert _match(cast.rep, "Ann") == _find(cast.rep, lead_id)

    @pytest.mark.parametrize(
        "typed", ["ann", "Ann Lee", "le", "O'Brien", "555-0123", "(512) 555-01", "0123", "ann lee"]
    )
    def test_a_reader_is_found_by_what_is_typed(self, cast: Cast, typed: str):
        lead_id = add_lead(cast.rep, first_name="Ann", last_name="Lee-O'Brien")
        add_lead(cast.rep, "+15125550999", first_name="Zoe")

        found = _match(cast.rep, typed)

        assert found is not None
        assert found.id == lead_id

    @pytest.mark.parametrize("typed", ["zoe", "(", "'", "\\", "a & b", "\x00zoe", "99999", "12"])
    def test_who_is_not_there_is_not_found(self, cast: Cast, typed: str):
        add_lead(cast.rep, first_name="Ann")

        assert _match(cast.rep, typed) is None

    def test_with_nothing_typed_it_is_the_newest_lead(self, cast: Cast, conn: psycopg.Connection):
        old, new = add_lead(cast.rep, first_name="Old"), add_lead(cast.rep, "+15125550124", first_name="New")
        conn.execute("UPDATE leads SET created_at = created_at - interval '1 day' WHERE id = %s", [old])

        found = _match(cast.manager, " ")

        assert found is not None
        assert found.id == new

    def test_fields_of_ones_own_are_known_by_the_leads_that_one_sees(self, cast: Cast):
        add_lead(cast.rep, custom={"city": "Dallas", "move in": "May", "5beds": 5})
        add_lead(cast.other_rep, "+15125550124", custom={"secret": "x"})
        with database.transaction() as conn:
            known = people.own_fields(conn, actor_of(cast.rep))

        assert known == ["city"]
        assert people.unknown_fields({"custom.city", "custom.town", "first_name"}, known) == ["town"]


def _find(person: Person, lead_id: int, signed_by: str | None = None) -> Reader | None:
    with database.transaction() as conn:
        return people.find(conn, actor_of(person), lead_id, signed_by=signed_by)


def _match(person: Person, typed: str) -> Reader | None:
    with database.transaction() as conn:
        return people.match(conn, actor_of(person), typed)


def _my_name(reader: Reader | None) -> str:
    assert reader is not None
    return reader.fields.my_name


def test_what_to_write_instead_is_said_where_something_is_alike() -> None:
    shown = preview.preview("“Hi” – it’s…\u00a0\u200bж 👨‍👩‍👧", MergeFields())
    assert [(one.character, one.instead) for one in shown.costly] == [
        ("“", 'write "'),
        ("”", 'write "'),
        ("–", "write -"),
        ("’", "write '"),
        ("…", "write ..."),
        ("\u00a0", "write a space"),
        ("\u200b", "leave it out"),
        ("ж", ""),
        ("👨‍👩‍👧", ""),
    ]


def test_plain_characters_leave_merge_fields_emoji_and_letters_as_they_are() -> None:
    body = '“Hi” – {{ first_name | default("o’ye") }}…\u00a0ж 👨‍👩‍👧 Jose\u0301 e\u0302'
    assert in_plain_characters(body) == '"Hi" - {{ first_name | default("o’ye") }}... ж 👨‍👩‍👧 José ê'


def test_the_page_calls_characters_as_the_server_does_and_writes_the_same_instead() -> None:
    script = (Path(preview.__file__).parents[2] / "static" / "js" / "counter.js").read_text("utf-8")
    here = json.loads(script.partition("const KNOWN = ")[2].partition(";")[0])
    assert here == {
        character: [preview.character_name(character), in_plain_characters(character)] for character in preview.KNOWN
    }
