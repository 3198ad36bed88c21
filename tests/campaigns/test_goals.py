"""A goal ends the way at once: by a tag or a status, whichever door it comes through, and whatever is under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.campaigns.pages import at_work, read, whole
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_the_dry_run import foreseen
from tests.campaigns.test_the_tick import bodies
from tests.campaigns.test_what_comes_back import given_up, on_the_wire, statuses
from tests.leads import bulking, running
from tests.support.races import at_once, warm_up
from webapp import clock, database
from webapp.campaigns import engine, goals, tick
from webapp.campaigns.engine import Moment, Person
from webapp.campaigns.rules import Rules
from webapp.compliance.facts import Facts
from webapp.compliance.optouts import suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.leads import leads, reading
from webapp.leads.fields import LeadValues
from webapp.leads.import_writing import Importer
from webapp.leads.signals import Consent
from webapp.models.constants import LeadStatus
from webapp.texts.render import MergeFields

__all__ = ["on_the_wire"]

CLIENT = {"exit_statuses": (LeadStatus.CLIENT,)}
REACHED = ("stopped", 0, "goal")


def becomes(campaigns: Campaigns, lead: int, **values: object) -> None:
    """A person changes the lead."""
    with database.transaction() as conn:
        assert reading.lock(conn, campaigns.actor, lead)
        leads.update(conn, lead, LeadValues(**values), campaigns.actor, clock.now())  # type: ignore[typeddict-item]


def stop(numbers: Sequence[int]) -> None:
    """These people text STOP, one after the other."""
    for number in numbers:
        with database.transaction() as conn:
            suppressions.suppress(conn, number, Cause("keyword", "stop", clock.now()), now=clock.now())


def sentences(stored: psycopg.Connection, lead: int) -> list[tuple[str, str | None, int | None]]:
    """Of a lead's ledger: each sentence that says that the goal is reached, with its step and its text."""
    return stored.execute(
        """
        SELECT d.sentence, d.step_key, d.message_id FROM decisions d
        JOIN sms_campaign_enrollments e ON e.id = d.enrollment_id WHERE e.lead_id = %s AND d.rule = 'goal' ORDER BY d.id
        """,
        [lead],
    ).fetchall()


@pytest.mark.parametrize(
    ("rules", "change"),
    [
        (CLIENT, {"status": LeadStatus.CLIENT}),
        ({"exit_tags": ("client",)}, {"tags": ["Buyer", "CLIENT"]}),
        ({"exit_tags": ("Ärztin", "sold")}, {"tags": ["ÄRZTIN"]}),
        ({"exit_tags": ("sold",), "exit_statuses": ("lost", "client")}, {"status": LeadStatus.LOST}),
    ],
)
def test_it_ends_at_once_and_what_is_queued_is_taken_back(
    campaigns: Campaigns, stored: psycopg.Connection, rules: dict[str, object], change: dict[str, object]
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead], **rules)
    tick.run()
    assert statuses(campaigns) == ["queued"]
    becomes(campaigns, lead, **change)
    assert (campaigns.standing(lead), campaigns.due(lead), statuses(campaigns)) == (REACHED, None, ["canceled"])
    [(said, step, message)] = sentences(stored, lead)
    assert (said, step) == ("Stopped: the lead has reached its goal.", "One")
    assert (message,) == stored.execute("SELECT id FROM sms_messages WHERE enrollment_id IS NOT NULL").fetchone()
    campaigns.later(days=2)
    assert bodies(campaigns, phone) == []


def test_between_two_steps_it_ends_before_the_next_and_the_ledger_says_which(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", DAY), leads=[lead], **CLIENT)
    campaigns.tick()
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    assert campaigns.standing(lead) == ("stopped", 1, "goal")
    assert sentences(stored, lead) == [("Stopped: the lead has reached its goal.", "Two", None)]
    campaigns.later(days=2)
    assert bodies(campaigns, phone) == ["One"]


def test_a_last_text_that_has_not_gone_is_taken_back_too(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("Only one"), leads=[lead], **CLIENT)
    tick.run()
    assert campaigns.standing(lead)[0] == "completed"
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    campaigns.later(hours=1)
    assert (campaigns.standing(lead), bodies(campaigns, phone)) == (REACHED, [])


def test_a_way_that_is_through_stays_through(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("Only one"), leads=[lead], **CLIENT)
    campaigns.tick()
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    assert campaigns.standing(lead) == ("completed", 1, None)


@pytest.mark.parametrize(
    "change", [{"status": LeadStatus.LOST}, {"tags": ["clients"]}, {"first_name": "Client"}, {"status": LeadStatus.NEW}]
)
def test_what_the_rules_do_not_name_ends_nothing(campaigns: Campaigns, change: dict[str, object]) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), leads=[lead], exit_tags=("client",), **CLIENT)
    tick.run()
    becomes(campaigns, lead, **change)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_only_campaigns_that_name_it_end_and_a_paused_one_does_too(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    names = campaigns.run(text("Client?", DAY), leads=[lead], **CLIENT)
    campaigns.run(text("News", DAY), leads=[lead], one_campaign_at_a_time="both")
    draft = campaigns.draft(text("Draft"), one_campaign_at_a_time="both", **CLIENT)
    campaigns.enroll(draft, [lead])
    campaigns.pause(names)
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    rows = stored.execute("SELECT status, reason FROM sms_campaign_enrollments ORDER BY id").fetchall()
    assert rows == [("stopped", "goal"), ("active", None), ("active", None)]
    campaigns.launch(draft)
    campaigns.later(days=1)
    assert (campaigns.standing(lead), bodies(campaigns, phone)) == (REACHED, ["News"])


def test_who_is_to_go_over_to_a_new_version_is_judged_by_its_rules(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text("One", DAY), leads=[lead])
    stored.execute(
        """
        INSERT INTO sms_campaign_versions (campaign_id, number, rules, created_at, published_at)
        VALUES (%s, 2, '{"exit_statuses": ["client"]}', now(), now())
        """,
        [campaign],
    )
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    assert campaigns.standing(lead)[0] == "active"
    becomes(campaigns, lead, status=LeadStatus.NEW)
    stored.execute(
        "UPDATE sms_campaign_versions SET moved_to_id = (SELECT max(id) FROM sms_campaign_versions) WHERE number = 1"
    )
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    assert campaigns.standing(lead) == REACHED


@pytest.mark.parametrize(
    ("action", "told"), [("set_status", {"status": "client"}), ("add_tag", {"tag": "Client"})]
)  # fmt: skip
def test_many_leads_at_once_are_stopped_with_the_change(
    campaigns: Campaigns, stored: psycopg.Connection, action: str, told: dict[str, str]
) -> None:
    many, phones = campaigns.leads(7)
    campaigns.run(text("One"), leads=many, exit_tags=("client",), **CLIENT)
    tick.run()
    operation = bulking.did(campaigns.actor, action, told, ids=many[:5])
    assert operation.counters == {"changed": 5, "unchanged": 0, "skipped": 0}
    campaigns.tick()
    assert [campaigns.standing(lead) for lead in many[:5]] == [REACHED] * 5
    assert [bodies(campaigns, phone) for phone in phones] == [[]] * 5 + [["One"]] * 2
    assert [len(sentences(stored, lead)) for lead in many] == [1] * 5 + [0] * 2


def test_a_tag_or_status_that_comes_back_by_undo_ends_it_as_well(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead(status="client", tags=["sold"])
    moved = bulking.did(campaigns.actor, "set_status", {"status": "new"}, ids=[lead])
    untagged = bulking.did(campaigns.actor, "remove_tag", {"tag": "sold"}, ids=[lead])
    campaigns.run(text("One", DAY), leads=[lead], one_campaign_at_a_time="both", **CLIENT)
    bulking.undone(campaigns.actor, moved)
    assert campaigns.standing(lead) == REACHED
    campaigns.run(text("Two", DAY), leads=[lead], one_campaign_at_a_time="both", exit_tags=("sold",))
    bulking.undone(campaigns.actor, untagged)
    assert campaigns.standing(lead) == REACHED


def test_an_import_stops_those_whom_it_tags_or_whose_status_it_sets(campaigns: Campaigns) -> None:
    many, phones = campaigns.leads(4)
    campaigns.run(text("One"), leads=many, exit_tags=("sold",), **CLIENT)
    tick.run()
    rows = zip(phones, ("Customer,", ",Sold", "Contacted,buyer", ","), strict=True)
    running.imported("Phone,Stage,Tags\n" + "".join(f"{phone},{said}\n" for phone, said in rows))
    campaigns.tick()
    assert [campaigns.standing(lead)[2] for lead in many] == ["goal", "goal", None, None]
    assert [bodies(campaigns, phone) for phone in phones] == [[], [], ["One"], ["One"]]


# --- Getting in -----------------------------------------------------------------------------------------------------


def test_a_lead_that_has_reached_it_already_is_left_out(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    client, _ = campaigns.lead(status="client")
    tagged, _ = campaigns.lead(tags=["Sold"])
    stopped, _ = campaigns.lead(status="client", agreed=False)
    lead, _ = campaigns.lead()
    campaign = campaigns.draft(text("One"), exit_tags=("sold",), **CLIENT)
    outcomes = campaigns.enroll(campaign, [client, tagged, stopped, lead])
    assert outcomes == {"reached_goal": 2, "no_consent": 1, "enrolled": 1}
    found = foreseen(campaigns, campaign)
    assert (found.leads, found.texted, found.excluded) == (4, 1, {"reached_goal": 2, "no_consent": 1})
    stored.execute("UPDATE leads SET status = 'new' WHERE id = %s", [client])
    assert campaigns.enroll(campaign, [client]) == {"enrolled": 1}


def test_the_leads_page_says_that_it_ended_and_that_it_does_not_begin_again(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    first = campaigns.run(text("One", DAY), leads=[lead], **CLIENT)
    again = campaigns.draft(text("One"), name="Another", **CLIENT)
    manager = at_work(campaigns)
    read(manager.post(f"/leads/{lead}/status", status="client"), 303)
    shown = read(manager.get(f"/campaigns/of-lead/{lead}"))
    assert "Reached the goal Stopped: the lead has reached its goal." in shown
    said = whole(manager, manager.post(f"/campaigns/of-lead/{lead}", campaign=str(again)))
    assert "Not enrolled: the lead has reached this campaign’s goal already." in said
    assert campaigns.standing(lead) == REACHED
    assert campaigns.enroll(first, [lead]) == {"enrolled_before": 1}


def test_the_dry_run_shows_whom_their_status_will_stop(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.draft(text("One"), text("Two", HOUR), **CLIENT)
    campaigns.enroll(campaign, [lead])
    assert foreseen(campaigns, campaign).texts == 2
    stored.execute("UPDATE leads SET status = 'client' WHERE id = %s", [lead])
    found = foreseen(campaigns, campaign)
    assert (found.texts, found.excluded) == (0, {"goal": 1})


# --- While it is under way ------------------------------------------------------------------------------------------


def test_a_text_that_comes_back_from_the_wire_does_not_go_after_all(
    campaigns: Campaigns, on_the_wire: tuple[int, int, str], stored: psycopg.Connection
) -> None:
    _, lead, phone = on_the_wire
    stored.execute('UPDATE sms_campaign_versions SET rules = \'{"exit_statuses": ["client"]}\'')
    becomes(campaigns, lead, status=LeadStatus.CLIENT)
    assert (campaigns.standing(lead)[0], statuses(campaigns)) == ("stopped", ["unconfirmed"])
    given_up(campaigns)
    campaigns.later(hours=2)
    assert (bodies(campaigns, phone), statuses(campaigns)) == ([], ["canceled"])


def test_a_text_in_a_senders_hands_is_taken_back_or_on_the_wire_and_never_both(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    many, phones = campaigns.leads(24)
    campaigns.run(text("One"), text("Two", HOUR), leads=many, **CLIENT)
    campaigns.queue_due()
    warm_up(6)

    def become(some: Sequence[int]) -> Callable[[], None]:
        return lambda: [becomes(campaigns, lead, status=LeadStatus.CLIENT) for lead in some] and None

    def send() -> None:
        campaigns.world.sender.drain(seconds=2)

    at_once([send, send, become(many[::3]), become(many[1::3]), become(many[2::3])])
    campaigns.tick()
    campaigns.later(hours=2)
    rows = stored.execute("SELECT contact_number_id, status FROM sms_messages WHERE enrollment_id IS NOT NULL")
    assert {status for _, status in rows} <= {"canceled", "delivered"}
    canceled = stored.execute("SELECT count(*) FROM sms_messages WHERE status = 'canceled'").fetchone()
    read = [bodies(campaigns, phone) for phone in phones]
    assert all(texts in ([], ["One"]) for texts in read)
    assert canceled == (read.count([]),)
    assert [campaigns.standing(lead)[::2] for lead in many] == [("stopped", "goal")] * 24


def test_what_a_tick_has_in_hand_is_waited_for_and_then_taken_back(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead], **CLIENT)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as ticking:
            assert tick.run_batch(ticking, clock.now()).queued == 1
            changing = pool.submit(becomes, campaigns, lead, status=LeadStatus.CLIENT)
            campaigns.world.until(lambda: stored.execute(waiting).fetchone() == (1,), working=False)
        changing.result()
    assert (campaigns.standing(lead), statuses(campaigns)) == (REACHED, ["canceled"])
    campaigns.tick()
    assert bodies(campaigns, phone) == []


def test_ticks_that_run_meanwhile_queue_nothing_that_goes(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    many, phones = campaigns.leads(40)
    campaigns.run(text("One"), text("Two", HOUR), leads=many, **CLIENT)

    def change() -> None:
        bulking.did(campaigns.actor, "set_status", {"status": "client"}, ids=many)

    def tick_on() -> None:
        for _ in range(5):
            tick.run()

    at_once([tick_on, change, tick_on])
    campaigns.tick()
    assert [bodies(campaigns, phone) for phone in phones] == [[]] * 40
    assert [campaigns.standing(lead) for lead in many] == [REACHED] * 40
    assert set(statuses(campaigns)) <= {"canceled"}


def test_whatever_else_is_done_to_these_leads_meanwhile_nobody_waits_for_each_other_for_good(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    many, phones = campaigns.leads(30)
    campaigns.run(text("One"), text("Two", HOUR), leads=many, **CLIENT)
    numbers = [row[0] for row in stored.execute("SELECT id FROM contact_numbers ORDER BY id DESC")]
    agreed = Importer(None, True, overwrite=True, consent=Consent("web form", clock.now(), attested=True))
    operations = []

    def one_by_one() -> None:
        for lead in many:
            becomes(campaigns, lead, status=LeadStatus.CLIENT)

    def all_at_once() -> None:
        operations.append(bulking.did(campaigns.actor, "set_status", {"status": "client"}, ids=many))

    def from_a_file() -> None:
        rows = "".join(f"{phone},Client,sold\n" for phone in reversed(phones))
        operations.append(running.imported(f"Phone,Status,Tags\n{rows}", agreed))

    def run() -> None:
        for _ in range(3):
            tick.run()
            campaigns.world.sender.drain(seconds=0.2)

    at_once([run, lambda: stop(numbers[::2]), one_by_one, all_at_once, from_a_file])
    assert [operation.status for operation in operations] == ["done", "done"]
    campaigns.tick()
    rows = stored.execute("SELECT DISTINCT status, reason FROM sms_campaign_enrollments").fetchall()
    assert set(rows) <= {("stopped", "goal"), ("stopped", "opted_out")}
    assert set(statuses(campaigns)) <= {"canceled", "delivered", "refused"}


# --- One rule, said twice -------------------------------------------------------------------------------------------

_tags = st.lists(st.text("aBbÉéñ ,\"'{}\\", min_size=1, max_size=3), max_size=4)
_statuses = st.sampled_from(LeadStatus)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(exit_tags=_tags, exit_statuses=st.lists(_statuses, max_size=3), tags=_tags, status=_statuses)
def test_the_database_says_of_a_lead_what_the_engine_says(
    conn: psycopg.Connection, exit_tags: list[str], exit_statuses: list[LeadStatus], tags: list[str], status: LeadStatus
) -> None:
    rules = Rules(exit_tags=tuple(exit_tags), exit_statuses=tuple(exit_statuses))
    person = Person(Facts(contact_number_id=1, e164="+15125550101"), _NO_FIELDS, tags=tags, status=status)
    now = clock.now()
    # Without the goal the step is skipped for want of a field, before anything else is asked.
    verdict = engine.decide(text("{{ email }}"), rules, person, None, Moment(now, now))  # type: ignore[arg-type]
    reached = goals.reached("%(statuses)s::text[]", "lower(%(named)s::text[]::text)::text[]")
    row = conn.execute(
        f"SELECT {reached} FROM (SELECT %(status)s::text AS status, %(tags)s::text[] AS tags) AS l",
        {"statuses": exit_statuses, "named": exit_tags, "status": status, "tags": tags},
    ).fetchone()
    assert row == (isinstance(verdict, engine.Stop),)


_NO_FIELDS = MergeFields("", "", "", "", "", "", "", {})
