from __future__ import annotations

import threading

import pytest

from tests.support.people import Cast
from tests.texts.support import HELLO, actor_of, add_template, change, entry, look_at, names, wordings
from webapp import clock, database
from webapp.texts import library, reading
from webapp.texts.library import NameTakenError, OutdatedError

pytestmark = pytest.mark.usefixtures("noon")


def test_every_wording_that_was_saved_is_kept_with_its_writer(cast: Cast):
    template_id = add_template(cast.manager, body="One")
    change(cast.admin, template_id, body="Two")
    change(cast.manager, template_id, body="Three")

    assert wordings(template_id) == [
        (3, "Three", "Max Manager"),
        (2, "Two", "Ada Admin"),
        (1, "One", "Max Manager"),
    ]


def test_a_new_name_alone_is_no_new_wording(cast: Cast):
    template_id = add_template(cast.manager, body="One")
    change(cast.manager, template_id, name="Another name", category="Calls", body="One")

    found = look_at(cast.manager, template_id)
    assert found is not None
    assert (found.name, found.category, found.version) == ("Another name", "Calls", 1)
    assert len(wordings(template_id)) == 1


def test_who_has_not_read_the_newest_wording_does_not_overwrite_it(cast: Cast):
    template_id = add_template(cast.manager, body="One")
    change(cast.admin, template_id, read_version=1, body="Two")

    with pytest.raises(OutdatedError, match="Ada Admin saved version 2 meanwhile"):
        change(cast.manager, template_id, read_version=1, body="My two")

    change(cast.manager, template_id, read_version=2, body="My two, after reading")
    assert [body for _, body, _ in wordings(template_id)] == ["My two, after reading", "Two", "One"]


def test_of_two_who_save_at_once_one_is_told(cast: Cast):
    template_id = add_template(cast.manager, body="One")
    starting, outcomes = threading.Barrier(4), []

    def save(number: int) -> None:
        starting.wait()
        try:
            change(cast.manager, template_id, read_version=1, body=f"From {number}")
            outcomes.append("saved")
        except OutdatedError:
            outcomes.append("told")

    savers = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()

    assert sorted(outcomes) == ["saved", "told", "told", "told"]
    assert len(wordings(template_id)) == 2


def test_an_old_wording_comes_back_as_the_newest_one(cast: Cast):
    template_id = add_template(cast.manager, body="One")
    change(cast.manager, template_id, body="Two")

    with database.transaction() as conn:
        template = reading.find(conn, actor_of(cast.manager), template_id, lock=True)
        assert template is not None
        assert library.restore(conn, actor_of(cast.manager), template, 1, clock.now())
        assert not library.restore(conn, actor_of(cast.manager), template, 9, clock.now())

    assert [(number, body) for number, body, _ in wordings(template_id)] == [(3, "One"), (2, "Two"), (1, "One")]


def test_one_put_away_is_offered_no_more_until_it_is_taken_out(cast: Cast):
    template_id = add_template(cast.manager)
    _put_away(cast, template_id)
    assert names(cast.rep) == []
    assert names(cast.rep, archived=True) == ["Greeting"]

    _take_out(cast, template_id)
    assert names(cast.rep) == ["Greeting"]
    assert names(cast.rep, archived=True) == []


def test_one_put_away_gives_its_name_free_and_cannot_have_it_back_by_force(cast: Cast):
    template_id = add_template(cast.manager)
    _put_away(cast, template_id)
    add_template(cast.manager)

    with pytest.raises(NameTakenError):
        _take_out(cast, template_id)


def test_a_name_is_given_once_among_those_of_one_owner(cast: Cast):
    add_template(cast.manager, name="Greeting")
    other = add_template(cast.manager, name="Farewell")

    with pytest.raises(NameTakenError):
        add_template(cast.admin, name="GREETING")
    with pytest.raises(NameTakenError):
        change(cast.manager, other, name="greeting")

    add_template(cast.rep, name="Greeting", shared=False)
    add_template(cast.other_rep, name="Greeting", shared=False)
    with pytest.raises(NameTakenError):
        add_template(cast.rep, name="Greeting", shared=False)


def test_after_a_taken_name_the_same_transaction_goes_on(cast: Cast):
    add_template(cast.manager)

    with database.transaction() as conn:
        with pytest.raises(NameTakenError):
            library.create(conn, actor_of(cast.manager), entry(), clock.now())
        library.create(conn, actor_of(cast.manager), entry(name="Another"), clock.now())

    assert names(cast.manager) == ["Another", "Greeting"]


def test_a_private_one_is_its_owners_alone_whoever_else_manages(cast: Cast):
    mine = add_template(cast.rep, name="Rita's own", shared=False)
    add_template(cast.manager, name="Everybody's")

    assert names(cast.rep) == ["Everybody's", "Rita's own"]
    assert names(cast.other_rep) == names(cast.manager) == names(cast.admin) == ["Everybody's"]
    assert look_at(cast.other_rep, mine) is None
    assert look_at(cast.admin, mine) is None


def test_everybodys_are_changed_by_managers_and_ones_own_by_oneself(cast: Cast):
    everybodys = look_at(cast.rep, add_template(cast.manager))
    own = look_at(cast.rep, add_template(cast.rep, shared=False))
    assert everybodys is not None
    assert own is not None

    who_may = [
        person.role for person in (cast.admin, cast.manager, cast.rep) if everybodys.may_be_changed_by(actor_of(person))
    ]
    assert who_may == ["admin", "manager"]
    assert own.may_be_changed_by(actor_of(cast.rep))
    assert not own.may_be_changed_by(actor_of(cast.admin))


def test_the_list_is_by_category_and_then_by_name(cast: Cast):
    for name, category in (("b", ""), ("z", "Calls"), ("B", "calls"), ("a", "Tours"), ("A", "Calls")):
        add_template(cast.manager, name=f"{name} of {category}", category=category)

    assert names(cast.rep) == ["A of Calls", "B of calls", "z of Calls", "a of Tours", "b of"]
    assert names(cast.rep, category="CALLS") == ["A of Calls", "B of calls", "z of Calls"]
    assert names(cast.rep, category="") == ["b of"]
    with database.transaction() as conn:
        assert [each.lower() for each in reading.categories(conn, actor_of(cast.rep))] == ["calls", "tours"]


def test_the_list_goes_on_after_a_place_in_it(cast: Cast):
    for number in range(5):
        add_template(cast.manager, name=f"n{number}", category="" if number % 2 else "Some")
    with database.transaction() as conn:
        whole = reading.find_page(conn, actor_of(cast.rep), reading.Filter())
        for place, template in enumerate(whole):
            rest = reading.find_page(conn, actor_of(cast.rep), reading.Filter(), after=reading.position_of(template))
            assert rest == whole[place + 1 :]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tour", ["Tomorrow"]),
        ("OPEN tomorrow", ["Tomorrow"]),
        ("100%", ["Discount"]),
        ("50%", []),
        ("_", ["Under_score"]),
        ("\\", ["Back\\slash"]),
        ("", ["Back\\slash", "Discount", "Tomorrow", "Under_score"]),
    ],
)
def test_every_word_is_looked_for_in_name_category_and_text(cast: Cast, typed: str, found: list[str]):
    add_template(cast.manager, name="Tomorrow", category="Opening", body="The tour")
    add_template(cast.manager, name="Discount", category="opening", body="100% off")
    add_template(cast.manager, name="Under_score", category="opening", body="x")
    add_template(cast.manager, name="Back\\slash", category="opening", body="x")

    assert names(cast.rep, typed=typed) == found


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"name": "  "}, ("name", "Give it a name.")),
        ({"name": "n" * 101}, ("name", "This is 101 characters long; at most 100 fit.")),
        ({"category": "c" * 51}, ("category", "This is 51 characters long; at most 50 fit.")),
        ({"body": " \r\n "}, ("body", "Write a text.")),
        ({"body": "b" * 1601}, ("body", "This text is 1601 characters long; at most 1600 can be sent.")),
    ],
)
def test_what_is_wrong_is_said_with_its_fix(values: dict[str, object], complaint: tuple[str, str]):
    assert library.complaints(entry(**values)) == [complaint]


@pytest.mark.parametrize("body", ["Hi {{ frist_name }}", "Hi {{ first name }}", "Hi {{ first_name", "{% for x in y %}"])
def test_a_merge_field_that_means_nothing_is_refused_in_a_sentence(body: str):
    (found,) = library.complaints(entry(body=body))

    assert found.field == "body"
    assert found.message.startswith("Write merge fields like {{ first_name }}. ")
    assert found.message.endswith(".")


def test_what_browsers_add_is_taken_off():
    tidied = entry(name=" A \n name ", category=" Calls ", body="One\r\ntwo\x00\n ")

    assert (tidied.name, tidied.category, tidied.body) == ("A name", "Calls", "One\ntwo")
    assert library.complaints(entry(body=HELLO)) == []


def _put_away(cast: Cast, template_id: int) -> None:
    with database.transaction() as conn:
        template = reading.find(conn, actor_of(cast.manager), template_id, lock=True)
        assert template is not None
        library.archive(conn, template, clock.now())


def _take_out(cast: Cast, template_id: int) -> None:
    with database.transaction() as conn:
        template = reading.find(conn, actor_of(cast.manager), template_id, lock=True)
        assert template is not None
        library.unarchive(conn, template)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (
            "Hi { first_name }",
            "Write {{ first_name }} with two braces on each side: { first_name } would be read as it",
        ),
        ("In {custom.city}", "Write {{ custom.city }} with two braces on each side: {custom.city} would be read as it"),
        ("Hi {{ first_name }} }}", "There is a }} without its {{."),
    ],
)
def test_what_was_meant_as_a_merge_field_is_not_taken_for_words(body: str, complaint: str) -> None:
    assert (library.body_complaint(body) or "").startswith(complaint)


@pytest.mark.parametrize("body", ["Hi {{ first_name }}", ":-} and { this }", "{% if state %}{{ state }}{% endif %}"])
def test_other_braces_are_words(body: str) -> None:
    assert library.body_complaint(body) is None
