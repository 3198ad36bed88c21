"""The list: scoped, sorted, and paged both ways without losing or repeating a lead."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.leads.support import NOW, actor_of, add_lead
from tests.support.people import Cast, Person
from webapp.accounts.actors import Actor
from webapp.leads import listing, reading
from webapp.leads.listing import Filter, Owner, Sort, find_page, position_of


@pytest.fixture
def some(conn: psycopg.Connection, cast: Cast) -> psycopg.Connection:
    """Sixteen leads, a quarter each Rita's, Otto's, nobody's and Max's; pairs of them made in one moment."""
    owners: list[Person | None] = [cast.rep, cast.other_rep, None, cast.manager]
    for n in range(16):
        add_lead(
            conn,
            f"+1212555{100 + n:04}",
            owner=owners[n % 4],
            now=NOW + timedelta(minutes=n // 2),
            first_name=f"F{n % 3}",
            last_name="abCd"[n % 4],
        )
    return conn


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("who", ["manager", "rep"])
@pytest.mark.parametrize("owner", list(Owner))
def test_paging_forwards_and_back_shows_every_lead_once(
    some: psycopg.Connection, cast: Cast, sort: Sort, who: str, owner: Owner
) -> None:
    actor, wanted = actor_of(getattr(cast, who)), Filter(sort=sort, owner=owner)
    whole = [lead.id for lead in find_page(some, actor, wanted, 100).leads]
    forwards = walk(some, actor, wanted)
    assert [lead_id for page in forwards for lead_id in page] == whole
    assert len(set(whole)) == len(whole)
    assert walk_back(some, actor, wanted, forwards[-1][0]) == forwards[:-1]


def test_newest_come_first_and_names_are_sorted_whatever_their_case(some: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    newest = find_page(some, actor, Filter(), 100).leads
    assert list(newest) == sorted(newest, key=lambda lead: (lead.created_at, lead.id), reverse=True)
    by_name = find_page(some, actor, Filter(sort=Sort.NAME), 100).leads
    keys = [(lead.last_name.lower(), lead.first_name.lower(), lead.id) for lead in by_name]
    assert keys == sorted(keys)


def test_a_rep_sees_their_own_and_nobodys(some: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.rep)
    assert owners(some, actor, Filter()) == {cast.rep.id, None}
    assert owners(some, actor, Filter(owner=Owner.MINE)) == {cast.rep.id}
    assert owners(some, actor, Filter(owner=Owner.UNASSIGNED)) == {None}
    assert owners(some, actor, Filter(owner=cast.rep.id)) == {cast.rep.id}
    assert owners(some, actor, Filter(owner=cast.other_rep.id)) == set()


def test_a_manager_sees_all_and_filters_by_person(some: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    assert owners(some, actor, Filter()) == {cast.rep.id, cast.other_rep.id, cast.manager.id, None}
    assert owners(some, actor, Filter(owner=cast.other_rep.id)) == {cast.other_rep.id}


@pytest.mark.parametrize("typed", ["0101", "F1", "b"])
def test_search_and_count_show_a_rep_nothing_of_a_colleagues(some: psycopg.Connection, cast: Cast, typed: str) -> None:
    rep, manager = actor_of(cast.rep), actor_of(cast.manager)
    everything = find_page(some, manager, Filter(typed), 100).leads
    visible = [lead.id for lead in everything if lead.owner_id in {cast.rep.id, None}]
    assert len(visible) < len(everything)
    assert [lead.id for lead in find_page(some, rep, Filter(typed), 100).leads] == visible
    assert listing.count(some, rep, Filter(typed)) == len(visible)
    assert listing.count(some, manager, Filter(typed)) == len(everything)


def test_a_rep_cannot_read_or_lock_a_colleagues_lead(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, owner=cast.other_rep)
    assert reading.find(conn, actor_of(cast.rep), lead_id) is None
    assert not reading.lock(conn, actor_of(cast.rep), lead_id)
    assert reading.find(conn, actor_of(cast.other_rep), lead_id) is not None
    assert reading.lock(conn, actor_of(cast.manager), lead_id)


def test_a_count_stops_at_its_limit(some: psycopg.Connection, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED_AT_MOST", 5)
    assert listing.count(some, actor_of(cast.manager), Filter()) == 6


def test_a_search_is_planned_for_its_own_words_however_often_there_was_one(
    some: psycopg.Connection, cast: Cast
) -> None:
    """A plan that psycopg prepared for any words at all walked a million leads."""
    for _ in range(12):
        find_page(some, actor_of(cast.rep), Filter("2125550101"), 10)
        listing.count(some, actor_of(cast.rep), Filter("2125550101"))
    kept = some.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%tsquery%'").fetchall()
    assert kept == []


def owners(conn: psycopg.Connection, actor: Actor, wanted: Filter) -> set[int | None]:
    return {lead.owner_id for lead in find_page(conn, actor, wanted, 100).leads}


def walk(conn: psycopg.Connection, actor: Actor, wanted: Filter) -> list[list[int]]:
    page = find_page(conn, actor, wanted, 3)
    pages = [[lead.id for lead in page.leads]]
    while page.more_after:
        page = find_page(conn, actor, wanted, 3, after=position_of(page.leads[-1], wanted.sort))
        assert page.more_before
        pages.append([lead.id for lead in page.leads])
    return pages


def walk_back(conn: psycopg.Connection, actor: Actor, wanted: Filter, first_of_last: int) -> list[list[int]]:
    start = reading.find(conn, actor, first_of_last)
    assert start is not None
    page = find_page(conn, actor, wanted, 3, before=position_of(start, wanted.sort))
    pages = [[lead.id for lead in page.leads]]
    while page.more_before:
        page = find_page(conn, actor, wanted, 3, before=position_of(page.leads[0], wanted.sort))
        pages.insert(0, [lead.id for lead in page.leads])
    return pages
