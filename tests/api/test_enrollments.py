"""Who is where in a campaign, as a program meets it, and what a program may do about one of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.support import Program
from tests.api.test_campaigns import campaign_of, leads_of, made
from webapp.campaigns.figures.api import EnrollmentOut


def enrolled(program: Program, count: int) -> tuple[str, list[dict[str, Any]]]:
    """A running campaign of two steps with so many leads; its enrollments, newest first."""
    campaign = campaign_of(program, "One", "Two")
    leads = leads_of(program, count)
    made(program.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=leads), 200)
    made(program.post(f"/api/sms/campaigns/{campaign}/launch"), 200)
    return campaign, made(program.get(f"/api/sms/campaigns/{campaign}/enrollments"), 200)["items"]


def test_each_lead_says_where_it_is_and_what_comes(manager: Program) -> None:
    _, [one] = enrolled(manager, 1)
    assert set(one) == set(EnrollmentOut.model_fields)
    assert (one["status"], one["step"], one["comes"]) == ("active", 1, "Step 1 is due now")


def test_they_come_in_pages_and_by_group(manager: Program) -> None:
    campaign, items = enrolled(manager, 3)
    at = f"/api/sms/campaigns/{campaign}/enrollments"
    first = made(manager.get(at, limit=2), 200)
    rest = made(manager.get(at, limit=2, cursor=first["next_cursor"]), 200)
    assert [one["id"] for one in first["items"] + rest["items"]] == [one["id"] for one in items]
    assert rest["next_cursor"] is None
    made(manager.post(f"{at}/{items[0]['id']}", act="pause"), 200)
    paused = made(manager.get(at, group="paused"), 200)["items"]
    assert [one["id"] for one in paused] == [items[0]["id"]]


def test_one_lead_is_moved_paused_resumed_and_taken_out(manager: Program) -> None:
    campaign, [one] = enrolled(manager, 1)
    at = f"/api/sms/campaigns/{campaign}/enrollments/{one['id']}"
    assert made(manager.post(at, act="move", step=2), 200)["step"] == 2
    assert made(manager.post(at, act="pause"), 200)["status"] == "paused"
    resumed = made(manager.post(at, act="resume", days=5), 200)
    assert (resumed["status"], resumed["next_at"][:10]) == ("active", "2026-12-14")
    assert made(manager.post(at, act="remove"), 200)["reason"] == "removed"
    again = manager.post(at, act="skip")
    assert (again.status_code, (again.json or {})["detail"]) == (409, "This lead is stopped by now.")


@pytest.mark.parametrize(
    "body", [{"act": "dance"}, {"act": "move"}, {"act": "move", "step": 0}, {"act": "resume", "days": -1}, {}]
)
def test_what_makes_no_sense_is_422(manager: Program, body: dict[str, Any]) -> None:
    campaign, [one] = enrolled(manager, 1)
    assert manager.post(f"/api/sms/campaigns/{campaign}/enrollments/{one['id']}", **body).status_code == 422


def test_anothers_campaign_is_not_there(manager: Program, other_rep: Program) -> None:
    campaign, [one] = enrolled(manager, 1)
    assert other_rep.get(f"/api/sms/campaigns/{campaign}/enrollments").status_code == 404
    assert other_rep.post(f"/api/sms/campaigns/{campaign}/enrollments/{one['id']}", act="pause").status_code == 404
    assert manager.post(f"/api/sms/campaigns/{campaign}/enrollments/999", act="pause").status_code == 404
