"""The Undo of what was done with one lead: everything stands as it did, and no text goes by it."""

from __future__ import annotations

import re

import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_the_tick import bodies


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


def begun(campaigns: Campaigns) -> tuple[int, str, str]:
    """A lead that has had the first of two texts: its id, its phone, and the address of its way."""
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), text("Two", DAY), leads=[lead])
    campaigns.tick()
    row = campaigns.world.conn.execute("SELECT id FROM sms_campaign_enrollments").fetchone()
    assert row is not None
    return lead, phone, f"/campaigns/{campaign}/leads/{row[0]}"


def undo(visitor: Visitor, way: str) -> None:
    """Presses Undo on the page that follows."""
    found = re.search(rf'action="({way}/[a-z]+)"[^>]*>(?:(?!</form>).)*Undo', visitor.get(way).text, re.DOTALL)
    assert found, "no Undo is offered"
    assert visitor.post(found[1]).status_code == 303


def test_a_lead_that_was_paused_is_paused_again_after_it_was_taken_out(campaigns: Campaigns, max_: Visitor) -> None:
    lead, phone, way = begun(campaigns)
    due = campaigns.due(lead)
    max_.post(f"{way}/pause")
    max_.get(way)
    max_.post(f"{way}/remove")
    undo(max_, way)
    assert (campaigns.standing(lead), campaigns.due(lead)) == (("paused", 1, None), due)
    campaigns.later(days=2)
    assert bodies(campaigns, phone) == ["One"]


def test_a_lead_that_had_been_taken_out_is_out_again(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _, way = begun(campaigns)
    max_.post(f"{way}/remove")
    max_.get(way)
    max_.post(f"{way}/resume")
    undo(max_, way)
    assert campaigns.standing(lead) == ("stopped", 1, "removed")


@pytest.mark.parametrize(("act", "given"), [("end", {}), ("resume", {"days": "5"})])
def test_after_an_answer_somebody_is_asked_again(
    campaigns: Campaigns, max_: Visitor, act: str, given: dict[str, str]
) -> None:
    lead, phone, way = begun(campaigns)
    campaigns.world.simulator.person_texts(phone, "Tell me more")
    campaigns.world.until(lambda: campaigns.standing(lead)[0] == "stopped")
    max_.post(f"{way}/{act}", **given)
    undo(max_, way)
    assert campaigns.standing(lead) == ("stopped", 1, "replied")
    assert "Resume in 5 days" in max_.get(way).text
    campaigns.later(days=6)
    assert bodies(campaigns, phone) == ["One"]
