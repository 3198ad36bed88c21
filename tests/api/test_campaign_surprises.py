"""Campaigns through the API where a stranger met with surprises."""

from __future__ import annotations

import psycopg
from flask.testing import FlaskClient

from tests.api.support import Program
from tests.api.test_campaigns import CRON, campaign_of, leads_of, made, put


def test_a_key_that_is_given_twice_is_refused_where_it_comes_again(manager: Program) -> None:
    campaign = campaign_of(manager, "One")
    steps = [{"body": "One", "step_key": "one"}, {"body": "Two"}, {"body": "Three", "step_key": "one"}]
    answer = put(manager, f"/api/sms/campaigns/{campaign}/steps", steps)
    assert (answer.status_code, (answer.json or {})["errors"][0]["field"]) == (422, "2.step_key")


def test_a_name_says_something(manager: Program) -> None:
    assert manager.post("/api/sms/campaigns", name=" ").status_code == 422
    campaign = campaign_of(manager, "One")
    assert manager.patch(f"/api/sms/campaigns/{campaign}", name="\t").status_code == 422


def test_a_dry_run_and_a_launch_need_no_body(manager: Program, client: FlaskClient) -> None:
    campaign = campaign_of(manager, "One")
    manager.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=leads_of(manager, 1))
    headers = {"Authorization": f"Bearer {manager.token}"}
    foreseen = made(client.post(f"/api/sms/campaigns/{campaign}/preview", headers=headers), 200)
    assert foreseen["totals"]["texted"] == 1
    assert made(client.post(f"/api/sms/campaigns/{campaign}/launch", headers=headers), 200)["started"] == 1


def test_the_dry_run_is_of_everybody_who_was_chosen_and_says_who_was_left_out_and_why(manager: Program) -> None:
    campaign = campaign_of(manager, "One")
    agreed, (stranger, later) = leads_of(manager, 2), leads_of(manager, 2, agreed=False)
    path = f"/api/sms/campaigns/{campaign}"
    manager.post(f"{path}/enroll", lead_ids=[*agreed, stranger, later, "999"])
    manager.post(f"{path}/enroll", lead_ids=[stranger])
    found = made(manager.post(f"{path}/preview"), 200)
    assert (found["totals"]["leads"], found["totals"]["texted"], found["excluded"]) == (4, 2, {"no_consent": 2})
    manager.send(lead_id=later)  # with consent
    manager.post(f"{path}/enroll", lead_ids=[later])
    found = made(manager.post(f"{path}/preview"), 200)
    assert (found["totals"]["leads"], found["totals"]["texted"], found["excluded"]) == (4, 3, {"no_consent": 1})
    assert made(manager.post(f"{path}/launch"), 200)["started"] == 3


def test_a_wording_that_a_breaker_has_stopped_goes_on_when_the_campaign_is_resumed(
    manager: Program, client: FlaskClient, conn: psycopg.Connection
) -> None:
    campaign = campaign_of(manager, "One")
    path = f"/api/sms/campaigns/{campaign}"
    manager.post(f"{path}/enroll", lead_ids=leads_of(manager, 2))
    manager.post(f"{path}/launch")
    assert manager.post(f"{path}/resume").status_code == 409
    conn.execute("UPDATE sms_campaign_steps SET paused_because = 'Too many answered with STOP.'")
    assert made(client.post("/api/sms/drip/run", headers=CRON), 200)["held"] == 2
    held = made(manager.get(f"{path}/enrollments"), 200)["items"]
    assert {(one["reason"], one["why"]) for one in held} == {("breaker", "Held: Too many answered with STOP.")}
    assert made(manager.post(f"{path}/resume"), 200)["started"] == 2
    assert made(client.post("/api/sms/drip/run", headers=CRON), 200)["queued"] == 2


def test_what_is_over_is_not_changed_any_more_and_holds_nobody_back(manager: Program) -> None:
    over, other = campaign_of(manager, "One"), campaign_of(manager, "One")
    leads, path = leads_of(manager, 1), f"/api/sms/campaigns/{over}"
    manager.post(f"{path}/enroll", lead_ids=leads)
    manager.post(f"{path}/launch")
    manager.post(f"{path}/pause")
    busy = made(manager.post(f"/api/sms/campaigns/{other}/enroll", lead_ids=leads), 200)
    assert busy["outcomes"] == {"in_another_campaign": 1}
    manager.delete(path)
    assert put(manager, f"{path}/steps", [{"body": "Two"}]).status_code == 409
    assert manager.patch(path, stop_on_reply=False).status_code == 409
    assert manager.patch(path, name="Last spring").status_code == 200
    free = made(manager.post(f"/api/sms/campaigns/{other}/enroll", lead_ids=leads), 200)
    assert free["outcomes"] == {"enrolled": 1}
