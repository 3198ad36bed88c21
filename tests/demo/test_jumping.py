"""The jump to a campaign's next step: business time moves, texts go, people answer, and nothing else is late for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.campaigns.conftest import campaigns  # noqa: F401 (a fixture)
from tests.campaigns.pages import at_work, whole
from tests.campaigns.support import DAY, Campaigns, text
from tests.support.people import add_person
from webapp import clock
from webapp.demo import jumping


@pytest.fixture
def drips(campaigns: Campaigns) -> Iterator[Campaigns]:  # noqa: F811 (the fixture above)
    """Campaigns in a world whose time follows the phones' clock, as that of an installation does."""
    clock.follow(campaigns.world.simulator.state_dir / "clock.json")
    with at_the_workers(campaigns):
        yield campaigns
    clock.use_real_time()


@contextmanager
def at_the_workers(drips: Campaigns) -> Iterator[None]:
    """The workers do what they do while somebody waits at a page."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            drips.world.work()

    worker = threading.Thread(target=work)
    worker.start()
    yield
    over.set()
    worker.join()


def jump(drips: Campaigns, campaign_id: int) -> str:
    """Somebody presses the button; what the page says then."""
    visitor = at_work(drips)
    return whole(visitor, visitor.post(f"/demo/campaigns/{campaign_id}/jump"))


def texted(drips: Campaigns, campaign_id: int, count: int) -> bool:
    query = "SELECT count(*) FROM sms_messages WHERE campaign_id = %s AND status = 'delivered'"
    return bool(drips.world.conn.execute(query, [campaign_id]).fetchone() == (count,))


def test_time_moves_to_the_next_step_and_everybody_gets_it(drips: Campaigns) -> None:
    lead_ids, phones = drips.leads(3)
    campaign_id = drips.run(text("Hello!"), text("Still there?", 3 * DAY, at_local="10:05"), leads=lead_ids)
    drips.queue_due()
    before = clock.now()
    page = jump(drips, campaign_id)
    assert "3 texts are on the way; people answer by themselves." in page
    assert timedelta(days=2) < clock.now() - before < timedelta(days=4)
    drips.world.until(lambda: texted(drips, campaign_id, 6), working=False)
    assert [drips.world.on_handset(phone)[-1] for phone in phones] == ["Still there?"] * 3
    assert drips.world.simulator.control("GET", "/sim/settings")["personas"] is True


def test_a_step_that_is_held_on_the_way_is_jumped_to_as_well(drips: Campaigns) -> None:
    lead_id, _ = drips.lead()
    campaign_id = drips.run(
        text("Hello!"), text("At night", 14 * 60), leads=[lead_id]
    )  # noon and 14 hours: 2 in the night
    drips.queue_due()
    assert "1 text is on the way" in jump(drips, campaign_id)
    assert drips.standing(lead_id) == ("completed", 2, None)
    local = clock.now() - timedelta(hours=6)
    assert local.hour >= 8


def test_no_other_campaign_is_late_for_it(drips: Campaigns) -> None:
    (one, other), phones = drips.leads(2)
    for phone in phones:  # nobody's answer ends it before
        drips.world.simulator.control("PUT", f"/sim/phones/{phone}/persona", {"persona": "silent"})
    daily = drips.run(*(text(f"Day {day}", DAY if day else 0) for day in range(5)), leads=[other], name="Daily")
    rare = drips.run(text("Hello!"), text("After a week", 7 * DAY), leads=[one])
    drips.queue_due()
    assert "1 text is on the way" in jump(drips, rare)
    drips.world.until(lambda: texted(drips, daily, 5), working=False)
    assert drips.standing(other) == ("completed", 5, None)


def test_where_nothing_is_due_time_stays_and_the_page_says_so(drips: Campaigns) -> None:
    lead_id, _ = drips.lead()
    campaign_id = drips.run(text("Hello!"), leads=[lead_id])
    drips.queue_due()
    before = clock.now()
    assert "Nothing more is due in this campaign." in jump(drips, campaign_id)
    assert clock.now() - before < timedelta(minutes=1)


def test_while_all_automatic_texts_are_paused_time_stays(drips: Campaigns) -> None:
    lead_id, _ = drips.lead()
    campaign_id = drips.run(text("Hello!"), text("Later", DAY), leads=[lead_id])
    drips.queue_due()
    drips.world.configure(automation_paused=True)
    before = clock.now()
    assert "All automatic texts are paused." in jump(drips, campaign_id)
    assert clock.now() - before < timedelta(minutes=1)


def test_the_button_is_on_the_page_of_a_campaign_that_runs_and_on_no_other(drips: Campaigns) -> None:
    lead_id, _ = drips.lead()
    running, draft = drips.run(text("Hello!"), leads=[lead_id]), drips.draft(text("Hello!"))
    visitor = at_work(drips)
    assert "Jump to the next step" in visitor.get(f"/campaigns/{running}").text
    assert "Jump to the next step" not in visitor.get(f"/campaigns/{draft}").text


def test_a_rep_moves_no_time_for_somebody_elses_campaign(drips: Campaigns) -> None:
    lead_id, _ = drips.lead()
    campaign_id = drips.run(text("Hello!"), text("Later", DAY), leads=[lead_id])
    rep = add_person(drips.world.conn, "Rita Rep", "rep")
    assert at_work(drips, rep.email).post(f"/demo/campaigns/{campaign_id}/jump").status_code == 404


def test_with_a_real_carrier_there_is_no_such_door(demo: Flask) -> None:
    base = "http://127.0.0.1:5000"
    with demo.test_client() as browser:
        token = browser.get("/login/token", base_url=base).get_json()["csrf_token"]
        browser.post("/login/demo", data={"role": "manager", "csrf_token": token}, base_url=base)
        token = browser.get("/login/token", base_url=base).get_json()["csrf_token"]
        # This demo has phones that are nowhere.
        assert browser.post("/demo/campaigns/3/jump", data={"csrf_token": token}, base_url=base).status_code == 404
        assert "Jump to the next step" not in browser.get("/campaigns/3", base_url=base).get_data(as_text=True)


def test_phones_that_do_not_answer_are_named(demo: Flask) -> None:
    before = datetime.now(clock.now().tzinfo)
    with pytest.raises(jumping.CannotJumpError, match="The phones do not answer"):
        jumping.jump("http://127.0.0.1:1", 3)
    assert datetime.now(before.tzinfo) - before < timedelta(seconds=30)
